"""The JSON API's routes about the devices: how they are, what they said, a trial, their live bytes."""

from __future__ import annotations

from flask import Response

from kioskd.devices.device import Device
from kioskd.devices.trials import Trial, TrialRunning
from web.declare import Call, Declarations
from web.device_streams import LiveBytes, LiveTrial
from web.problems import Problem
from web.shapes import ChangeJson, DeviceDetailJson, DeviceJson, Items, TryDevice
from web.telling import change_json, device_detail_json, device_json

devices = Declarations()

EVENT_STREAM = "text/event-stream"


@devices.route("GET", "/devices", scope="read")
def list_devices(call: Call) -> Items[DeviceJson]:
    """The devices, how they are, why, and the step to take."""
    found = call.rooms.supervisor.devices.values()
    return Items(items=tuple(device_json(one, call.rooms.floor.window_of(one.name)) for one in found))


@devices.route("GET", "/devices/{name}", scope="read")
def show_device(call: Call, name: str) -> DeviceDetailJson:
    """One device with all that is known of it."""
    device = _device(call, name)
    port = call.rooms.supervisor.ports[device.spec.port]
    return device_detail_json(device, call.rooms.floor.window_of(name), port)


@devices.route("GET", "/devices/{name}/faults", scope="read")
def list_faults(call: Call, name: str) -> Items[ChangeJson]:
    """How the device's health changed since the daemon started, the newest first; the last 50."""
    return Items(items=tuple(change_json(change) for change in _device(call, name).changes()))


@devices.route("POST", "/devices/{name}/test", scope="devices", content=EVENT_STREAM, audit="device_tested")
def test_device(call: Call, name: str, body: TryDevice) -> Response:
    """Try the device: a page, some signs, a key; told as server-sent events while it runs.

    `step` events carry {code, zh, en, facts}; at the end a `verdict` for each kind that was tried carries
    {kind, outcome, code, zh, en, facts}, with the outcome passed, failed, or look where only a person can see
    whether it was right. Hang up to end it early. One trial a device: another meanwhile is refused (409).
    """
    device = _device(call, name)
    try:
        trial = Trial(device, window=call.rooms.floor.window_of(name), kind=body.kind)
    except TrialRunning as running:
        raise Problem(409, "being_tried") from running
    return _stream(LiveTrial(call.rooms.live, trial))


@devices.route(
    "GET", "/devices/{name}/bytes", scope="devices", content=EVENT_STREAM, audit="device_listened_to"
)
def stream_bytes(call: Call, name: str) -> Response:
    """What passes the device's port from now on, as server-sent events.

    `bytes` events carry {at, direction, hex, size, words}: direction is sent or received, words is what the
    bytes mean, a line each, as far as they complete a message. A card reader's bytes are never told, only
    their size. `did` {at, text} and `said` {at, text} are what we set about and what came of it, such as
    `poll` and `key call`, in order with the bytes. `missed` {count}: a slow reader was spared so many.
    Counts as one of the 64 streams.
    """
    return _stream(LiveBytes(call.rooms.live, _device(call, name)))


def _device(call: Call, name: str) -> Device:
    found = call.rooms.supervisor.devices.get(name)
    if found is None:
        raise Problem(404, "no_such_device")
    return found


def _stream(stream: LiveTrial | LiveBytes) -> Response:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, content_type=EVENT_STREAM, headers=headers)
