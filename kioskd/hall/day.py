"""The service day: when it begins, how it is wound up, and what happens when the clock cannot be right."""

from __future__ import annotations

import enum
import sqlite3
from datetime import date, timedelta

from kioskd.hall import matters
from kioskd.hall.clock import Clock
from kioskd.hall.command import Command
from kioskd.hall.model import Refused
from kioskd.hall.rules import service_day_at, wind_up_at
from kioskd.hall.store import Transaction

DAY_OVER = "day_over"
DAY_WITHDRAWN = "day_withdrawn"


class Due(enum.Enum):
    """What the clock asks for."""

    NOTHING = enum.auto()
    WIND_UP = enum.auto()
    NEW_DAY = enum.auto()
    STAFF = enum.auto()
    """The clock names a day that nobody vouches for: staff must confirm it."""


def current_day(tx: Transaction) -> str | None:
    """The service day the hall is in: the latest one opened and not withdrawn. The clock has no say in it."""
    day: str | None = tx.value("SELECT max(day) FROM service_days WHERE withdrawn_at IS NULL")
    return day


def clock_day(command: Command) -> str:
    """The service day that it is by the clock."""
    return service_day_at(command.local, command.plan.day).isoformat()


def due(command: Command, clock: Clock) -> Due:
    """What is due by the clock.

    A day before the current one is never opened again. One later than the next calendar day, or one that was
    withdrawn, is opened by the clock alone only when somebody outside vouches for the clock.
    """
    today, current = clock_day(command), current_day(command.tx)
    if current is not None and today < current:
        return Due.NOTHING
    if today == current:
        return Due.WIND_UP if _wind_up_is_due(command, today) else Due.NOTHING
    if _was_withdrawn(command.tx, today):
        return Due.STAFF
    if current is None or date.fromisoformat(today) - date.fromisoformat(current) == timedelta(days=1):
        return Due.NEW_DAY
    return Due.NEW_DAY if clock.synchronised() else Due.STAFF


def carry_out(command: Command, what: Due) -> None:
    """Do what is due."""
    if what is Due.WIND_UP:
        wind_up(command)
    elif what is Due.NEW_DAY:
        open_day(command)


def open_day(command: Command) -> None:
    """Open the service day that it is by the clock, after winding up the one before."""
    current = current_day(command.tx)
    if current is not None and (not is_wound_up(command.tx, current) or _at_work_again(command)):
        wind_up(command)
    today = clock_day(command)
    with_day(command, today).tell("day_opened")
    matters.begin_due(command.tx, at=command.now, service_day=today)


def wind_up(command: Command) -> None:
    """End the service day: nobody waits any more, and the windows close."""
    for row in _unfinished(command):
        _end_ticket(command, row["id"], row["state"], row["window"])
    for row in command.tx.all("SELECT number, state, clerk FROM windows ORDER BY number"):
        if row["state"] != "closed":
            command.tell("window_closed", window=row["number"])
        if row["clerk"] is not None:
            command.tell("clerk_signed_out", window=row["number"], clerk=row["clerk"])
    command.tell("day_wound_up")


def confirm(command: Command, clock: Clock) -> str:
    """Staff vouch for the clock: its day is opened. Raises Refused("nothing_to_confirm")."""
    if due(command, clock) is not Due.STAFF:
        raise Refused("nothing_to_confirm", service_day=command.day)
    open_day(command)
    return clock_day(command)


def withdraw(command: Command) -> str | None:
    """Take back the current service day, opened by a wrong clock; the day before is current again.

    Its unfinished tickets are cancelled; its numbers stay used, should the clock reach that day after all.
    """
    current = current_day(command.tx)
    if current is None:
        raise Refused("no_service_day")
    for row in _unfinished(command):
        command.tell("ticket_cancelled", ticket=row["id"], because=DAY_WITHDRAWN)
    back_to = command.tx.value(
        "SELECT max(day) FROM service_days WHERE withdrawn_at IS NULL AND day < ?", current
    )
    command.tell("day_withdrawn", back_to=back_to)
    if back_to is not None:
        matters.begin_due(command.tx, at=command.now, service_day=back_to)
    return current_day(command.tx)


def is_wound_up(tx: Transaction, day: str) -> bool:
    """Whether the day has ended for its tickets."""
    return tx.value("SELECT wound_up_at FROM service_days WHERE day = ?", day) is not None


def with_day(command: Command, day: str) -> Command:
    """The same command in another service day."""
    return Command(tx=command.tx, plan=command.plan, now=command.now, day=day, by=command.by)


def _wind_up_is_due(command: Command, day: str) -> bool:
    zone = command.local.tzinfo
    assert zone is not None
    ends = wind_up_at(date.fromisoformat(day), command.plan.day, zone)
    return command.local >= ends and not is_wound_up(command.tx, day)


def _was_withdrawn(tx: Transaction, day: str) -> bool:
    return tx.value("SELECT withdrawn_at FROM service_days WHERE day = ?", day) is not None


def _at_work_again(command: Command) -> bool:
    """Whether somebody went on after the winding up: a window is open, or a no-show was called after all."""
    return bool(_unfinished(command)) or bool(
        command.tx.value("SELECT count(*) FROM windows WHERE state <> 'closed' OR clerk IS NOT NULL")
    )


def _unfinished(command: Command) -> list[sqlite3.Row]:
    return command.tx.all(
        "SELECT id, state, window FROM tickets WHERE service_day = ?"
        " AND state IN ('waiting', 'called', 'serving', 'held') ORDER BY id",
        command.day,
    )


def _end_ticket(command: Command, ticket: int, state: str, window: int | None) -> None:
    if state == "serving":
        clerk = command.tx.value("SELECT clerk FROM windows WHERE number = ?", window)
        # Nobody saw the end of this service, so it is not measured.
        command.tell(
            "ticket_finished", ticket=ticket, window=window, service_s=None, clerk=clerk, because=DAY_OVER
        )
    elif state == "called":
        command.tell("ticket_no_show", ticket=ticket, window=window, because=DAY_OVER)
    else:
        command.tell("ticket_cancelled", ticket=ticket, because=DAY_OVER)
