"""The JSON of a window as its clerk sees it."""

from __future__ import annotations

from datetime import datetime

from web.shapes import Answer, TurnJson, WindowJson


class NextJson(Answer, frozen=True, kw_only=True):
    """Whose turn it is. why: the rule that decided, such as waiting-longest, priority, sent-here.

    appointment_at, passed_over_s and in_a_row are what that rule looked at.
    """

    ticket: TurnJson
    why: str
    appointment_at: datetime | None
    passed_over_s: float | None
    in_a_row: int


class DoneJson(Answer, frozen=True, kw_only=True):
    """One thing that was done at the window. undo: the command that takes it back, null where none does."""

    event: int
    at: datetime
    type: str
    by: str
    ticket: int | None
    number: str
    reason: str
    to_line: str | None
    to_window: int | None
    undo: str | None


class FiguresJson(Answer, frozen=True, kw_only=True):
    """The clerk's day so far; the window's where nobody is signed in. Ratings only as a count."""

    served: int
    median_s: float | None
    mean_s: float | None
    no_shows: int
    ratings: int


class CounterJson(Answer, frozen=True, kw_only=True):
    """All of it at one moment. waiting: in the order they came; log: the latest first."""

    event_id: int
    at: datetime
    """When that moment was, by the daemon's clock: the page's may be another."""
    window: WindowJson
    next: NextJson | None
    waiting: tuple[TurnJson, ...]
    held: tuple[TurnJson, ...]
    no_shows: tuple[TurnJson, ...]
    figures: FiguresJson
    matter_names_en: dict[str, str]
    """What these tickets' matters are called in English, by their code."""
    log: tuple[DoneJson, ...]
