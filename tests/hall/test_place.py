"""How many are ahead and how long that may take: never a made-up number."""

import pytest

from kioskd.hall.plan import Priority


def ahead(hall, *tickets):
    return [hall.place(ticket.id).ahead for ticket in tickets]


def test_people_ahead_are_those_of_the_same_line(hall):
    first, second, other = hall.issue("note"), hall.issue("note"), hall.issue("card")
    assert ahead(hall, first, second, other) == [0, 1, 0]
    hall.call_next(1)
    assert hall.place(first.id) is None
    assert ahead(hall, second) == [0]


def test_priority_tickets_count_by_the_published_rule(hall):
    ordinary = [hall.issue("note") for _ in range(2)]
    express = [hall.issue("note", priority=Priority.PRIORITY) for _ in range(3)]
    assert ahead(hall, *express) == [0, 1, 3]
    assert ahead(hall, *ordinary) == [2, 4]


def test_those_sent_to_a_window_wait_only_for_each_other(hall):
    first, second = hall.issue("note"), hall.issue("card")
    hall.call(1, first.id)
    hall.transfer(1, to_window=2)
    hall.call(3, second.id)
    hall.transfer(3, to_window=2)
    third = hall.issue("note")
    assert ahead(hall, first, second, third) == [0, 1, 0]


def test_without_finished_services_the_wait_is_unknown(hall, served):
    for _ in range(4):
        last = hall.issue("note")
    served(1)
    served(1)
    assert hall.place(last.id).estimated_wait_s is None
    assert hall.queue().lines[0].estimated_wait_s is None


@pytest.fixture
def three_served(hall, served):
    """Services of 4, 6 and 20 minutes have been finished in the general line."""
    for minutes in (4, 20, 6):
        hall.issue("note")
        served(1, minutes)


def test_the_wait_is_the_usual_service_times_those_ahead_by_open_windows(hall, three_served):
    *_, last = [hall.issue("note") for _ in range(3)]
    assert hall.place(last.id).estimated_wait_s == 6 * 60 * 2 / 2  # windows 1 and 3
    hall.close(3)
    assert hall.place(last.id).estimated_wait_s == 6 * 60 * 2
    assert hall.queue().lines[0].estimated_wait_s == 6 * 60 * 3


def test_with_no_open_window_the_wait_is_unknown(hall, three_served):
    ticket = hall.issue("note")
    hall.close(1)
    hall.pause(3)
    assert hall.place(ticket.id).estimated_wait_s is None


def test_another_line_s_services_say_nothing(hall, three_served):
    assert hall.place(hall.issue("card").id).estimated_wait_s is None


def test_in_the_morning_the_last_two_weeks_count(hall, clock, three_served):
    clock.vouched_for = True
    clock.set("2026-03-09 09:30")
    ticket = [hall.issue("note") for _ in range(2)][1]
    hall.open(1)
    assert hall.place(ticket.id).estimated_wait_s == 6 * 60
    clock.set("2026-03-23 09:30")
    ticket = hall.issue("note")
    hall.open(1)
    assert hall.place(ticket.id).estimated_wait_s is None


def test_a_service_over_which_the_clock_went_back_is_not_measured(hall, store, clock, served):
    hall.issue("note")
    served(1, -60)
    with store.read() as snapshot:
        assert snapshot.value("SELECT service_s FROM tickets") is None


def test_the_lines_say_how_they_are(hall):
    hall.issue("card")
    hall.close(2)
    social = hall.queue().lines[1]
    assert (social.letter, social.waiting, social.open_windows, social.accepting) == ("B", 1, 2, True)


def test_a_closed_line_says_since_when_it_opens(hall, clock):
    clock.set("2026-03-02 17:15")
    general = hall.queue().lines[0]
    assert (general.accepting, general.reason) == (False, "line_closed")
    assert general.opens_at.isoformat() == "2026-03-03T09:00:00+08:00"
