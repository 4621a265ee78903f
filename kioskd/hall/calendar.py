"""Holidays, and the weekend days that are worked for them: what kind of day a date is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "holiday"
WORKED = "mon"
"""A weekend day that is worked for a holiday has the hours of a Monday."""
_WORKING_DAYS = WEEKDAYS[:5]
_ONE_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)


class Holiday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days off in a row, and the weekend days that are worked for them. last: left out, it is one day."""

    name: str
    name_en: str = ""
    first: date
    last: date | None = None
    worked: tuple[date, ...] = ()

    @property
    def end(self) -> date:
        """The last day off."""
        return self.last or self.first

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.end


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The holidays that are known. through: until when; after it there are weekdays and weekends only."""

    holidays: tuple[Holiday, ...] = ()
    through: date | None = None

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that a date is in, if any."""
        return next((holiday for holiday in self.holidays if day in holiday), None)

    def kind(self, day: date) -> str:
        """What opening hours call this date: `holiday`, or a weekday; a worked weekend day is a Monday."""
        if self.holiday(day):
            return HOLIDAY
        if any(day in holiday.worked for holiday in self.holidays):
            return WORKED
        return WEEKDAYS[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this date."""
        return self.kind(day) in _WORKING_DAYS

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after a date: where a term of so many working days ends.

        Raises ValueError for a count below 1.
        """
        if count < 1:
            raise ValueError(f"a term of {count} working days ends nowhere: it is 1 or more")
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def problems(self) -> Iterator[str]:
        """What cannot be: holidays that end before they begin, last a year, overlap, or are worked on."""
        for place, holiday in enumerate(self.holidays):
            if holiday.end < holiday.first:
                yield f"{holiday.name} ends on {holiday.end}, before it begins on {holiday.first}"
            elif holiday.end - holiday.first > _LONGEST:
                yield f"{holiday.name} lasts for more than a year"
            for other in self.holidays[:place]:
                if other.first <= holiday.end and holiday.first <= other.end:
                    yield f"{holiday.name} ({holiday.first}) overlaps {other.name} ({other.first})"
            for day in holiday.worked:
                if self.holiday(day):
                    yield f"{day} is worked for {holiday.name}, but is a day off itself"
