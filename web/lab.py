"""The virtual hall, in the demo only: what the emulated devices show, their keys and faults at a button."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from kioskd.devices.emulator_client import EmulatorClient, EmulatorsGone
from kioskd.devices.errors import DeviceError
from web.problems import Problem
from web.rooms import rooms

lab = Blueprint("lab", __name__)


@lab.get("/lab")
def page() -> Response:
    """The page itself."""
    doors = rooms().doors
    doors.check_page("lab")
    response = make_response(render_template("lab.html"))
    doors.open_session(response, "lab")
    return response


@lab.get("/lab/devices")
def devices() -> dict[str, Any]:
    """Every emulated device: what it shows, what can be done to it, and its window."""
    house = rooms()
    house.doors.admit("lab")
    found: Any = _emulators().list()
    items = [{**device, "window": house.floor.window_of(device["name"])} for device in found]
    return {"items": items}


@lab.get("/lab/ports")
def ports() -> dict[str, Any]:
    """Every emulated cable."""
    rooms().doors.admit("lab")
    return {"items": _emulators().ports()}


@lab.post("/lab/devices/<name>/act")
def act(name: str) -> dict[str, Any]:
    """Do one of a device's actions: {"action": NAME}."""
    rooms().doors.admit("lab")
    _require(name in _names(_emulators().list()), "no_such_device")
    wish = request.get_json(silent=True)
    action = wish.get("action") if isinstance(wish, dict) else None
    try:
        _emulators().act(name, str(action))
    except EmulatorsGone:
        raise
    except DeviceError as error:
        raise Problem(422, "no_such_action") from error
    return {"done": action}


@lab.post("/lab/ports/<name>/<any(plug, unplug):what>")
def cable(name: str, what: str) -> dict[str, Any]:
    """Pull a port's cable, or push it in again."""
    rooms().doors.admit("lab")
    _require(name in _names(_emulators().ports()), "no_such_device")
    (_emulators().plug if what == "plug" else _emulators().unplug)(name)
    return {"done": what}


@lab.get("/lab/devices/<name>/pictures/<int(signed=True, max=1000000):index>.png")
def picture(name: str, index: int) -> Response:
    """What a device shows or has printed: paper `index`, -1 the last."""
    rooms().doors.admit("lab")
    try:
        found = _emulators().picture(name, index)
    except EmulatorsGone:
        raise
    except DeviceError as error:
        raise Problem(404, "no_such_device") from error
    _require(found is not None, "not_found")
    return Response(found, content_type="image/png")


@lab.get("/lab/devices/<name>/sounds/<int(signed=True, max=1000000):index>.wav")
def sound(name: str, index: int) -> Response:
    """What a loudspeaker was heard to say: sound `index`, -1 the last."""
    rooms().doors.admit("lab")
    try:
        found = _emulators().sound(name, index)
    except EmulatorsGone:
        raise
    except DeviceError as error:
        raise Problem(404, "no_such_device") from error
    _require(found is not None, "not_found")
    return Response(found, content_type="audio/wav")


def _emulators() -> EmulatorClient:
    found = rooms().emulators
    assert found is not None  # create_app adds this blueprint only with them
    return found


def _names(found: Any) -> set[str]:
    return {one["name"] for one in found}


def _require(there: bool, problem: str) -> None:
    if not there:
        raise Problem(404, problem)
