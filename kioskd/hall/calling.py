"""What a window does with tickets: call, serve, hold, pass on."""

from __future__ import annotations

import sqlite3

from kioskd.hall import tickets, views
from kioskd.hall.command import Command
from kioskd.hall.model import Refused, Ticket
from kioskd.hall.plan import Priority
from kioskd.hall.rules import Why, next_ticket, passed_over
from kioskd.hall.times import elapsed_s, from_text, to_text


def call_next(command: Command, window: int, *, finish_current: bool) -> Ticket:
    """Call whoever is next by the published rules."""
    row = command.open_window(window)
    _free_window(command, window, finish_current=finish_current)
    plan_window, waiting = command.window(window), command.waiting()
    choice = next_ticket(
        plan_window, waiting, priority_run=row["priority_run"], rules=command.plan.rules, now=command.now
    )
    if choice is None:
        raise Refused("nobody_waiting", window=window)
    passed = passed_over(plan_window, waiting, choice.ticket)
    return _call(command, row, choice.ticket.id, why=choice.why, passed=passed)


def call(command: Command, window: int, ticket_id: int, *, finish_current: bool) -> Ticket:
    """Call a chosen ticket: a waiting one, one that was held, or one that did not show up."""
    row = command.open_window(window)
    ticket = command.ticket_row(ticket_id)
    tickets.require_state(ticket, "waiting", "held", "no-show")
    tickets.require_today(command, ticket)
    if ticket["for_window"] not in (None, window):
        raise Refused("reserved", number=ticket["number"], window=ticket["for_window"])
    _free_window(command, window, finish_current=finish_current)
    return _call(command, row, ticket_id, why=None, passed=[])


def recall(command: Command, window: int) -> Ticket:
    """Call the same ticket out once more: so often and no oftener, with a pause between."""
    ticket = _ticket_here(command, window, "called")
    rules = command.plan.rules
    if ticket["calls"] > rules.recall_limit:
        raise Refused("recall_limit", number=ticket["number"], limit=rules.recall_limit)
    since_s = (command.now - from_text(ticket["last_called_at"])).total_seconds()
    # A clock that was set back says nothing about how long ago the last call was: let it pass.
    if 0 <= since_s < rules.recall_spacing_s:
        raise Refused(
            "recall_too_soon", number=ticket["number"], wait_s=round(rules.recall_spacing_s - since_s, 1)
        )
    command.tell("ticket_recalled", ticket=ticket["id"], window=window)
    return views.ticket(command.tx, ticket["id"])


def start(command: Command, window: int) -> Ticket:
    """The citizen has come to the window."""
    ticket = _ticket_here(command, window, "called")
    command.tell("ticket_started", ticket=ticket["id"], window=window, since=to_text(command.now))
    return views.ticket(command.tx, ticket["id"])


def finish(command: Command, window: int) -> Ticket:
    """The service is done."""
    ticket = _ticket_here(command, window, "serving")
    _finish(command, window, ticket)
    return views.ticket(command.tx, ticket["id"])


def no_show(command: Command, window: int) -> Ticket:
    """Nobody came."""
    ticket = _ticket_here(command, window, "called")
    clerk = command.window_row(window)["clerk"]
    command.tell("ticket_no_show", ticket=ticket["id"], window=window, clerk=clerk)
    return views.ticket(command.tx, ticket["id"])


def hold(command: Command, window: int) -> Ticket:
    """Put the ticket aside, such as while a citizen fills in a form, and free the window."""
    ticket = _ticket_here(command, window, "called", "serving")
    command.tell("ticket_held", ticket=ticket["id"], window=window)
    return views.ticket(command.tx, ticket["id"])


def resume_ticket(command: Command, window: int, ticket_id: int | None) -> Ticket:
    """Go on with a ticket that was held here; the one held last, when nobody says which."""
    command.open_window(window)
    if ticket_id is None:
        ticket_id = _held_last(command, window)
    ticket = command.ticket_row(ticket_id)
    tickets.require_state(ticket, "held")
    tickets.require_today(command, ticket)
    if ticket["window"] != window:
        raise Refused("held_elsewhere", number=ticket["number"], window=ticket["window"])
    _free_window(command, window, finish_current=False)
    command.tell("ticket_resumed", ticket=ticket_id, window=window)
    return views.ticket(command.tx, ticket_id)


def transfer(command: Command, window: int, *, to_line: str | None, to_window: int | None) -> Ticket:
    """Send the citizen on, to another line, or to a window that alone may call the ticket.

    It keeps its number and its place by arrival.
    """
    ticket = _ticket_here(command, window, "called", "serving")
    line = ticket["line"] if to_line is None else command.line(to_line).id
    if to_window == window or (to_window is None and line == ticket["line"]):
        raise Refused("transfer_nowhere", number=ticket["number"])
    if to_window is not None and command.window_row(to_window)["state"] == "closed":
        raise Refused("window_not_open", window=to_window, state="closed")
    command.tell("ticket_transferred", ticket=ticket["id"], window=window, to_line=line, to_window=to_window)
    return views.ticket(command.tx, ticket["id"])


def finish_ticket_at(command: Command, window: int) -> None:
    """Finish the ticket at the window, if there is one. A service that nobody started began with its call."""
    ticket = command.ticket_at(window)
    if ticket is None:
        return
    if ticket["state"] == "called":
        command.tell("ticket_started", ticket=ticket["id"], window=window, since=ticket["called_at"])
    _finish(command, window, command.ticket_row(ticket["id"]))


def _free_window(command: Command, window: int, *, finish_current: bool) -> None:
    if finish_current:
        finish_ticket_at(command, window)
    elif (ticket := command.ticket_at(window)) is not None:
        raise Refused("window_busy", window=window, number=ticket["number"])


def _call(
    command: Command, window: sqlite3.Row, ticket_id: int, *, why: Why | None, passed: list[int]
) -> Ticket:
    """why: the rule that decided; None when somebody chose the ticket."""
    ordinary = command.ticket_row(ticket_id)["priority"] == Priority.ORDINARY
    command.tell(
        "ticket_called",
        ticket=ticket_id,
        window=window["number"],
        priority_run=0 if ordinary else window["priority_run"] + 1,
        chosen=why is None,
        why="" if why is None else str(why),
        passed_over=passed,
    )
    return views.ticket(command.tx, ticket_id)


def _finish(command: Command, window: int, ticket: sqlite3.Row) -> None:
    started = from_text(ticket["started_at"])
    clock_went_back = started > command.now
    command.tell(
        "ticket_finished",
        ticket=ticket["id"],
        window=window,
        service_s=None if clock_went_back else elapsed_s(started, command.now),
        clerk=command.window_row(window)["clerk"],
    )


def _ticket_here(command: Command, window: int, *states: str) -> sqlite3.Row:
    command.window(window)
    ticket = command.ticket_at(window)
    if ticket is None:
        raise Refused("nobody_here", window=window)
    tickets.require_state(ticket, *states)
    return ticket


def _held_last(command: Command, window: int) -> int:
    ticket: int | None = command.tx.value(
        "SELECT id FROM tickets WHERE window = ? AND state = 'held' AND service_day = ?"
        " ORDER BY last_call_event DESC LIMIT 1",
        window,
        command.day,
    )
    if ticket is None:
        raise Refused("nothing_held", window=window)
    return ticket
