"""Holidays and the weekend days worked for them: when the hall is open, and where a term ends."""

from datetime import date, datetime, time

import msgspec
import pytest

from kioskd.hall.calendar import Calendar, Holiday
from kioskd.hall.hall import Hall
from kioskd.hall.plan import Hours

SPRING = Holiday(
    name="春节",
    name_en="Spring Festival",
    first=date(2026, 2, 15),
    last=date(2026, 2, 23),
    worked=(date(2026, 2, 14), date(2026, 2, 28)),
)
CALENDAR = Calendar(holidays=(SPRING,), through=date(2026, 12, 31))
SATURDAY_MORNING = Hours(opens=time(9), closes=time(11), days=("sat",))


@pytest.fixture
def open_hall(store, plan, clock):
    """open_hall(hours…): the hall with this calendar, before the holiday."""

    def build(*hours):
        clock.vouched_for = True
        clock.set("2026-02-13 09:30")
        kept = hours or plan.hours
        return Hall(store, msgspec.structs.replace(plan, calendar=CALENDAR, hours=kept), clock)

    return build


def line(hall):
    return hall.queue().lines[0]


def test_on_a_holiday_no_ticket_is_given_and_everybody_hears_why_and_until_when(open_hall, clock, refused):
    hall = open_hall()
    clock.set("2026-02-16 10:00")  # a Monday
    hall.tick()
    facts = refused("holiday", hall.issue, "note")
    assert (facts["holiday"], facts["holiday_en"]) == ("春节", "Spring Festival")
    assert facts["opens_at"] == "2026-02-24T09:00:00+08:00"
    assert (line(hall).accepting, line(hall).reason, line(hall).holiday) == (False, "holiday", "春节")


def test_on_a_worked_saturday_the_hall_has_a_monday(open_hall, clock):
    hall = open_hall()
    clock.set("2026-02-14 10:00")
    assert hall.issue("note").number == "A001"


def test_a_worked_saturday_is_no_saturday(open_hall, clock, refused):
    hall = open_hall(SATURDAY_MORNING)
    clock.set("2026-02-14 10:00")
    hall.tick()
    assert refused("line_closed", hall.issue, "note")["opens_at"] == "2026-03-07T09:00:00+08:00"


def test_a_line_may_be_open_on_holidays(open_hall, clock):
    hall = open_hall(Hours(opens=time(9), closes=time(12), days=("mon", "holiday")))
    clock.set("2026-02-17 10:00")
    assert hall.issue("note").number == "A001"


def test_the_evening_before_a_holiday_tells_when_it_is_over(open_hall, clock, refused):
    hall = open_hall()
    clock.set("2026-02-14 17:10")
    hall.tick()
    assert refused("line_closed", hall.issue, "note")["opens_at"] == "2026-02-24T09:00:00+08:00"


def test_the_first_ticket_after_an_unattended_holiday_is_the_first(open_hall, clock):
    """The mains were off for nine days; the clock is synchronised, and nobody has to confirm anything."""
    before = open_hall()
    waiting = before.issue("note")
    clock.set("2026-02-24 09:00")
    hall = open_hall()
    clock.set("2026-02-24 09:00")
    hall.tick()
    assert hall.issue("note").number == "A001"
    assert hall.ticket(waiting.id).ended_because == "day_over"


def test_a_hall_without_hours_is_open_on_holidays_too(store, plan, clock):
    hall = Hall(store, msgspec.structs.replace(plan, calendar=CALENDAR, hours=()), clock)
    clock.set("2026-02-17 10:00")
    clock.vouched_for = True
    assert hall.issue("note").number == "A001"


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # a weekend
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a worked Saturday
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # nine days off
        (date(2026, 2, 13), 15, date(2026, 3, 12)),
    ],
)
def test_where_a_term_of_working_days_ends(day, count, end):
    assert CALENDAR.working_day_after(day, count) == end


def test_a_term_has_at_least_one_day():
    with pytest.raises(ValueError, match="0 working days"):
        CALENDAR.working_day_after(date(2026, 3, 2), 0)


@pytest.mark.parametrize(
    ("holiday", "problem"),
    [
        (Holiday(name="倒", first=date(2026, 5, 5), last=date(2026, 5, 1)), "before it begins"),
        (Holiday(name="久", first=date(2026, 1, 1), last=date(2027, 5, 1)), "more than a year"),
        (Holiday(name="叠", first=date(2026, 2, 20)), "overlaps"),
        (Holiday(name="班", first=date(2026, 5, 1), worked=(date(2026, 2, 20),)), "a day off itself"),
    ],
)
def test_calendars_that_cannot_be(holiday, problem):
    calendar = Calendar(holidays=(SPRING, holiday))
    assert any(problem in told for told in calendar.problems())


def test_a_day_in_between_is_what_its_weekday_is():
    assert CALENDAR.kind(date(2026, 3, 1)) == "sun"
    assert CALENDAR.kind(datetime(2026, 2, 23, 12).date()) == "holiday"
