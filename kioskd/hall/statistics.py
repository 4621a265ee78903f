"""What a hall did on some service days: in all, and by day, hour, line, window, clerk, matter and priority.

docs/statistics.md defines every figure. All of it comes from one reading transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kioskd.hall.figures import Figures, Tally
from kioskd.hall.plan import Plan
from kioskd.hall.store import Transaction
from kioskd.hall.turns import Turn, turns_of

GROUPS = ("days", "hours", "lines", "windows", "clerks", "matters", "priorities")
_MOST_BAD_RATINGS = 100
"""As many as a supervisor's page can show; /desk/cases has all."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One day, hour, line … and its figures. key: its name in the hall file; hours count from 0."""

    key: str
    name: str
    name_en: str
    figures: Figures


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The service days from first to last, YYYY-MM-DD."""

    hall: str
    hall_en: str
    first: str
    last: str
    wait_target_s: float
    total: Figures
    days: tuple[Row, ...]
    hours: tuple[Row, ...]
    """By the hour in which tickets were taken."""
    lines: tuple[Row, ...]
    windows: tuple[Row, ...]
    """What each window did: it has no tickets taken."""
    clerks: tuple[Row, ...]
    """What each clerk finished: services and ratings alone."""
    matters: tuple[Row, ...]
    priorities: tuple[Row, ...]


class BadRating(msgspec.Struct, frozen=True, kw_only=True):
    """A rating of 1 or 2 whose citizen was not called back yet: which service, and not who gave it."""

    case: int
    number: str
    matter_name: str
    window: int | None
    level: int
    service_day: str
    rated_at: str


def statistics(tx: Transaction, plan: Plan, first: str, last: str) -> Statistics:
    """Count the service days from first to last, both YYYY-MM-DD."""
    turns = turns_of(tx, first, last, ZoneInfo(plan.timezone))
    target_s = plan.rules.wait_target_min * 60
    target_us = round(target_s * 1_000_000)
    names = _Names(tx, turns)

    def rows(group: str, tallies: dict[Any, Tally], order: Callable[[Any], Any]) -> tuple[Row, ...]:
        return tuple(
            Row(key=str(key), name=zh, name_en=en, figures=tallies[key].figures(target_us))
            for key in sorted(tallies, key=order)
            for zh, en in (names.of(group, key),)
        )

    matters = _whole(turns, lambda turn: turn.matter)
    return Statistics(
        hall=plan.name,
        hall_en=plan.name_en,
        first=first,
        last=last,
        wait_target_s=target_s,
        total=_whole(turns, lambda turn: "")[""].figures(target_us) if turns else Tally().figures(target_us),
        days=rows("days", _whole(turns, lambda turn: turn.day), str),
        hours=rows("hours", _whole(turns, lambda turn: turn.hour), int),
        lines=rows("lines", _by_line(turns), names.place_of_line),
        windows=rows("windows", _by_window(turns), int),
        clerks=rows("clerks", _by_clerk(turns), str),
        matters=rows("matters", matters, lambda code: (-matters[code].counts["taken"], code)),
        priorities=rows("priorities", _whole(turns, lambda turn: turn.priority), str),
    )


def bad_ratings(tx: Transaction) -> list[BadRating]:
    """The ratings of 1 and 2, of whatever day, that wait for a call back; the latest first."""
    rows = tx.all(
        'SELECT cases.id AS "case", tickets.number, matter_name, ratings.window, ratings.level,'
        " ratings.service_day, rated_at FROM cases"
        " JOIN ratings USING (ticket) JOIN tickets ON tickets.id = cases.ticket"
        " WHERE cases.kind = 'rating' AND cases.state IN ('open', 'handling') AND called_back_at IS NULL"
        " ORDER BY rated_at DESC LIMIT ?",
        _MOST_BAD_RATINGS,
    )
    return [BadRating(**dict(row)) for row in rows]


def overdue_cases(tx: Transaction, today: str) -> int:
    """How many bad ratings, complaints and suggestions should have been answered before today, YYYY-MM-DD."""
    count = tx.value("SELECT count(*) FROM cases WHERE state <> 'resolved' AND due_on < ?", today)
    return int(count)


def _whole(turns: Iterable[Turn], key: Callable[[Turn], Any]) -> dict[Any, Tally]:
    """Rows in which a ticket stands with all that became of it."""
    tallies: dict[Any, Tally] = defaultdict(Tally)
    for turn in turns:
        tally = tallies[key(turn)]
        tally.count("taken")
        tally.count("transfers", len(turn.transfers))
        tally.waits_us.extend(wait.span_us for wait in turn.waits)
        _end(tally, turn)
    return tallies


def _by_line(turns: Iterable[Turn]) -> dict[str, Tally]:
    """Each thing in the line where it happened: a ticket may be taken in one and served from another."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for turn in turns:
        tallies[turn.issued_line].count("taken")
        for wait in turn.waits:
            tallies[wait.line].waits_us.append(wait.span_us)
        for sent in turn.transfers:
            tallies[sent.line].count("transfers")
        _end(tallies[turn.line], turn)
    return tallies


def _by_window(turns: Iterable[Turn]) -> dict[int, Tally]:
    """What each window called, sent on and ended."""
    tallies: dict[int, Tally] = defaultdict(Tally)
    for turn in turns:
        for wait in turn.waits:
            tallies[wait.window].waits_us.append(wait.span_us)
        for sent in turn.transfers:
            tallies[sent.window].count("transfers")
        if turn.window is not None:
            _end(tallies[turn.window], turn)
    return tallies


def _by_clerk(turns: Iterable[Turn]) -> dict[str, Tally]:
    """What each clerk finished."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for turn in turns:
        if turn.clerk is not None:
            _end(tallies[turn.clerk], turn)
    return tallies


def _end(tally: Tally, turn: Turn) -> None:
    tally.count(turn.state)
    if turn.service_us is not None:
        tally.services_us.append(turn.service_us)
    if turn.level is not None:
        tally.rated(turn.level)


class _Names:
    """What lines, windows, clerks and matters are called; those gone from the hall file too."""

    def __init__(self, tx: Transaction, turns: Iterable[Turn]) -> None:
        self._lines = {
            row["id"]: (place, row["title"], row["title_en"])
            for place, row in enumerate(
                tx.all("SELECT id, title, title_en FROM lines ORDER BY letter, rowid")
            )
        }
        self._of: dict[str, dict[Any, Any]] = {
            "lines": {line: (title, title_en) for line, (_, title, title_en) in self._lines.items()},
            "windows": {
                row["number"]: tuple(f"{row['number']} {name}" if name else "" for name in row[1:])
                for row in tx.all("SELECT number, title, title_en FROM windows")
            },
            "clerks": {row["id"]: (row["name"], "") for row in tx.all("SELECT id, name FROM clerks")},
            "matters": {turn.matter: (turn.matter_name, "") for turn in turns}
            | {
                row["code"]: (row["name"], row["name_en"])
                for row in tx.all("SELECT code, name, name_en FROM matters WHERE in_use")
            },
            "priorities": {
                "ordinary": ("普通", "ordinary"),
                "priority": ("优先", "priority"),
                "appointment": ("预约", "appointment"),
            },
        }

    def of(self, group: str, key: Any) -> tuple[str, str]:
        """In Chinese and in English; empty where there is none."""
        if group == "hours":
            return f"{key:02}:00", ""
        zh, en = self._of.get(group, {}).get(key, (str(key), ""))
        return zh, en

    def place_of_line(self, line: str) -> int:
        """In which order lines are told."""
        return self._lines[line][0]
