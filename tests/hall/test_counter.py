"""A window as its clerk sees it: who is next and why, what can be taken back, the clerk's day."""

import pytest

from kioskd.hall.plan import Priority
from kioskd.hall.rules import Why
from kioskd.hall.seen import Changed


def next_at(hall, window):
    """The number that is next there, and the rule that says so."""
    found = hall.counter(window).next
    return found and (found.ticket.number, found.why)


def test_nobody_waits(hall):
    assert next_at(hall, 1) is None


def test_who_waits_longest_is_next(hall):
    hall.issue("note")
    assert next_at(hall, 1) == ("A001", Why.WAITING_LONGEST)


def test_the_first_line_of_a_strict_window_goes_before_who_came_earlier(hall):
    hall.issue("card")
    hall.issue("note")
    assert next_at(hall, 1) == ("A001", Why.FIRST_LINE)
    assert next_at(hall, 3) == ("B101", Why.WAITING_LONGEST)


@pytest.mark.parametrize("priority", [Priority.PRIORITY, Priority.APPOINTMENT])
def test_priority_and_appointments_are_the_reason(hall, priority):
    hall.issue("note")
    hall.issue("note", priority=priority)
    assert next_at(hall, 1) == ("A002", Why(priority))


def test_after_enough_of_them_it_is_an_ordinary_ones_turn(hall):
    hall.issue("note")
    for _ in range(3):
        hall.issue("note", priority=Priority.PRIORITY)
    for _ in range(2):
        hall.call_next(1, finish_current=True)
    assert next_at(hall, 1) == ("A001", Why.ORDINARY_TURN)
    assert hall.counter(1).next.in_a_row == 2


def test_who_was_sent_here_is_told_so(hall):
    hall.issue("note")
    hall.issue("card")
    hall.call_next(2)
    hall.transfer(2, to_window=1)
    assert next_at(hall, 1) == ("B101", Why.SENT_HERE)


def test_who_was_passed_over_too_long_is_told_with_the_time(hall, clock):
    hall.issue("note")
    hall.issue("note", priority=Priority.PRIORITY)
    hall.call_next(1)
    clock.pass_min(31)
    hall.issue("note", priority=Priority.PRIORITY)
    assert next_at(hall, 1) == ("A001", Why.PASSED_OVER)
    assert hall.counter(1).next.passed_over_s == 31 * 60


def test_what_is_told_is_whom_the_call_calls(hall, clock):
    for index in range(30):
        priority = [Priority.ORDINARY, Priority.PRIORITY, Priority.ORDINARY][index % 3]
        hall.issue("card" if index % 4 == 0 and index < 16 else "note", priority=priority)
        clock.pass_min(2)
    for _ in range(30):
        told = hall.counter(3).next
        called = hall.call_next(3, finish_current=True)
        clock.pass_min(7)
        assert told.ticket.id == called.id
        assert hall.events(0, 1000)[-1].data["why"] == told.why


# --- what was done ---


def undo(hall, window=1):
    return [(done.type, done.undo) for done in hall.counter(window).log]


def test_the_log_says_what_can_be_taken_back(hall):
    hall.issue("note")
    hall.call_next(1)
    assert undo(hall)[0] == ("ticket_called", "requeue")
    hall.no_show(1)
    assert undo(hall)[:2] == [("ticket_no_show", "call"), ("ticket_called", None)]
    hall.call(1, hall.counter(1).no_shows[0].id)
    hall.hold(1)
    assert undo(hall)[0] == ("ticket_held", "resume-ticket")
    hall.resume_ticket(1)
    hall.finish(1)
    assert undo(hall)[0] == ("ticket_finished", None)
    hall.pause(1, "午休")
    assert undo(hall)[0] == ("window_paused", "resume")


def test_what_was_taken_back_elsewhere_is_not_offered_again(hall):
    ticket = hall.issue("note")
    hall.call_next(1)
    hall.no_show(1)
    hall.call(3, ticket.id)
    assert not [what for _, what in undo(hall) if what]


# --- the clerk's day ---


def test_the_day_is_the_clerks_own_wherever_she_sits(hall, served):
    for _ in range(4):
        hall.issue("note")
    hall.sign_in(1, "li")
    hall.sign_in(3, "wang")
    first = served(1, minutes=4)
    served(3, minutes=20)
    hall.call_next(1)
    hall.no_show(1)
    hall.rate(first.id, 1, "phone")
    hall.sign_out(1)
    hall.sign_in(2, "li")
    figures = hall.counter(2).figures
    assert (figures.served, figures.median_s, figures.no_shows, figures.ratings) == (1, 240, 1, 1)
    assert "level" not in str(figures)


# --- as somebody saw it ---


def test_a_command_for_what_was_seen_holds_once(hall):
    hall.issue("note")
    hall.issue("note")
    seen = hall.window(1).seen
    hall.as_seen(1, seen).call_next(1)
    with pytest.raises(Changed):
        hall.as_seen(1, seen).call_next(1, finish_current=True)
    assert hall.window(1).ticket.number == "A001"


def test_what_happens_at_other_windows_does_not_matter(hall):
    hall.issue("note")
    hall.issue("note")
    seen = hall.window(1).seen
    hall.call_next(3)
    assert hall.as_seen(1, seen).call_next(1).number == "A002"
