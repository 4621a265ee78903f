"""Trying a device, over a real wire: what is done to it, what is said, and that the hall gets it back."""

import threading
import time

import pytest

from drivers.framed.driver import FramedDevice
from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed, Kind, Sign, SignState
from kioskd.devices.profile_files import load_profile
from kioskd.devices.testing import Conversation, until
from kioskd.devices.trials import Step, Trial, TrialRunning, Verdict, displays, keys, trial_texts

SERVING = Sign(state=SignState.SERVING, window=3, number="A012", waiting=4)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(displays, "LOOK_S", 0.02)
    monkeypatch.setattr(keys, "PRESS_S", 1)


@pytest.fixture
def pad():
    with Conversation(FramedDevice, profile=load_profile("ff68-keypad"), address=1) as talk:
        talk.expect_state(State.ONLINE)
        yield talk


def run(device, **options):
    return [said for said in Trial(device, **options) if said is not None]


def test_a_display_shows_every_digit_and_its_window_then_what_the_hall_wants(pad):
    pad.host(lambda device: device.show(SERVING))
    pad.expect("FF 68 08 08 68 01 02 0A 0A 04 00 01 02 1E 16")
    said = run(pad.handle, window=3, kind=Kind.DISPLAY)
    assert said[-1] == Verdict("display", "look", "signs_taken", {"signs": 4, "window": 3})
    assert Step("cannot_show", {"number": "A0123"}) in said  # four digits on a pad that has three
    heard = b""
    while len(heard) < 5 * 15:
        piece = pad.hear(15)
        assert piece, heard.hex(" ")
        heard += piece
    shown = [heard[at + 10 : at + 13] for at in range(0, len(heard), 15)]
    assert shown == [b"\x08\x08\x08", b"\x04\x05\x06", b"\x07\x08\x09", b"\x00\x00\x03", b"\x00\x01\x02"]
    assert pad.handle.sign == SERVING


def test_a_ticket_that_is_called_ends_the_test_of_its_display(pad, monkeypatch):
    monkeypatch.setattr(displays, "LOOK_S", 0.3)
    trial = Trial(pad.handle, window=3, kind=Kind.DISPLAY)
    said = [next(trial)]
    pad.host(lambda device: device.show(Sign(state=SignState.CALL, window=3, number="A013")))
    said += list(trial)
    assert said[-1].code == "called_meanwhile"
    assert pad.handle.sign.number == "A013"


def test_a_key_passes_the_test_and_does_nothing_else(pad):
    threading.Timer(0.1, pad.device, ["FF 68 03 03 68 01 01 0C 0E 16"]).start()
    said = run(pad.handle, kind=Kind.KEYPAD)
    assert said == [
        Step("press_a_key", {"seconds": 1}),
        Verdict("keypad", "passed", "key_came", {"key": "call"}),
    ]
    assert pad.events == []
    time.sleep(0.05)
    pad.device("FF 68 03 03 68 01 01 0D 0F 16")
    assert pad.events == [KeyPressed("device", "recall")]


def test_a_key_of_another_address_and_no_key_at_all_are_told_apart(pad):
    threading.Timer(0.1, pad.device, ["FF 68 03 03 68 02 01 0C 0F 16"]).start()
    (verdict,) = [said for said in run(pad.handle, kind=Kind.KEYPAD) if isinstance(said, Verdict)]
    assert (verdict.outcome, verdict.code) == ("failed", "no_key_came")
    assert "other_address 1" in verdict.facts["counted"]
    assert run(pad.handle, kind=Kind.KEYPAD)[-1].code == "nothing_came"


def test_a_device_without_contact_is_not_tried(pad):
    pad.unplug()
    pad.expect_state(State.OFFLINE, "port_missing")
    assert run(pad.handle) == [Verdict("device", "failed", "no_contact", {"why": "port_missing"})]


def test_one_trial_at_a_time_and_an_ended_one_lets_go(pad):
    first = Trial(pad.handle, kind=Kind.KEYPAD)
    next(first)
    with pytest.raises(TrialRunning):
        Trial(pad.handle)
    first.close()
    pad.device("FF 68 03 03 68 01 01 0C 0E 16")
    assert pad.events == [KeyPressed("device", "call")]
    Trial(pad.handle).close()


def test_the_changes_of_health_are_remembered(pad):
    pad.unplug()
    pad.expect_state(State.OFFLINE, "port_missing")
    pad.plug()
    pad.expect_state(State.ONLINE)
    changes = pad.handle.changes()
    until(lambda: pad.handle.changes()[0].state is State.ONLINE)
    assert changes[0].state is State.ONLINE
    assert any(reason.code == "port_missing" for change in changes for reason in change.reasons)
    assert list(changes) == sorted(changes, key=lambda change: -change.at_unix_s)


def test_every_text_has_both_languages():
    assert all(text.zh and text.en for text in trial_texts().values())
