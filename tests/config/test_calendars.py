"""The built-in calendar against a reader that is not ours, and calendars of a hall's own."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from kioskd.hall.calendar import Calendar
from kioskd.reading import Mistakes


@pytest.fixture
def calendar(hall):
    return hall.load().plan.calendar


def test_every_day_of_the_built_in_calendar_agrees_with_another_library(calendar):
    day = date(2025, 1, 1)
    while day <= calendar.through:
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_built_in_calendar_knows_its_last_year_whole(calendar):
    assert (calendar.through.month, calendar.through.day) == (12, 31)
    assert {holiday.first.year for holiday in calendar.holidays} == {2025, 2026}


def test_a_hall_adds_holidays_of_its_own(hall):
    hall.add('[[holidays]]\nname = "盘点"\nfirst = 2026-06-30\n')
    assert hall.load().plan.calendar.holiday(date(2026, 6, 30)).name == "盘点"


def test_a_hall_has_no_calendar_where_it_says_so(hall):
    hall.change("[hall]", '[hall]\ncalendar = ""')
    assert hall.load().plan.calendar == Calendar()


def test_a_calendar_file_beside_the_hall_file(hall):
    text = 'through = 2027-12-31\n[[holidays]]\nname = "元旦"\nfirst = 2027-01-01\n'
    (hall.folder / "2027.toml").write_text(text, encoding="utf-8")
    hall.change("[hall]", '[hall]\ncalendar = "2027.toml"')
    assert hall.load().plan.calendar.through == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[hall]\ncalendar = "chna"', "hall.calendar: there is no calendar 'chna' (did you mean 'china'?)"),
        ('[[holidays]]\nname = "x"\nfirst = "yesterday"\n[hall]', "holidays[0].first: 'yesterday'"),
        ('[[holidays]]\nname = "x"\nfirst = 2026-02-16\n[hall]', "x (2026-02-16) overlaps 春节"),
    ],
)
def test_mistakes_are_told(hall, table, told):
    hall.change("[hall]", table)
    with pytest.raises(Mistakes) as caught:
        hall.load()
    assert told in str(caught.value)
