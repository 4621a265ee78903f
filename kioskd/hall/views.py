"""What the hall tells others: a ticket, its place, a window, the whole queue; each from one snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median

from kioskd.hall.command import Command
from kioskd.hall.model import (
    LineView,
    NotFound,
    PaperState,
    Place,
    QueueView,
    Ticket,
    TicketState,
    WindowState,
    WindowView,
)
from kioskd.hall.opening import why_closed
from kioskd.hall.plan import Line, Priority, Window
from kioskd.hall.rules import Waiting, expected_order, may_call
from kioskd.hall.seen import last_change
from kioskd.hall.store import Transaction
from kioskd.hall.times import elapsed_s, from_text, moment

_SERVICES_LOOKED_AT = 20
_SERVICES_NEEDED = 3
_DAYS_LOOKED_BACK = 14

_TICKETS = "SELECT *, (SELECT level FROM ratings WHERE ratings.ticket = tickets.id) AS rating FROM tickets"

# --- tickets ------------------------------------------------------------------------------------------------


def ticket(tx: Transaction, ticket_id: int) -> Ticket:
    """The ticket of this id. Raises NotFound."""
    return _one_ticket(tx, "id = ?", ticket_id)


def ticket_by_token(tx: Transaction, token: str) -> Ticket:
    """The ticket of a citizen's own page. Raises NotFound."""
    return _one_ticket(tx, "token = ?", token)


def paper_state(tx: Transaction, ticket_id: int) -> PaperState:
    """Where the ticket's latest paper is."""
    state = tx.value("SELECT state FROM print_jobs WHERE ticket = ? ORDER BY id DESC LIMIT 1", ticket_id)
    return PaperState.NONE if state is None else PaperState(state)


def _one_ticket(tx: Transaction, where: str, value: int | str) -> Ticket:
    row = tx.one(f"{_TICKETS} WHERE {where}", value)
    if row is None:
        raise NotFound("unknown_ticket", ticket=value if isinstance(value, int) else "")
    return _ticket(row)


_ORDER = {TicketState.WAITING: "position, id"}


def today(command: Command, *states: TicketState) -> tuple[Ticket, ...]:
    """The service day's tickets in these states: waiting ones as they came, others the latest call first."""
    marks = ", ".join("?" * len(states))
    order = _ORDER.get(states[0], "last_call_event DESC")
    rows = command.tx.all(
        f"{_TICKETS} WHERE service_day = ? AND state IN ({marks}) ORDER BY {order}", command.day, *states
    )
    return tuple(_ticket(row) for row in rows)


def _ticket(row: sqlite3.Row) -> Ticket:
    return Ticket(
        id=row["id"],
        number=row["number"],
        line=row["line"],
        matter=row["matter"],
        matter_name=row["matter_name"],
        priority=Priority(row["priority"]),
        state=TicketState(row["state"]),
        service_day=row["service_day"],
        token=row["token"],
        issued_at=from_text(row["issued_at"]),
        window=row["window"],
        for_window=row["for_window"],
        called_at=moment(row["called_at"]),
        started_at=moment(row["started_at"]),
        finished_at=moment(row["finished_at"]),
        calls=row["calls"],
        ended_because=row["ended_because"],
        rating=row["rating"],
        affair_no=row["affair_no"],
    )


# --- places -------------------------------------------------------------------------------------------------


def place(command: Command, ticket_id: int) -> Place | None:
    """How many are called before this ticket, and how long that may take; None when it is not waiting."""
    waiting = command.waiting()
    mine = next((each for each in waiting if each.id == ticket_id), None)
    if mine is None:
        return None
    same_queue = [each for each in waiting if _wait_together(each, mine)]
    ahead = [each.id for each in expected_order(same_queue, command.plan.rules.priority_in_a_row)].index(
        ticket_id
    )
    return Place(ahead=ahead, estimated_wait_s=_estimated_wait_s(command, mine.line, mine.for_window, ahead))


def _wait_together(one: Waiting, other: Waiting) -> bool:
    """Whether two tickets wait for the same: for one window alone, or for any window of their line."""
    if one.for_window != other.for_window:
        return False
    return one.for_window is not None or one.line == other.line


def _estimated_wait_s(command: Command, line: str, for_window: int | None, ahead: int) -> int | None:
    """From the line's recent service times and its open windows; None when there is nothing to go by."""
    windows = _open_windows(command, line)
    serving = len(windows) if for_window is None else len(windows & {for_window})
    service_s = _typical_service_s(command, line)
    return None if service_s is None or serving == 0 else round(service_s * ahead / serving)


def _typical_service_s(command: Command, line: str) -> float | None:
    """The median of the line's latest services: today's, or those of two weeks while today's are too few."""
    two_weeks_ago = date.fromisoformat(command.day) - timedelta(days=_DAYS_LOOKED_BACK)
    for since in (command.day, two_weeks_ago.isoformat()):
        rows = command.tx.all(
            "SELECT service_s FROM tickets WHERE line = ? AND service_s IS NOT NULL AND service_day >= ?"
            " ORDER BY finished_at DESC LIMIT ?",
            line,
            since,
            _SERVICES_LOOKED_AT,
        )
        if len(rows) >= _SERVICES_NEEDED:
            return float(median(row["service_s"] for row in rows))
    return None


def _open_windows(command: Command, line: str) -> set[int]:
    is_open = {row["number"] for row in command.tx.all("SELECT number FROM windows WHERE state = 'open'")}
    return is_open & {window.number for window in command.windows() if line in window.lines}


# --- ratings ------------------------------------------------------------------------------------------------


def is_rated(command: Command, row: sqlite3.Row) -> bool:
    """Whether this ticket has its rating."""
    return command.tx.one("SELECT 1 FROM ratings WHERE ticket = ?", row["id"]) is not None


def is_late_to_rate(command: Command, row: sqlite3.Row) -> bool:
    """Whether this finished ticket's time for a rating is over."""
    return elapsed_s(from_text(row["finished_at"]), command.now) > command.plan.rules.rating_within_min * 60


def _may_still_rate(command: Command, row: sqlite3.Row) -> bool:
    return not is_late_to_rate(command, row) and not is_rated(command, row)


# --- windows, lines, the whole queue ------------------------------------------------------------------------


def window(command: Command, number: int) -> WindowView:
    """One window. Raises NotFound."""
    return _window(command, command.window(number), command.waiting())


def queue(command: Command) -> QueueView:
    """The whole hall at one moment."""
    waiting = command.waiting()
    return QueueView(
        service_day=command.day,
        event_id=command.tx.value("SELECT coalesce(max(id), 0) FROM events"),
        lines=tuple(_line(command, line, waiting) for line in command.plan.lines),
        windows=tuple(_window(command, each, waiting) for each in command.windows()),
        called=today(command, TicketState.CALLED, TicketState.SERVING),
        waiting=today(command, TicketState.WAITING),
        held=today(command, TicketState.HELD),
        no_shows=today(command, TicketState.NO_SHOW),
    )


def _line(command: Command, line: Line, waiting: Iterable[Waiting]) -> LineView:
    closed = why_closed(command, line)
    facts = {} if closed is None else closed.facts
    opens_at: str | None = facts.get("opens_at")
    here = [each for each in waiting if each.line == line.id]
    return LineView(
        id=line.id,
        title=line.title,
        title_en=line.title_en,
        letter=line.letter,
        stopped=command.is_stopped(line.id),
        waiting=len(here),
        open_windows=len(_open_windows(command, line.id)),
        accepting=closed is None,
        reason="" if closed is None else closed.code,
        holiday=facts.get("holiday", ""),
        holiday_en=facts.get("holiday_en", ""),
        opens_at=None if opens_at is None else datetime.fromisoformat(opens_at),
        estimated_wait_s=_estimated_wait_s(command, line.id, None, len(here)),
    )


def _window(command: Command, plan: Window, waiting: Iterable[Waiting]) -> WindowView:
    row = command.window_row(plan.number)
    clerk = next((each for each in command.plan.clerks if each.id == row["clerk"]), None)
    here = command.ticket_at(plan.number)
    last = None if row["last_finished"] is None else command.ticket_row(row["last_finished"])
    change = last_change(command.tx, plan.number)
    return WindowView(
        number=plan.number,
        title=plan.title,
        title_en=plan.title_en,
        lines=plan.lines,
        state=WindowState(row["state"]),
        pause_reason=row["pause_reason"],
        clerk=row["clerk"],
        clerk_name="" if clerk is None else clerk.name,
        clerk_position="" if clerk is None else clerk.position,
        ticket=None if here is None else ticket(command.tx, here["id"]),
        last_finished=None if last is None else ticket(command.tx, last["id"]),
        waiting=sum(may_call(plan, each) for each in waiting),
        seen=0 if change is None else change.event,
        rating_invited=last is not None and last["invited_at"] is not None and _may_still_rate(command, last),
    )
