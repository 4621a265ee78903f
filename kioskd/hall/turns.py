"""What became of each ticket of some service days, read from their events in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from kioskd.hall.store import Transaction

_SECOND_US = 1_000_000
_TELLING = (
    "ticket_issued", "ticket_called", "ticket_started", "ticket_finished", "ticket_no_show", "ticket_held",
    "ticket_resumed", "ticket_requeued", "ticket_transferred", "ticket_moved", "ticket_cancelled",
    "ticket_rated",
)  # fmt: skip


class Wait(NamedTuple):
    """Somebody waited: from when the ticket was taken, or transferred, until it was called."""

    span_us: int
    line: str
    """The line in which it was called."""
    window: int
    """The window that called it."""


class Sent(NamedTuple):
    """A transfer: from which line, by which window."""

    line: str
    window: int


@dataclass
class Turn:
    """One ticket's way through its service day. window: where it is, or was last."""

    day: str
    hour: int
    matter: str
    matter_name: str
    priority: str
    issued_line: str
    line: str
    waiting_since: str | None
    state: str = "waiting"
    window: int | None = None
    clerk: str | None = None
    service_us: int | None = None
    level: int | None = None
    waits: list[Wait] = field(default_factory=list)
    transfers: list[Sent] = field(default_factory=list)


def turns_of(tx: Transaction, first: str, last: str, zone: ZoneInfo) -> list[Turn]:
    """The tickets of the service days from first to last, YYYY-MM-DD, in the order they were taken.

    A day that was withdrawn is left out, and so is what happens to a ticket after its own service day; but a
    rating that an appeal set aside, on whatever day, is none.
    """
    rows = tx.all(
        "SELECT ticket, type, at, service_day, window, data FROM events"  # noqa: S608 - marks alone
        " WHERE service_day BETWEEN ? AND ?"
        f" AND type IN ({', '.join('?' * len(_TELLING))})"
        " AND service_day NOT IN (SELECT day FROM service_days WHERE withdrawn_at IS NOT NULL)"
        " ORDER BY id",
        first,
        last,
        *_TELLING,
    )
    aside = tx.all("SELECT ticket FROM ratings WHERE set_aside AND service_day BETWEEN ? AND ?", first, last)
    set_aside = {ticket for (ticket,) in aside}
    hours = _Hours(zone)
    turns: dict[int, Turn] = {}
    for ticket, type_, at, day, window, data in rows:
        if type_ == "ticket_issued":
            turns[ticket] = _taken(msgspec.json.decode(data), at, day, hours)
        elif type_ == "ticket_rated" and ticket in set_aside:
            continue
        elif (turn := turns.get(ticket)) is not None and turn.day == day:
            _GOES_ON[type_](turn, at, window, data)
    return list(turns.values())


def _taken(facts: dict[str, Any], at: str, day: str, hours: _Hours) -> Turn:
    return Turn(
        day=day,
        hour=hours.of(at),
        matter=facts["matter"],
        matter_name=facts["matter_name"],
        priority=facts["priority"],
        issued_line=facts["line"],
        line=facts["line"],
        waiting_since=at,
    )


def _called(turn: Turn, at: str, window: int, data: str) -> None:
    if turn.waiting_since is not None:
        turn.waits.append(Wait(span_us(turn.waiting_since, at), turn.line, window))
    turn.state, turn.window, turn.waiting_since = "called", window, None


def _started(turn: Turn, at: str, window: int, data: str) -> None:
    turn.state, turn.window = "serving", window


def _finished(turn: Turn, at: str, window: int, data: str) -> None:
    facts = msgspec.json.decode(data)
    service_s = facts["service_s"]
    turn.state, turn.window, turn.clerk = "done", window, facts["clerk"]
    turn.service_us = None if service_s is None else round(service_s * _SECOND_US)


def _no_show(turn: Turn, at: str, window: int, data: str) -> None:
    turn.state = "no-show"


def _held(turn: Turn, at: str, window: int, data: str) -> None:
    turn.state = "held"


def _cancelled(turn: Turn, at: str, window: int | None, data: str) -> None:
    turn.state, turn.waiting_since = "cancelled", None


def _requeued(turn: Turn, at: str, window: int, data: str) -> None:
    # The hall did not keep this citizen waiting: they were not there when they were called.
    turn.state, turn.window, turn.waiting_since = "waiting", None, None


def _transferred(turn: Turn, at: str, window: int, data: str) -> None:
    turn.transfers.append(Sent(turn.line, window))
    turn.state, turn.window, turn.waiting_since = "waiting", None, at
    turn.line = msgspec.json.decode(data)["to_line"]


def _moved(turn: Turn, at: str, window: int | None, data: str) -> None:
    turn.line = msgspec.json.decode(data)["to_line"]


def _rated(turn: Turn, at: str, window: int, data: str) -> None:
    turn.level = msgspec.json.decode(data)["level"]


_GOES_ON: dict[str, Callable[[Turn, str, Any, str], None]] = {
    "ticket_called": _called,
    "ticket_started": _started,
    "ticket_resumed": _started,
    "ticket_finished": _finished,
    "ticket_no_show": _no_show,
    "ticket_held": _held,
    "ticket_requeued": _requeued,
    "ticket_transferred": _transferred,
    "ticket_moved": _moved,
    "ticket_cancelled": _cancelled,
    "ticket_rated": _rated,
}


def span_us(since: str, until: str) -> int:
    """Whole microseconds between two times as events write them; a clock that was set back makes it 0."""
    return max(
        0, (datetime.fromisoformat(until) - datetime.fromisoformat(since)) // timedelta(microseconds=1)
    )


class _Hours:
    """The hour on the hall's wall, worked out once a minute of the events."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[str, int] = {}

    def of(self, at: str) -> int:
        minute = at[:16]
        if minute not in self._known:
            self._known[minute] = datetime.fromisoformat(f"{minute}Z").astimezone(self._zone).hour
        return self._known[minute]


def month_of(text: str) -> tuple[str, str]:
    """The first and the last day of a month, YYYY-MM. Raises ValueError."""
    first = date.fromisoformat(f"{text}-01")
    next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first.isoformat(), (next_month - timedelta(days=1)).isoformat()
