"""The devices over the API: a pad on a real wire behind the real app."""

import json
import threading

import pytest
from click.testing import CliRunner

from drivers.framed.driver import FramedDevice
from kioskd.cli import main
from kioskd.devices.health import State
from kioskd.devices.profile_files import load_profile
from kioskd.devices.testing import Conversation
from kioskd.devices.trials import keys
from web.control import ControlServer
from web.events import STREAMS


@pytest.fixture
def pad():
    with Conversation(FramedDevice, profile=load_profile("ff68-keypad"), address=1) as talk:
        talk.expect_state(State.ONLINE)
        yield talk


@pytest.fixture
def supervisor(pad):
    return pad._supervisor


def events(answer, wanted):
    """The first `wanted` events of a stream."""
    found = []
    for block in answer.response:
        for event in block.decode().split("\n\n"):
            lines = dict(
                line.split(": ", 1) for line in event.splitlines() if ": " in line and line[0] != ":"
            )
            if "event" in lines:
                found.append((lines["event"], json.loads(lines["data"])))
        if len(found) >= wanted:
            break
    answer.close()
    return found


def test_one_device_is_told_with_its_port_its_profile_and_what_happened(client, pad):
    told = client.get("devices/device").json
    assert (told["state"], told["address"], told["port"], told["driver"]) == ("online", 1, "wire", "framed")
    assert told["maturity"] == load_profile("ff68-keypad").maturity
    assert [change["state"] for change in told["faults"]] == ["online"]
    assert client.get("devices/device/faults").json["items"] == told["faults"]
    assert client.get("devices/nobody").status_code == 404


def test_live_bytes_are_explained_and_end_with_their_reader(client, pad, app):
    stream = client.get("devices/device/bytes")
    threading.Timer(0.2, pad.device, ["FF 68 03 03 68 01 01 0C 0E 16"]).start()
    (name, piece), (said, key), (_, answer) = events(stream, 3)[:3]
    assert piece["words"] == ["key key=call, address 1"]
    assert (said, key["text"]) == ("said", "key call")
    assert (name, piece["direction"], piece["hex"]) == ("bytes", "received", "FF 68 03 03 68 01 01 0C 0E 16")
    assert (answer["direction"], answer["hex"]) == ("sent", "FF 68 03 03 68 01 01 0C 0E 16")
    assert app.live.count == 0


def test_a_trial_is_told_while_it_runs(client, pad, monkeypatch):
    monkeypatch.setattr(keys, "PRESS_S", 5)
    stream = client.post("devices/device/test", {"kind": "keypad"})
    threading.Timer(0.3, pad.device, ["FF 68 03 03 68 01 01 0C 0E 16"]).start()
    (step, asked), (verdict, told) = events(stream, 2)
    assert (step, asked["code"]) == ("step", "press_a_key")
    assert (verdict, told["outcome"], told["facts"]) == ("verdict", "passed", {"key": "call"})
    assert "call" in told["en"]
    assert "call" in told["zh"]


def test_a_device_is_tried_by_one_person_at_a_time(client, pad, app):
    first = client.post("devices/device/test", {"kind": "keypad"})
    assert client.post("devices/device/test").status_code == 409
    first.close()
    assert app.live.count == 0
    client.post("devices/device/test", {"kind": "keypad"}).close()


def test_these_streams_count_with_the_others(client, pad, app):
    streams = [client.get("devices/device/bytes") for _ in range(STREAMS)]
    assert client.get("devices/device/bytes").status_code == 503
    assert client.get("events").status_code == 503
    assert client.post("devices/device/test", {"kind": "keypad"}).status_code == 503
    for stream in streams:
        stream.close()
    client.post("devices/device/test", {"kind": "keypad"}).close()


def test_reading_is_not_enough_for_bytes_and_trials(app, store, pad):
    from kioskd.staff.tokens import add_token

    reader = {"Authorization": f"Bearer {add_token(store, 'reader', ['read'])}"}
    http = app.test_client()
    assert http.get("/api/v1/devices/device", headers=reader).status_code == 200
    assert http.get("/api/v1/devices/device/bytes", headers=reader).status_code == 403
    assert http.post("/api/v1/devices/device/test", headers=reader).status_code == 403


def test_a_port_of_the_running_daemon_is_not_learned_on(app, pad, tmp_path):
    control = ControlServer(app, tmp_path / "control.sock")
    control.start()

    def learn(port):
        command = ["profile", "learn", str(tmp_path / "pad.toml"), "--port", port, "--state", str(tmp_path)]
        return CliRunner().invoke(main, [*command, *("--key", "a", "--key", "b", "--key", "c")])

    try:
        refused = learn("serial:/dev/null")
        assert refused.exit_code == 1
        assert "belongs to the running daemon, for device: stop it" in refused.output
        assert "one of serial:" in learn("nonsense").output
        assert "serial: or a tcp:" in learn("lp:/dev/usb/lp0").output
        assert "is not there" in learn("serial:/dev/nowhere").output
    finally:
        control.stop()
