"""A day's or a month's report: its period and its tables. Pages and files show the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

from kioskd.hall.figures import Figures
from kioskd.hall.statistics import Row, Statistics
from kioskd.hall.turns import month_of
from web.words import Word, word

Code = Literal["zh", "en"]
Value = float | int | None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is about. when: YYYY-MM-DD or YYYY-MM; first and last: its days."""

    when: str
    first: str
    last: str

    @property
    def is_month(self) -> bool:
        """Whether it is a month and not a day."""
        return len(self.when) == 7

    @property
    def title(self) -> Word:
        """What the report is called."""
        return word("report.month_title" if self.is_month else "report.day_title", when=self.when)


def period_of(when: str) -> Period:
    """The day or the month. Raises ValueError for anything else."""
    if len(when) == 7:
        first, last = month_of(when)
        return Period(when=when, first=first, last=last)
    if date.fromisoformat(when).isoformat() != when:
        raise ValueError(when)  # weeks and other forms of ISO 8601
    return Period(when=when, first=when, last=when)


class Column(NamedTuple):
    """One figure. kind: a count, minutes, or a share of one; `of` gives spans in seconds."""

    name: str
    kind: Literal["count", "minutes", "share"]
    of: Callable[[Figures], Value]

    def value(self, figures: Figures) -> Value:
        """The figure as a number: minutes to a hundredth, shares to a thousandth."""
        found = self.of(figures)
        if found is None or self.kind == "count":
            return found
        return round(found / 60, 2) if self.kind == "minutes" else round(found, 3)

    def text(self, figures: Figures) -> str:
        """The figure for people; a dash where there is none."""
        found = self.of(figures)
        if found is None:
            return "—"
        if self.kind == "count":
            return str(found)
        return f"{found / 60:.1f}" if self.kind == "minutes" else f"{found:.1%}"


COLUMNS = (
    Column("taken", "count", lambda one: one.taken),
    Column("served", "count", lambda one: one.served),
    Column("no_shows", "count", lambda one: one.no_shows),
    Column("cancelled", "count", lambda one: one.cancelled),
    Column("transfers", "count", lambda one: one.transfers),
    Column("wait_median", "minutes", lambda one: one.waits.median_s),
    Column("wait_p90", "minutes", lambda one: one.waits.p90_s),
    Column("wait_mean", "minutes", lambda one: one.waits.mean_s),
    Column("wait_longest", "minutes", lambda one: one.waits.longest_s),
    Column("in_target", "share", lambda one: one.in_target),
    Column("service_median", "minutes", lambda one: one.services.median_s),
    Column("service_p90", "minutes", lambda one: one.services.p90_s),
    Column("service_mean", "minutes", lambda one: one.services.mean_s),
    Column("rated", "count", lambda one: one.rated),
    Column("coverage", "share", lambda one: one.coverage),
    Column("satisfaction", "share", lambda one: one.satisfaction),
)

_NOT_OF = {
    "windows": {"taken", "cancelled"},
    "clerks": {
        "taken", "no_shows", "cancelled", "transfers", "wait_median", "wait_p90", "wait_mean", "wait_longest",
        "in_target",
    },
}  # fmt: skip
"""What is nobody's there: a ticket is taken at no window."""


def columns_of(group: str) -> tuple[Column, ...]:
    """The figures that a group has."""
    return tuple(column for column in COLUMNS if column.name not in _NOT_OF.get(group, ()))


def groups_of(statistics: Statistics, period: Period) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The tables of a report in their order; those with nothing in them are left out."""
    wanted = ("days", "hours", "lines", "windows", "clerks", "matters", "priorities")
    for group in wanted:
        rows: tuple[Row, ...] = getattr(statistics, group)
        if rows and (group != "days" or period.is_month):
            yield group, rows


def said(name: str, code: Code) -> str:
    """One text of the reports in one language."""
    text: str = getattr(word(f"report.{name}"), code)
    return text


def name_of(row: Row, code: Code) -> str:
    """What a row is called."""
    return row.name_en or row.name if code == "en" else row.name


def about(statistics: Statistics, period: Period, code: Code, made_at: datetime) -> list[tuple[str, str]]:
    """What stands at the head of a report: the hall, the days, the target. made_at: in the hall's zone."""
    hall = statistics.hall_en or statistics.hall if code == "en" else statistics.hall
    days = f"{period.first} – {period.last}" if period.is_month else period.first
    return [
        (said("hall", code), hall),
        (said("period", code), days),
        (said("days_open", code), str(len(statistics.days))),
        (said("target", code), f"{statistics.wait_target_s / 60:g}"),
        (said("made_at", code), f"{made_at:%Y-%m-%d %H:%M}"),
    ]
