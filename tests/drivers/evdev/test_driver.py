"""A USB number pad and a USB evaluator, over a wire that carries the kernel's own records."""

import pytest
from evdev import ecodes
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.evdev.driver import EvdevPad
from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed, Rated
from kioskd.devices.profile_files import load_profile, options_of
from kioskd.reading import Mistakes
from tests.drivers.evdev.fingers import MORNING_S, move, press, record, scanned, syn, typed

GOLDEN_PLUS = (
    # KEY_KPPLUS (78 = 4E) goes down at 2025-11-25 00:45:00.25 UTC, on a 64-bit computer.
    "0C FC 24 69 00 00 00 00  90 D0 03 00 00 00 00 00  01 00 4E 00 01 00 00 00"
    "0C FC 24 69 00 00 00 00  90 D0 03 00 00 00 00 00  00 00 00 00 00 00 00 00"
)


def keys(*names):
    return [KeyPressed("device", name) for name in names]


def counters(talk):
    return talk.handle.health().counters


class TestAPerson:
    def test_presses_a_key(self, pad):
        with pad() as talk:
            talk.device(GOLDEN_PLUS)
            assert talk.events == keys("recall")
            talk.expect_state(State.ONLINE)
            talk.expect_nothing(for_s=0.05)

    def test_types_a_number(self, pad):
        with pad() as talk:
            talk.device(typed("KEY_KP1", "KEY_KP2", "KEY_KPENTER"))
            assert talk.events == keys("digit_1", "digit_2", "call")

    def test_rolls_from_key_to_key(self, pad):
        """A quick typist: the next key goes down before the one before it is up."""
        with pad() as talk:
            down = [("KEY_KP1", 0.0), ("KEY_KP2", 0.045), ("KEY_KPENTER", 0.085)]
            talk.device(b"".join(move(name, 1, MORNING_S + at_s) for name, at_s in down))
            talk.device(b"".join(move(name, 0, MORNING_S + at_s + 0.1) for name, at_s in down))
            assert talk.events == keys("digit_1", "digit_2", "call")

    def test_types_the_same_figure_twice(self, pad):
        with pad() as talk:
            talk.device(typed("KEY_KP1", "KEY_KP1", every_s=0.14))
            assert talk.events == keys("digit_1", "digit_1")

    def test_holds_a_key(self, pad):
        with pad() as talk:
            repeats = (move("KEY_KPENTER", 2, MORNING_S + 0.25 + nth * 0.033) for nth in range(30))
            talk.device(move("KEY_KPENTER", 1) + b"".join(repeats) + move("KEY_KPENTER", 0, MORNING_S + 1.3))
            assert talk.events == keys("call")

    def test_presses_a_key_of_no_meaning(self, pad):
        with pad() as talk:
            talk.device(press("KEY_LEFTSHIFT") + press("KEY_F5", MORNING_S + 1))
            assert talk.events == []
            assert counters(talk)["unknown_key"] == 2
            assert talk.handle.health().facts["unknown_key"] == "KEY_F5"

    def test_leaves_something_on_the_keys(self, pad):
        with pad(held_s=0.01) as talk:
            talk.device(move("KEY_KPENTER", 1))
            assert talk.events == keys("call")
            talk.expect_state(State.DEGRADED, "key_held")
            assert talk.handle.health().reasons[0].detail == "KEY_KPENTER"
            talk.device(move("KEY_KPENTER", 0, MORNING_S + 60))
            talk.expect_state(State.ONLINE)
            assert talk.events == keys("call")


class TestAPoorPad:
    @pytest.mark.parametrize("after_s", [0.004, 0.012, 0.03])
    def test_bounces_when_a_key_goes_down(self, pad, after_s):
        with pad() as talk:
            again_s = MORNING_S + after_s
            talk.device(move("KEY_KPENTER", 1) + move("KEY_KPENTER", 0, again_s - 0.002))
            talk.device(press("KEY_KPENTER", again_s))
            assert talk.events == keys("call")
            assert counters(talk)["bounced"] == 1

    def test_bounces_when_a_key_comes_up(self, pad):
        with pad() as talk:
            talk.device(press("KEY_KPENTER") + press("KEY_KPENTER", MORNING_S + 0.085))
            assert talk.events == keys("call")

    def test_with_a_key_for_two_noughts_may_say_that_it_does_not_bounce(self, pad):
        noughts = b"".join(
            move("KEY_KP0", value, MORNING_S + nth * 0.008) for nth, value in enumerate((1, 0, 1, 0))
        )
        with pad(bounce_s=0) as talk:
            talk.device(noughts)
            assert talk.events == keys("digit_0", "digit_0")

    def test_sends_numlock_around_each_key(self, pad):
        with pad() as talk:
            for nth, name in enumerate(("KEY_KP1", "KEY_KP2", "KEY_KP3", "KEY_KPENTER")):
                at_s = MORNING_S + nth * 0.2
                talk.device(press("KEY_NUMLOCK", at_s) + press(name, at_s) + press("KEY_NUMLOCK", at_s))
            assert talk.events == keys("digit_1", "digit_2", "digit_3", "call")
            assert "unknown_key" not in counters(talk)

    def test_comes_back_with_its_next_key(self, pad):
        with pad() as talk:
            talk.device(move("KEY_KP1", 1))
            assert talk.events == keys("digit_1")
            talk.unplug()
            talk.expect_state(State.OFFLINE, "port_missing")
            talk.plug()
            talk.expect_state(State.ONLINE)
            talk.device(typed("KEY_KPENTER"))
            assert talk.events == keys("digit_1", "call")


class TestABarcodeScanner:
    @pytest.mark.parametrize("code", ["6901234567892", "0000012", "E210A7"])
    def test_calls_nobody(self, pad, code):
        with pad() as talk:
            talk.device(scanned(code))
            assert talk.events == []
            assert counters(talk)["scanner"] == 1
            talk.device(typed("KEY_KPENTER"))
            assert talk.events == keys("call")

    def test_rates_nobody(self, pad):
        with pad("usb-hid-evaluator") as talk:
            talk.device(scanned("5130055"))
            assert talk.events == []
            assert counters(talk)["scanner"] == 1

    def test_too_quick_for_the_kernel_calls_nobody(self, pad):
        """The kernel had to drop what came in the middle; the Enter at the end is nobody's wish."""
        with pad() as talk:
            tail_s = MORNING_S + 0.03
            talk.device(scanned("12") + syn(tail_s, ecodes.SYN_DROPPED) + press("KEY_KPENTER", tail_s + 0.01))
            assert talk.events == []
            assert counters(talk)["kernel_dropped"] == 1


class TestAnEvaluator:
    def test_says_what_its_key_means(self, pad):
        with pad("usb-hid-evaluator") as talk:
            talk.device(typed("KEY_5", "KEY_KP1", every_s=2))
            assert talk.events == [Rated("device", 5), Rated("device", 1)]

    def test_that_counts_the_other_way_round_is_told_so_in_the_hall_file(self, pad):
        with pad("usb-hid-evaluator", ratings={"KEY_1": 5, "KEY_5": 1}) as talk:
            talk.device(typed("KEY_1"))
            assert talk.events == [Rated("device", 5)]

    def test_with_a_child_at_it_says_nothing(self, pad):
        with pad("usb-hid-evaluator") as talk:
            talk.device(press("KEY_1") + press("KEY_5", MORNING_S + 0.02))
            assert talk.events == []
            assert counters(talk)["unclear_rating"] == 1

    def test_may_send_enter_after_the_rating(self, pad):
        with pad("usb-hid-evaluator") as talk:
            talk.device(press("KEY_4") + press("KEY_ENTER", MORNING_S + 0.01))
            assert talk.events == [Rated("device", 4)]


class TestTheRecords:
    def test_may_come_in_halves(self, pad):
        said = press("KEY_KPENTER")
        with pad() as talk:
            for at in range(0, len(said), 7):
                talk.device(said[at : at + 7])
            assert talk.events == keys("call")

    def test_count_only_when_their_report_is_whole(self, pad):
        with pad() as talk:
            talk.device(record(ecodes.EV_KEY, ecodes.KEY_KPENTER, 1))
            assert talk.events == []

    def test_after_dropped_ones_count_from_the_next_report(self, pad):
        with pad() as talk:
            lost = record(ecodes.EV_KEY, ecodes.KEY_KPPLUS, 1)
            talk.device(lost + syn(code=ecodes.SYN_DROPPED) + lost + syn())
            assert talk.events == []
            talk.device(press("KEY_KPENTER", MORNING_S + 1))
            assert talk.events == keys("call")

    def test_cut_off_in_the_middle_are_thrown_away(self, pad):
        with pad() as talk:
            talk.device(press("KEY_KPENTER")[:50])
            assert talk.events == []
            talk.device(press("KEY_KPPLUS", MORNING_S + 1))
            assert talk.events == keys("recall")
            assert counters(talk)["half_record"] == 1

    def test_that_are_none_are_noise_until_a_silence(self, pad):
        with pad() as talk:
            talk.device(b"\xff" * 31 + press("KEY_KPENTER"))
            assert talk.events == []
            assert counters(talk)["noise"] == 1
            talk.device(press("KEY_KPENTER"))
            assert talk.events == keys("call")

    def test_of_a_clock_that_was_set_back_count(self, pad):
        with pad() as talk:
            talk.device(press("KEY_KPENTER") + press("KEY_KPENTER", MORNING_S - 3600))
            assert talk.events == keys("call", "call")


class Ear:
    """A link that only listens: the edge, and nothing of the driver."""

    def __init__(self):
        self.pressed_keys = []

    def pressed(self, key):
        self.pressed_keys.append(key)

    def now_s(self):
        return 0.0

    def count(self, _):
        pass

    def fact(self, *_):
        pass

    def health(self, *_):
        pass


NUMPAD = load_profile("usb-numpad")
OPTIONS = options_of(NUMPAD, EvdevPad, {})


@given(st.lists(st.one_of(st.binary(max_size=200), st.just(press("KEY_KP5"))), max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_comes_a_key_after_a_silence_is_heard(pieces, data):
    ear = Ear()
    driver = EvdevPad(ear, NUMPAD, OPTIONS, None)
    said = b"".join(pieces)
    while said:
        cut = data.draw(st.integers(1, len(said)))
        driver.received(said[:cut])
        said = said[cut:]
    driver.silence()
    driver.received(syn())  # a report that was cut off by a drop ends
    driver.silence()
    ear.pressed_keys.clear()
    driver.received(press("KEY_KPENTER", MORNING_S + 3600))
    driver.silence()
    assert ear.pressed_keys == ["call"]


class TestTheLayout:
    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (
                {"keys": {"KEY_KPENTR": "call"}},
                "options.keys.KEY_KPENTR (pad): the kernel knows no key 'KEY_KPENTR' "
                "(did you mean 'KEY_KPENTER'?)",
            ),
            ({"keys": {"KEY_MAX": "call"}}, "knows no key 'KEY_MAX'"),
            ({"ratings": {"KEY_5": 6}}, "options.ratings.KEY_5"),
            ({"ratings": {"KEY_KPENTER": 5}}, "is one of [options.keys] already"),
            ({"bounce": 1}, "did you mean 'bounce_s'?"),
        ],
    )
    def test_that_cannot_be_is_refused(self, options, says):
        with pytest.raises(Mistakes) as caught:
            options_of(NUMPAD, EvdevPad, options, label="pad")
        assert says in str(caught.value)

    def test_of_a_hall_file_is_laid_over_the_profiles(self, pad):
        with pad(keys={"KEY_KPSLASH": "transfer", "KEY_KPDOT": ""}) as talk:
            talk.device(typed("KEY_KPSLASH", "KEY_KPDOT", "KEY_KPENTER"))
            assert talk.events == keys("transfer", "call")
