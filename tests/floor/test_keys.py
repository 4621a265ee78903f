"""What the keys of a pad and of an evaluator do in the hall."""

import pytest

from kioskd.devices.kinds import KeyPressed, Kind, Rated, Signal
from kioskd.floor.bindings import Bindings
from kioskd.floor.commands import key_problems
from kioskd.floor.keys import DIGITS_KEPT_S, MOST_WAITING, Keys
from kioskd.hall.model import TicketState, WindowState


class Window:
    """Window 1 with its pad and its evaluator, pressed by the test."""

    def __init__(self, hall, clock, pad, evaluator, keys=None):
        self.hall = hall
        self.clock = clock
        self.pad = pad
        bindings = Bindings([pad, evaluator], {pad.name: 1, evaluator.name: 1})
        self.keys = Keys(hall, bindings, clock.monotonic_s, keys=keys or {}, double_press_s=3.0)

    def press(self, *keys):
        for key in keys:
            self.keys.hear(KeyPressed("pad-1", key))
        self.keys.turn()

    def rate(self, level):
        self.keys.hear(Rated("evaluator-1", level))
        self.keys.turn()

    def wait(self, seconds):
        self.clock.pass_s(seconds)

    @property
    def number(self):
        """The number at the window."""
        ticket = self.hall.window(1).ticket
        return ticket.number if ticket else None

    @property
    def state(self):
        return self.hall.window(1).state

    @property
    def beeps(self):
        return self.pad.signals.count(Signal.BEEP)

    @property
    def dropped(self):
        return dict(self.keys.dropped)


@pytest.fixture
def evaluator(device):
    return device("evaluator-1", Kind.EVALUATOR)


@pytest.fixture
def window(hall, clock, pad, evaluator):
    return Window(hall, clock, pad, evaluator)


@pytest.fixture
def people(hall):
    """Three people came for window 1."""
    return [hall.issue("note") for _ in range(3)]


class TestCall:
    def test_brings_the_next_one_and_finishes_the_one_before(self, window, people, hall):
        window.press("call")
        assert window.number == "A001"
        window.wait(60)
        window.press("call")
        assert window.number == "A002"
        assert hall.ticket(people[0].id).state is TicketState.DONE

    def test_pressed_twice_at_once_is_one(self, window, people):
        window.press("call", "call")
        window.wait(2.9)
        window.press("call")
        assert window.number == "A001"
        assert window.dropped == {"double_press": 2}
        assert window.beeps == 0

    def test_pressed_again_after_that_is_a_second(self, window, people):
        window.press("call")
        window.wait(3.1)
        window.press("call")
        assert window.number == "A002"

    def test_with_nobody_waiting_is_refused_with_a_beep(self, window):
        window.press("call")
        assert (window.number, window.beeps, window.dropped) == (None, 1, {"refused": 1})

    def test_that_was_refused_may_be_pressed_again_at_once(self, window, hall):
        window.press("call")
        hall.issue("note")
        window.press("call")
        assert window.number == "A001"

    def test_opens_a_closed_and_resumes_a_paused_window(self, window, people, hall):
        hall.close(1)
        window.press("call")
        assert (window.state, window.number) == (WindowState.OPEN, "A001")
        hall.no_show(1)
        hall.pause(1, "")
        window.wait(10)
        window.press("call")
        assert (window.state, window.number) == (WindowState.OPEN, "A002")

    def test_with_digits_before_it_calls_that_number(self, window, people):
        window.press("digit_0", "digit_0", "digit_3", "call")
        assert window.number == "A003"

    def test_with_digits_that_nobody_has_is_refused(self, window, people):
        window.press("digit_9", "call")
        assert (window.number, window.beeps) == (None, 1)

    def test_prefers_the_windows_first_line_where_two_numbers_have_the_digits(self, window, hall):
        hall.issue("card")
        hall.issue("note")
        window.press("digit_1", "call")
        assert window.number == "A001"

    def test_forgets_digits_after_a_while(self, window, people):
        window.press("digit_3")
        window.wait(DIGITS_KEPT_S + 1)
        window.press("call")
        assert window.number == "A001"

    def test_forgets_digits_at_the_clear_key(self, window, people):
        window.press("digit_3", "clear", "call")
        assert window.number == "A001"

    def test_of_more_digits_than_a_number_has_is_refused_whatever_the_last_ones_are(self, window, people):
        """A barcode scanner is a keyboard too."""
        window.press(*(f"digit_{figure}" for figure in "6900000000001"), "call")
        assert (window.number, window.beeps, window.dropped) == (None, 1, {"refused": 1})
        window.press(*(f"digit_{figure}" for figure in "0000003"), "call")
        assert window.number is None
        window.press("call")
        assert window.number == "A001"

    def test_of_a_number_is_not_the_double_of_the_call_before(self, window, people):
        window.press("call", "digit_3", "call")
        assert window.number == "A003"

    def test_is_told_to_the_hall_with_the_pad_that_did_it(self, window, people, hall):
        window.press("call")
        called = [event for event in hall.events(0, 100) if event.type == "ticket_called"]
        assert [event.by for event in called] == ["device:pad-1"]


class TestTheOtherKeys:
    def test_recall_calls_the_same_one_again(self, window, people, hall):
        window.press("call")
        window.wait(10)
        window.press("recall")
        assert hall.ticket(people[0].id).calls == 2

    def test_cancel_and_abandon_say_that_nobody_came(self, window, people, hall):
        window.press("call", "cancel")
        window.wait(10)
        window.press("call", "abandon")
        states = [hall.ticket(ticket.id).state for ticket in people]
        assert states == [TicketState.NO_SHOW, TicketState.NO_SHOW, TicketState.WAITING]

    def test_pause_pauses_and_goes_on(self, window):
        window.press("pause")
        assert window.state is WindowState.PAUSED
        window.press("pause")
        assert window.state is WindowState.PAUSED, "a double press is one"
        window.wait(10)
        window.press("pause")
        assert window.state is WindowState.OPEN

    def test_pause_with_somebody_at_the_window_is_refused(self, window, people):
        window.press("call", "pause")
        assert (window.state, window.beeps) == (WindowState.OPEN, 1)

    def test_call_back_calls_who_was_put_aside(self, window, people, hall):
        window.press("call", "hold")
        assert hall.ticket(people[0].id).state is TicketState.HELD
        window.wait(10)
        window.press("call", "call_back")
        assert window.number == "A001"
        assert hall.ticket(people[1].id).state is TicketState.DONE

    def test_call_back_calls_the_last_who_did_not_come(self, window, people):
        for _ in range(2):
            window.press("call", "cancel")
            window.wait(10)
        window.press("call_back")
        assert window.number == "A002"

    def test_call_back_of_nobody_is_refused(self, window, people):
        window.press("call_back")
        assert (window.number, window.beeps) == (None, 1)

    def test_transfer_is_refused_where_the_hall_file_gives_it_no_target(self, window, people):
        window.press("call", "transfer")
        assert (window.number, window.beeps) == ("A001", 1)

    def test_the_hall_file_may_give_a_key_another_command(self, hall, clock, pad, evaluator, people):
        window = Window(hall, clock, pad, evaluator, {"transfer": "transfer_to_line social"})
        window.press("call", "transfer")
        assert window.number is None
        assert hall.ticket(people[0].id).line == "social"

    def test_even_a_digit(self, hall, clock, pad, evaluator, people):
        window = Window(hall, clock, pad, evaluator, {"digit_9": "call"})
        window.press("digit_9")
        assert window.number == "A001"

    def test_a_key_without_meaning_here_does_nothing(self, window, people):
        window.press("one_metre_line", "confirm", "never_heard_of")
        assert (window.number, window.beeps, window.dropped) == (None, 0, {"unknown_key": 1})


class TestRating:
    def test_counts_for_the_ticket_just_served(self, window, people, hall):
        window.press("call", "invite_rating")
        assert hall.window(1).rating_invited
        window.rate(4)
        assert hall.ticket(people[0].id).rating == 4

    def test_counts_once(self, window, people, hall):
        window.press("call", "invite_rating")
        window.rate(5)
        window.rate(1)
        assert hall.ticket(people[0].id).rating == 5
        assert window.dropped == {"rating_refused": 1}

    def test_without_a_service_is_dropped_without_a_beep(self, window):
        window.rate(5)
        assert (window.dropped, window.beeps) == ({"rating_refused": 1}, 0)


class TestADeviceGoneWrong:
    def test_one_without_a_window_does_nothing(self, hall, clock, pad, evaluator, people):
        keys = Keys(hall, Bindings([pad], {}), clock.monotonic_s, keys={}, double_press_s=3.0)
        keys.hear(KeyPressed("pad-1", "call"))
        keys.turn()
        assert dict(keys.dropped) == {"no_window": 1}

    def test_one_that_never_stops_talking_is_cut_off(self, window, people):
        for _ in range(MOST_WAITING + 50):
            window.keys.hear(KeyPressed("pad-1", "recall"))
        assert window.dropped == {"overrun": 50}


class TestTheKeysTable:
    def test_a_good_one_has_no_problems(self):
        keys = {"call": "call", "transfer": "transfer_to_line social", "hold": "transfer_to_window 2"}
        assert key_problems(keys, ["social"], [2]) == {}

    def test_a_key_that_no_pad_has_is_told(self):
        told = "no pad of this hall has a key 'recal' did you mean 'recall'?"
        assert key_problems({"recal": "call"}, [], []) == {"recal": told}
        assert key_problems({"f1": "call"}, [], [], of_pads=["f1"]) == {}

    @pytest.mark.parametrize(
        ("command", "told"),
        [
            ("cal", "there is no command 'cal' did you mean 'call'?"),
            ("transfer_to_line socal", "there is no line 'socal' did you mean 'social'?"),
            ("transfer_to_line", "there is no line ''"),
            ("transfer_to_window 9", "there is no window '9'"),
            ("recall twice", "the command 'recall' takes no target"),
        ],
    )
    def test_a_bad_one_is_told(self, command, told):
        assert key_problems({"call": command}, ["social"], [2]) == {"call": told}
