"""Number ranges and opening hours, by themselves."""

from datetime import datetime, time

import pytest

from kioskd.hall.calendar import Calendar
from kioskd.hall.plan import Hours, Line
from kioskd.hall.rules import check_ranges, is_open, opens_next, position_after


def line(line_id, letter, first, limit, width=3):
    return Line(id=line_id, title=line_id, letter=letter, first=first, daily_limit=limit, width=width)


def test_lines_of_one_letter_may_share_it_in_ranges_of_their_own():
    assert check_ranges([line("a", "A", 1, 499), line("b", "A", 500, 500), line("c", "C", 1, 500)]) == []


def test_ranges_that_run_into_one_another_are_told_with_the_first_number_they_share():
    (problem,) = check_ranges([line("a", "A", 1, 500), line("b", "A", 500, 100)])
    assert problem == "lines a and b both give A500"


def test_the_last_number_fits_the_width():
    (problem,) = check_ranges([line("a", "A", 1, 1000)])
    assert "A1000" in problem
    assert "raise width" in problem
    assert check_ranges([line("a", "A", 0, 1000)]) == []


WEEK = (Hours(opens=time(9), closes=time(12)), Hours(opens=time(14), closes=time(0), days=("fri",)))


@pytest.mark.parametrize(
    ("local", "open_now", "next_opening"),
    [
        ("2026-03-02 08:59", False, "2026-03-02 09:00"),  # Monday
        ("2026-03-02 09:00", True, "2026-03-03 09:00"),
        ("2026-03-02 12:00", False, "2026-03-03 09:00"),
        ("2026-03-06 13:00", False, "2026-03-06 14:00"),  # Friday
        ("2026-03-06 23:59", True, "2026-03-09 09:00"),
        ("2026-03-07 00:00", False, "2026-03-09 09:00"),
    ],
)
def test_opening_hours(local, open_now, next_opening):
    assert is_open(WEEK, Calendar(), datetime.fromisoformat(local)) is open_now
    assert opens_next(WEEK, Calendar(), datetime.fromisoformat(local)) == datetime.fromisoformat(next_opening)


def test_no_hours_at_all_is_always():
    assert is_open((), Calendar(), datetime.fromisoformat("2026-03-01 03:00"))


def test_hours_that_name_no_day_never_come():
    never = (Hours(opens=time(9), closes=time(10), days=()),)
    assert opens_next(never, Calendar(), datetime.fromisoformat("2026-03-02 08:00")) is None


def test_a_place_between_two_others():
    assert position_after([1.0, 2.0, 4.0], 2) == 3.0
    assert position_after([1.0, 2.0], 0) == 0.0
    assert position_after([1.0, 2.0], 2) is None
    assert position_after([], 0) is None
