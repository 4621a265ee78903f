"""The virtual hall's routes before a real emulator host."""

import threading

import pytest

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.profile_files import builtin_profiles, load_profile
from kioskd.devices.profiles import PortSettings
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.testing import until

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page"}


@pytest.fixture
def emulators(tmp_path):
    """A printer on a cable of its own."""
    folder = tmp_path / "emulators"
    folder.mkdir()
    printer = DeviceSpec(
        name="printer",
        title="取号机打印机",
        profile=load_profile("escpos-80", [builtin_profiles()]),
        port="kiosk",
        address=None,
    )
    host = EmulatorHost([PortSpec(name="kiosk", at="emulator:", settings=PortSettings())], [printer], folder)
    thread = threading.Thread(target=host.run, daemon=True)
    thread.start()
    client = EmulatorClient(folder)
    until(client.answers)
    yield client
    client.stop()
    thread.join(10)


@pytest.fixture
def lab(rooms, emulators, request):
    """A browser with the lab's page open."""
    rooms.emulators = emulators
    browser = request.getfixturevalue("app").test_client()
    assert browser.get("/lab").status_code == 200
    return browser


def test_every_device_shows_itself_and_what_can_be_done_to_it(lab):
    (printer,) = lab.get("/lab/devices").json["items"]
    assert (printer["name"], printer["window"]) == ("printer", None)
    assert printer["view"]["tickets"] == []
    assert {"cover_open", "cover_close"} <= {action["name"] for action in printer["actions"]}


def test_a_fault_at_a_button(lab):
    assert (
        lab.post("/lab/devices/printer/act", json={"action": "cover_open"}, headers=PAGE).status_code == 200
    )
    (printer,) = lab.get("/lab/devices").json["items"]
    assert printer["view"]["state"] == "offline"


def test_the_cable_is_pulled_and_pushed_in(lab):
    assert lab.post("/lab/ports/kiosk/unplug", headers=PAGE).status_code == 200
    assert not lab.get("/lab/ports").json["items"][0]["plugged"]
    assert lab.post("/lab/ports/kiosk/plug", headers=PAGE).status_code == 200
    assert lab.get("/lab/ports").json["items"][0]["plugged"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("devices/nobody/act", {"action": "cover_open"}, 404, "no_such_device"),
        ("devices/printer/act", {"action": "explode"}, 422, "no_such_action"),
        ("devices/printer/act", ["cover_open"], 422, "no_such_action"),
        ("ports/nobody/plug", None, 404, "no_such_device"),
    ],
)
def test_what_is_not_there_is_told(lab, path, body, status, code):
    answer = lab.post(f"/lab/{path}", json=body, headers=PAGE)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_no_paper_no_picture(lab):
    assert lab.get("/lab/devices/printer/pictures/7.png").status_code == 404


def test_another_sites_page_presses_no_button(lab):
    answer = lab.post("/lab/devices/printer/act", json={"action": "cover_open"})
    assert answer.status_code == 403


def test_emulators_that_are_gone_are_told(lab, emulators):
    emulators.stop()
    until(lambda: not emulators.answers())
    answer = lab.get("/lab/devices")
    assert (answer.status_code, answer.json["code"]) == (503, "no_answer")


def test_a_hall_with_real_devices_has_no_lab(app):
    assert app.test_client().get("/lab").status_code == 404
    assert "/lab" not in app.test_client().get("/").text
