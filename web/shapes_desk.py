"""The JSON of the supervisor's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from web.shapes import Answer, Id, Name, Request, WindowNumber

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class BadRatingJson(Answer, frozen=True, kw_only=True):
    """A rating of 1 or 2 that waits for a call back: about which service, and not who gave it.

    case: where it is followed, /desk/cases/ID.
    """

    case: int
    number: str
    matter_name: str
    window: int | None
    level: int
    service_day: str
    rated_at: datetime


class SpreadJson(Answer, frozen=True, kw_only=True):
    """How long something took, in seconds; null where it never happened."""

    count: int
    median_s: float | None
    p90_s: float | None
    mean_s: float | None
    longest_s: float | None


class FiguresJson(Answer, frozen=True, kw_only=True):
    """Figures of a hall, a day, a line …: docs/statistics.md. levels: ratings of 5, 4, 3, 2 and 1."""

    taken: int
    served: int
    no_shows: int
    cancelled: int
    unfinished: int
    transfers: int
    waits: SpreadJson
    waits_in_target: int
    in_target: float | None
    services: SpreadJson
    levels: tuple[int, int, int, int, int]
    rated: int
    coverage: float | None
    satisfaction: float | None


class StatisticsRowJson(Answer, frozen=True, kw_only=True):
    """One day, hour, line … and its figures."""

    key: str
    name: str
    name_en: str
    figures: FiguresJson


class StatisticsJson(Answer, frozen=True, kw_only=True):
    """The service days from first to last."""

    first: str
    last: str
    wait_target_s: float
    total: FiguresJson
    days: tuple[StatisticsRowJson, ...]
    hours: tuple[StatisticsRowJson, ...]
    lines: tuple[StatisticsRowJson, ...]
    windows: tuple[StatisticsRowJson, ...]
    clerks: tuple[StatisticsRowJson, ...]
    matters: tuple[StatisticsRowJson, ...]
    priorities: tuple[StatisticsRowJson, ...]


class DeskJson(Answer, frozen=True, kw_only=True):
    """What the supervisor's page needs beside the queue. now: the hall's clock, to reckon waits by.

    overdue_cases: how many bad ratings, complaints and suggestions should have been answered before today.
    """

    now: datetime
    service_day: str
    wait_target_s: float
    today: FiguresJson
    bad_ratings: tuple[BadRatingJson, ...]
    overdue_cases: int


class ServeLines(Request, frozen=True, kw_only=True):
    """lines: ids in the order in which they are served today; none: those of the hall file again."""

    lines: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()


class MoveTickets(Request, frozen=True, kw_only=True):
    """Which waiting tickets go where: to a line, or to a window. Exactly one of the two."""

    tickets: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]
    line: Name | None = None
    window: WindowNumber | None = None


class OfDays(Request, frozen=True, kw_only=True):
    """The days counted, both included; at most a year."""

    first: Day
    last: Day
