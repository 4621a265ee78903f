"""Whose turn it is: docs/queue-rules.md, sentence by sentence."""

import pytest

from kioskd.hall.plan import Priority


@pytest.fixture
def take(hall, clock):
    """take("A", "p:B"): tickets taken one minute after the other; p: with priority. Returns their numbers."""

    def issue(*wishes):
        taken = []
        for wish in wishes:
            matter = "note" if wish.endswith("A") else "card"
            priority = Priority.PRIORITY if wish.startswith("p:") else Priority.ORDINARY
            taken.append(hall.issue(matter, priority=priority).number)
            clock.pass_min(1)
        return taken

    return issue


@pytest.fixture
def calls(hall):
    """calls(window, times): the numbers that the window calls next."""

    def call(window, times):
        return [hall.call_next(window, finish_current=True).number for _ in range(times)]

    return call


def test_first_come_first_called(take, calls):
    assert calls(1, 0) == []
    taken = take("A", "A", "A")
    assert calls(1, 3) == taken


def test_a_strict_window_empties_its_first_line_before_the_second(take, calls):
    take("B", "A", "B", "A")
    assert calls(1, 4) == ["A001", "A002", "B101", "B102"]


def test_a_longest_waiting_window_calls_across_its_lines(take, calls):
    take("B", "A", "B", "A")
    assert calls(3, 4) == ["B101", "A001", "B102", "A002"]


def test_a_window_calls_only_its_own_lines(take, hall, refused):
    take("A")
    refused("nobody_waiting", hall.call_next, 2)


def test_two_windows_never_call_the_same_ticket(take, hall):
    take("B", "B", "B")
    assert {hall.call_next(window).number for window in (1, 2, 3)} == {"B101", "B102", "B103"}


def test_priority_goes_first_but_at_most_twice_in_a_row_while_others_wait(take, calls):
    take("A", "A", "p:A", "p:A", "p:A", "p:A")
    assert calls(1, 6) == ["A003", "A004", "A001", "A005", "A006", "A002"]


def test_appointments_count_as_priority(hall, take, calls):
    take("A")
    hall.issue("note", priority=Priority.APPOINTMENT)
    assert calls(1, 1) == ["A002"]


def test_without_ordinary_tickets_priority_goes_on(take, calls):
    take("p:A", "p:A", "p:A")
    assert calls(1, 3) == ["A001", "A002", "A003"]


def test_class_comes_before_line_order(take, calls):
    take("A", "p:B")
    assert calls(1, 2) == ["B101", "A001"]


def test_the_run_of_priority_is_counted_at_each_window_by_itself(take, calls):
    take("A", "p:A", "p:A", "p:A")
    assert calls(1, 2) == ["A002", "A003"]
    assert calls(3, 1) == ["A004"]


def test_a_ticket_passed_over_for_too_long_goes_before_class_and_line(take, calls, clock):
    take("B", "A", "A")
    assert calls(1, 1) == ["A001"]  # passes B101 over
    clock.pass_min(31)
    take("p:A")
    assert calls(1, 3) == ["B101", "A003", "A002"]


def test_until_the_limit_it_waits_like_the_others(take, calls, clock):
    take("B", "A", "A")
    assert calls(1, 1) == ["A001"]
    clock.pass_min(29)
    assert calls(1, 1) == ["A002"]


def test_only_waiting_long_is_not_being_passed_over(take, calls, clock):
    take("A")
    clock.pass_min(120)
    take("p:A")
    assert calls(1, 1) == ["A002"]


def test_of_those_passed_over_too_long_the_oldest_goes_first(take, calls, clock):
    take("B", "B", "A", "A")
    assert calls(1, 1) == ["A001"]
    clock.pass_min(31)
    assert calls(1, 3) == ["B101", "B102", "A002"]


def test_another_window_s_call_does_not_pass_over_whom_it_could_not_have_called(take, calls, clock):
    take("A", "B")
    assert calls(2, 1) == ["B101"]
    clock.pass_min(31)
    take("p:A")
    assert calls(1, 1) == ["A002"]


def test_a_clerk_s_own_choice_passes_nobody_over(take, hall, calls, clock):
    take("A", "A", "A")
    hall.call(1, 3)
    clock.pass_min(31)
    take("p:A")
    assert calls(1, 1) == ["A004"]


def test_a_clock_set_back_makes_nobody_overdue_and_breaks_nothing(take, calls, clock):
    take("B", "A", "A")
    assert calls(1, 1) == ["A001"]
    clock.pass_min(-20)
    assert calls(1, 2) == ["A002", "B101"]


def test_a_ticket_sent_to_a_window_is_its_first_and_nobody_else_s(take, hall, calls, refused):
    take("A", "A", "A")
    hall.call_next(1)
    hall.transfer(1, to_window=3)
    assert refused("reserved", hall.call, 1, 1) == {"number": "A001", "window": 3}
    assert calls(1, 1) == ["A002"]
    assert calls(3, 2) == ["A001", "A003"]


def test_a_transferred_ticket_keeps_its_place_by_arrival(take, hall, calls):
    take("A", "B", "B")
    hall.call_next(1)
    assert hall.transfer(1, to_line="social").number == "A001"
    assert calls(2, 3) == ["A001", "B101", "B102"]
