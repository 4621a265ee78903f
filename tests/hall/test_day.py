"""The service day: its start, its end, and clocks that are wrong."""

from datetime import time

import msgspec
import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.model import TicketState, WindowState
from kioskd.hall.plan import DayRules
from kioskd.hall.store import Store


def state_of(hall, *tickets):
    return [str(hall.ticket(ticket.id).state) for ticket in tickets]


def test_numbers_start_again_with_the_service_day(hall, clock):
    assert hall.issue("note").number == "A001"
    clock.set("2026-03-03 09:30")
    assert hall.issue("note").number == "A001"
    assert hall.queue().service_day == "2026-03-03"


def test_the_day_starts_at_its_hour_not_at_midnight(store, plan, clock):
    hall = Hall(store, msgspec.structs.replace(plan, hours=()), clock)
    clock.set("2026-03-03 03:59")
    hall.tick()
    assert hall.queue().service_day == "2026-03-02"
    clock.set("2026-03-03 04:00")
    hall.tick()
    assert hall.queue().service_day == "2026-03-03"


def test_a_hall_that_never_closes_counts_through_midnight(tmp_path, plan, clock):
    night = msgspec.structs.replace(plan, hours=(), day=DayRules(starts=time(4), closes=time(3, 59)))
    hall = Hall(Store(tmp_path / "night.db"), night, clock)
    clock.set("2026-03-02 23:59")
    assert hall.issue("note").number == "A001"
    clock.set("2026-03-03 00:01")
    assert hall.issue("note").number == "A002"


def test_after_closing_those_with_a_ticket_are_still_served_for_a_while(hall, clock):
    hall.issue("note")
    clock.set("2026-03-02 18:29")
    hall.tick()
    assert hall.call_next(1).number == "A001"


def test_winding_up_ends_every_ticket_by_what_it_was(hall, clock, refused):
    hall.sign_in(1, "li")
    waiting, called, serving, held, missed = [hall.issue("note") for _ in range(5)]
    hall.call(1, held.id)
    hall.hold(1)
    hall.call(1, missed.id)
    hall.no_show(1)
    hall.call(1, called.id)
    hall.call(3, serving.id)
    hall.start(3)
    clock.set("2026-03-02 18:30")
    hall.tick()
    assert state_of(hall, waiting, called, serving, held, missed) == [
        "cancelled",
        "no-show",
        "done",
        "cancelled",
        "no-show",
    ]
    assert hall.ticket(waiting.id).ended_because == "day_over"
    assert {window.state for window in hall.queue().windows} == {WindowState.CLOSED}
    assert hall.window(1).clerk is None
    assert refused("day_over", hall.issue, "note")["opens_at"] == "2026-03-03T09:00:00+08:00"


def test_who_is_called_after_the_winding_up_does_not_stay_for_ever(hall, clock):
    """A pad's call key opens a closed window, and a no-show may come after all: not for ever."""
    late = hall.issue("note")
    hall.call_next(1)
    hall.no_show(1)
    clock.pass_min(12 * 60)
    hall.tick()
    hall.open(1)
    hall.call(1, late.id)
    clock.pass_min(12 * 60)
    hall.tick()
    assert hall.window(1).ticket is None
    assert hall.window(1).state is WindowState.CLOSED
    assert hall.ticket(late.id).state is TicketState.NO_SHOW
    assert hall.issue("note").number == "A001"


def test_winding_up_happens_once(hall, clock, store):
    clock.set("2026-03-02 18:30")
    hall.tick()
    done = store.last_event()
    hall.tick()
    assert store.last_event() == done


def test_a_service_ended_by_the_clock_teaches_nothing_about_waiting(hall, clock, store):
    hall.issue("note")
    hall.call_next(1)
    hall.start(1)
    clock.set("2026-03-02 18:30")
    hall.tick()
    with store.read() as snapshot:
        assert snapshot.value("SELECT service_s FROM tickets") is None


def test_power_off_at_closing_is_made_good_at_the_next_start(hall, store, plan, clock):
    waiting = hall.issue("note")
    hall.issue("note")
    hall.call_next(3)
    clock.set("2026-03-03 08:30")
    morning = Hall(store, plan, clock)
    assert state_of(morning, waiting) == ["no-show"]
    assert morning.queue().service_day == "2026-03-03"
    assert morning.queue().waiting == ()
    assert morning.window(3).state is WindowState.CLOSED


def test_a_command_finds_the_new_day_even_before_the_first_tick(hall, clock, refused):
    old = hall.issue("note")
    clock.set("2026-03-03 09:30")
    assert hall.issue("note").service_day == "2026-03-03"
    hall.open(1)
    refused("wrong_state", hall.call, 1, old.id)


def test_a_clock_that_jumps_back_never_opens_yesterday_again(hall, clock):
    clock.set("2026-03-03 09:30")
    assert hall.issue("note").number == "A001"
    clock.set("2026-03-02 10:00")
    hall.tick()
    again = hall.issue("note")
    assert (again.number, again.service_day) == ("A002", "2026-03-03")


def test_a_clock_set_back_does_not_wind_the_day_up(hall, clock):
    clock.set("2026-03-03 09:30")
    ticket = hall.issue("note")
    clock.set("2026-03-02 23:00")
    hall.tick()
    assert state_of(hall, ticket) == ["waiting"]


def test_a_jump_ahead_waits_for_staff_and_changes_nothing(hall, clock, refused):
    ticket = hall.issue("note")
    clock.set("2037-01-01 10:00")
    hall.tick()
    assert hall.day_to_confirm() == "2037-01-01"
    assert refused("day_not_open", hall.issue, "note")["clock_day"] == "2037-01-01"
    line, *_ = hall.queue().lines
    assert (line.accepting, line.reason) == (False, "day_not_open")
    assert hall.call_next(1).id == ticket.id
    clock.set("2026-03-02 10:00")
    assert hall.day_to_confirm() is None
    assert hall.issue("note").number == "A002"


def test_a_jump_ahead_of_a_clock_that_is_vouched_for_is_a_new_day(hall, clock):
    clock.vouched_for = True
    clock.set("2026-03-09 09:30")
    assert hall.issue("note").service_day == "2026-03-09"


def test_after_a_weekend_staff_confirm_the_day(hall, clock, refused):
    refused("nothing_to_confirm", hall.confirm_day)
    clock.set("2026-03-09 08:30")
    assert hall.confirm_day(by="li") == "2026-03-09"
    clock.set("2026-03-09 09:00")
    assert hall.issue("note").number == "A001"


@pytest.fixture
def in_2037(hall, clock):
    """A dead battery: the clock is in 2037, and somebody confirmed it."""
    clock.set("2037-01-01 10:00")
    hall.confirm_day()
    return hall


def test_a_day_opened_by_mistake_is_withdrawn(in_2037, clock):
    wrong = in_2037.issue("note")
    assert wrong.service_day == "2037-01-01"
    clock.set("2026-03-02 10:00")
    assert in_2037.withdraw_day() == "2026-03-02"
    assert in_2037.ticket(wrong.id).ended_because == "day_withdrawn"
    assert in_2037.issue("note").service_day == "2026-03-02"
    clock.set("2026-03-03 10:00")
    assert in_2037.issue("note").service_day == "2026-03-03"


def test_a_withdrawn_day_does_not_open_by_itself_again(in_2037, clock, refused):
    clock.vouched_for = True
    in_2037.withdraw_day()
    in_2037.tick()
    refused("day_not_open", in_2037.issue, "note")
    assert in_2037.day_to_confirm() == "2037-01-01"


def test_a_withdrawn_day_that_was_right_after_all_goes_on_counting(in_2037):
    assert in_2037.issue("note").number == "A001"
    in_2037.withdraw_day()
    in_2037.confirm_day()
    assert in_2037.issue("note").number == "A002"


def test_the_very_first_day_can_be_withdrawn_too(tmp_path, plan, clock, refused):
    clock.set("2037-01-01 10:00")
    hall = Hall(Store(tmp_path / "first.db"), plan, clock)
    assert hall.withdraw_day() is None
    refused("day_not_open", hall.issue, "note")
    refused("no_service_day", hall.withdraw_day)
    clock.set("2026-03-02 10:00")
    assert hall.issue("note").service_day == "2026-03-02"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "Pacific/Kiritimati"])
def test_the_day_is_the_hall_s_own_whatever_the_zone(tmp_path, plan, clock, zone):
    clock.set("2026-03-29 08:30")  # 01:30 in Berlin, half an hour before the clocks change
    there = msgspec.structs.replace(
        plan, timezone=zone, hours=(), day=DayRules(starts=time(0), closes=time(0))
    )
    hall = Hall(Store(tmp_path / "there.db"), there, clock)
    days = {hall.queue().service_day}
    for _ in range(48):
        clock.pass_min(60)
        hall.tick()
        days.add(hall.queue().service_day)
    assert len(days) == 3


def test_the_ticket_s_state_is_a_plain_word():
    assert str(TicketState.NO_SHOW) == "no-show"
