"""The emulated pad: what it types is read by python-evdev's own reader, and by our driver."""

import os

import pytest
from evdev import _input, ecodes

from drivers.evdev.driver import EvdevPad
from drivers.evdev.emulator import EmulatedEvdevPad
from kioskd.devices.profile_files import load_profile
from kioskd.devices.testing import Conversation


class Wire:
    """The emulator's hold on its cable, with a clock that obeys."""

    def __init__(self, say=None):
        self.clock_s = 50.0
        self.sent = b""
        self.plugged = True
        self._say = say

    def send(self, data):
        self.sent += data
        if self._say:
            self._say(data)

    def now_s(self):
        return self.clock_s

    def unplug(self):
        self.plugged = False

    def plug(self):
        self.plugged = True

    def hold(self, held):
        pass


class Bench:
    """An emulated pad that ticks twenty times a second."""

    def __init__(self, profile, say=None):
        self.wire = Wire(say)
        self.pad = EmulatedEvdevPad(self.wire, profile, None)

    def do(self, *actions, then_s=0.2):
        for action in actions:
            self.pad.act(action)
            for _ in range(round(then_s / 0.05)):
                self.wire.clock_s += 0.05
                self.pad.tick()

    def typed(self):
        """What python-evdev reads of it: name and value of each key event."""
        read, write = os.pipe()
        os.write(write, self.wire.sent)
        os.close(write)
        events = _input.device_read_many(read)
        os.close(read)
        return [(ecodes.KEY[code], value) for _, _, type_, code, value in events if type_ == ecodes.EV_KEY]


@pytest.fixture
def bench():
    return Bench(load_profile("usb-numpad"))


def test_a_key_goes_down_and_up(bench):
    bench.do("call")
    assert bench.typed() == [("KEY_KPENTER", 1), ("KEY_KPENTER", 0)]
    assert bench.pad.view() == {"pressed": "call", "held": False, "faults": []}


def test_a_key_that_bounces(bench):
    bench.do("bounce", "digit_5")
    assert bench.typed() == [("KEY_KP5", value) for value in (1, 0, 1, 0)]


def test_a_key_that_is_held_repeats_until_it_is_let_go(bench):
    bench.do("held", "call", then_s=0.5)
    values = [value for _, value in bench.typed()]
    assert values[0] == 1
    assert set(values[1:]) == {2}
    assert bench.pad.view()["held"]
    bench.do("held")
    assert bench.typed()[-1] == ("KEY_KPENTER", 0)


def test_a_dead_pad_says_nothing(bench):
    bench.do("silent", "call")
    assert bench.wire.sent == b""


def test_every_action_does_something_and_has_both_names(bench):
    for action in bench.pad.actions():
        bench = Bench(load_profile("usb-numpad"))
        bench.do(*(["unplug"] if action.name == "plug" else []))
        before = bench.wire.sent, bench.pad.view(), bench.wire.plugged
        bench.do(action.name)
        assert (bench.wire.sent, bench.pad.view(), bench.wire.plugged) != before, action.name
        assert action.zh
        assert action.en
    with pytest.raises(KeyError):
        bench.do("ring")


def test_an_evaluator_has_its_five_ratings_the_best_first():
    names = [action.name for action in Bench(load_profile("usb-hid-evaluator")).pad.actions()]
    assert names[:5] == ["rate_5", "rate_4", "rate_3", "rate_2", "rate_1"]


FAULTS = [
    ([], ["digit_1", "digit_2", "call"]),
    (["bounce"], ["digit_1", "digit_2", "call"]),
    (["numlock"], ["digit_1", "digit_2", "call"]),
    (["bounce", "numlock"], ["digit_1", "digit_2", "call"]),
    (["scanner"], ["digit_1", "digit_2", "call"]),
]


@pytest.mark.parametrize(("faults", "heard"), FAULTS)
def test_its_driver_hears_what_a_person_means(faults, heard):
    profile = load_profile("usb-numpad")
    with Conversation(EvdevPad, profile=profile) as talk:
        bench = Bench(profile, talk.device)
        bench.do(*faults, then_s=0.5)
        assert talk.events == []
        bench.do("digit_1", "digit_2", "call", then_s=0.3)
        assert [event.key for event in talk.events] == heard
