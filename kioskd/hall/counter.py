"""A window as its clerk sees it: who is next and why, what was done here, the clerk's own day."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from statistics import mean, median

import msgspec

from kioskd.hall import views
from kioskd.hall.command import Command
from kioskd.hall.model import Ticket, TicketState, WindowState, WindowView
from kioskd.hall.plan import Window
from kioskd.hall.rules import Why, may_call, next_ticket
from kioskd.hall.seen import CHANGING
from kioskd.hall.times import elapsed_s, from_text, moment

_TOLD = 12
"""So many of the last things done are told."""


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """Whose turn it is at a window, and what the rule that decided looked at."""

    ticket: Ticket
    why: Why
    appointment_at: datetime | None = None
    """The time agreed, for a ticket of an appointment."""
    passed_over_s: float | None = None
    """For how long others have been called before it."""
    in_a_row: int = 0
    """How many priority and appointment tickets this window has called in a row."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done at the window. undo: the command that takes it back, where there is one."""

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


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A clerk's day so far, or a window's at which nobody is signed in. Ratings only as a count."""

    served: int
    median_s: float | None
    """Of the service times that were measured; None when none was."""
    mean_s: float | None
    no_shows: int
    ratings: int


class CounterView(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, from one snapshot."""

    event_id: int
    at: datetime
    window: WindowView
    next: Next | None
    waiting: tuple[Ticket, ...]
    """Whom this window may call, in the order they came."""
    held: tuple[Ticket, ...]
    """Put aside here."""
    no_shows: tuple[Ticket, ...]
    """Missed, and of this window's lines or sent to it."""
    figures: Figures
    log: tuple[Done, ...]
    """The latest first."""


def counter(command: Command, number: int) -> CounterView:
    """The window of this number. Raises NotFound."""
    plan, window = command.window(number), views.window(command, number)
    waiting = {ticket.id: ticket for ticket in views.today(command, TicketState.WAITING)}
    return CounterView(
        event_id=command.tx.value("SELECT coalesce(max(id), 0) FROM events"),
        at=command.now,
        window=window,
        next=_next(command, plan, waiting),
        waiting=tuple(waiting[each.id] for each in command.waiting() if may_call(plan, each)),
        held=tuple(each for each in views.today(command, TicketState.HELD) if each.window == number),
        no_shows=tuple(each for each in views.today(command, TicketState.NO_SHOW) if _is_of(plan, each)),
        figures=_figures(command, window),
        log=_log(command, window),
    )


def _is_of(plan: Window, ticket: Ticket) -> bool:
    return ticket.line in plan.lines if ticket.for_window is None else ticket.for_window == plan.number


def _next(command: Command, plan: Window, waiting: dict[int, Ticket]) -> Next | None:
    run = command.window_row(plan.number)["priority_run"]
    choice = next_ticket(plan, command.waiting(), priority_run=run, rules=command.plan.rules, now=command.now)
    if choice is None:
        return None
    since = choice.ticket.passed_over_since
    return Next(
        ticket=waiting[choice.ticket.id],
        why=choice.why,
        appointment_at=_appointment_at(command, choice.ticket.id),
        passed_over_s=None if since is None else elapsed_s(since, command.now),
        in_a_row=run,
    )


def _appointment_at(command: Command, ticket: int) -> datetime | None:
    return moment(command.tx.value("SELECT at FROM appointments WHERE ticket = ?", ticket))


def _figures(command: Command, window: WindowView) -> Figures:
    whose = "clerk = ?" if window.clerk is not None else "clerk IS NULL AND window = ?"
    who = window.number if window.clerk is None else window.clerk
    served = command.tx.all(
        f"SELECT service_s FROM tickets WHERE service_day = ? AND state = 'done' AND {whose}",  # noqa: S608
        command.day,
        who,
    )
    missed = f"SELECT count(*) FROM tickets WHERE service_day = ? AND state = 'no-show' AND {whose}"  # noqa: S608
    rated = f"SELECT count(*) FROM ratings WHERE service_day = ? AND {whose}"  # noqa: S608
    times_s = [row["service_s"] for row in served if row["service_s"] is not None]
    return Figures(
        served=len(served),
        median_s=median(times_s) if times_s else None,
        mean_s=mean(times_s) if times_s else None,
        no_shows=command.tx.value(missed, command.day, who),
        ratings=command.tx.value(rated, command.day, who),
    )


# --- what was done here -------------------------------------------------------------------------------------


_LATEST = f"""
    SELECT events.*, tickets.number, tickets.state, tickets.window AS ticket_window
    FROM events LEFT JOIN tickets ON tickets.id = events.ticket
    WHERE events.window = ? AND type IN {CHANGING} AND events.service_day = ? ORDER BY events.id DESC LIMIT ?
"""  # noqa: S608 - no words of others


def _log(command: Command, window: WindowView) -> tuple[Done, ...]:
    rows = command.tx.all(
        _LATEST,
        window.number,
        command.day,
        _TOLD,
    )
    told: set[int] = set()
    log = []
    for row in rows:
        is_latest = row["ticket"] not in told
        told.add(row["ticket"])
        log.append(_done(row, _undo(row, window) if is_latest else None))
    return tuple(log)


def _done(row: sqlite3.Row, undo: str | None) -> Done:
    facts = json.loads(row["data"])
    return Done(
        event=row["id"],
        at=from_text(row["at"]),
        type=row["type"],
        by=row["done_by"],
        ticket=row["ticket"],
        number=row["number"] or "",
        reason=facts.get("reason", ""),
        to_line=facts.get("to_line"),
        to_window=facts.get("to_window"),
        undo=undo,
    )


def _undo(row: sqlite3.Row, window: WindowView) -> str | None:
    """The command that takes the latest thing done with a ticket, or with the window, back."""
    here = row["ticket_window"] == window.number
    match row["type"]:
        case "ticket_called" | "ticket_recalled" if here and row["state"] == TicketState.CALLED:
            return "requeue"
        case "ticket_no_show" if row["state"] == TicketState.NO_SHOW:
            return "call"
        case "ticket_held" if here and row["state"] == TicketState.HELD:
            return "resume-ticket"
        case "window_paused" if window.state is WindowState.PAUSED:
            return "resume"
        case "window_closed" if window.state is WindowState.CLOSED:
            return "open"
    return None
