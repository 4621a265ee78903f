"""What a citizen does with a ticket: take it, give it up, come again later, get its paper again."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from typing import Any

from kioskd.hall import views
from kioskd.hall.command import Command
from kioskd.hall.model import Refused, Ticket
from kioskd.hall.opening import why_closed
from kioskd.hall.papers import queue_ticket_paper
from kioskd.hall.plan import Line, Matter, Priority
from kioskd.hall.rules import number_text, position_after

_TOKEN_BYTES = 16


def issue(command: Command, matter_code: str, *, priority: Priority, paper: bool, key: str | None) -> Ticket:
    """Give the next number of the matter's line, and queue its paper.

    key: the idempotency key of the request; the same request with the same key gets the same ticket again.
    """
    request = f"{matter_code} {priority} {paper}"
    key_sha256 = None if key is None else hashlib.sha256(key.encode()).hexdigest()
    if key_sha256 is not None and (ticket := _issued_before(command, key_sha256, request)) is not None:
        return views.ticket(command.tx, ticket)
    matter, version = command.matter_version(matter_code)
    line = command.line(matter.line)
    if (closed := why_closed(command, line)) is not None:
        raise Refused(closed.code, **closed.facts)
    ticket = _give_number(command, line, matter, version, priority, key_sha256, request)
    if paper:
        queue_ticket_paper(command, ticket, reprint=False)
    return views.ticket(command.tx, ticket)


def cancel(command: Command, ticket_id: int) -> Ticket:
    """Give the ticket up."""
    row = command.ticket_row(ticket_id)
    require_state(row, "waiting", "held", "no-show", "called")
    command.tell("ticket_cancelled", ticket=ticket_id, window=row["window"], because="cancelled")
    return views.ticket(command.tx, ticket_id)


def requeue(command: Command, ticket_id: int, after: int | None) -> Ticket:
    """Let the ticket wait again, behind the next `after` of its line."""
    row = command.ticket_row(ticket_id)
    require_state(row, "called", "no-show", "held")
    require_today(command, row)
    after = command.plan.rules.requeue_after if after is None else max(0, after)
    others = [ticket.position for ticket in command.waiting() if ticket.line == row["line"]]
    position = position_after(others, after)
    if position is None:
        position = _next_position(command)
    command.tell("ticket_requeued", ticket=ticket_id, window=row["window"], after=after, position=position)
    return views.ticket(command.tx, ticket_id)


def reprint(command: Command, ticket_id: int) -> Ticket:
    """Queue the paper of a ticket again; from the second on it is marked."""
    row = command.ticket_row(ticket_id)
    require_state(row, "waiting", "called", "held", "no-show")
    require_today(command, row)
    states = {
        job["state"] for job in command.tx.all("SELECT state FROM print_jobs WHERE ticket = ?", ticket_id)
    }
    if states & {"queued", "sending"}:
        raise Refused("paper_under_way", number=row["number"])
    queue_ticket_paper(command, ticket_id, reprint=bool(states))
    return views.ticket(command.tx, ticket_id)


def require_state(row: sqlite3.Row, *states: str) -> None:
    """Raises Refused("wrong_state") unless the ticket is in one of the states."""
    if row["state"] not in states:
        raise Refused("wrong_state", number=row["number"], state=row["state"])


def require_today(command: Command, row: sqlite3.Row) -> None:
    """Raises Refused("of_another_day") for a ticket of an earlier service day."""
    if row["service_day"] != command.day:
        raise Refused("of_another_day", number=row["number"], service_day=row["service_day"])


def _issued_before(command: Command, key_sha256: str, request: str) -> int | None:
    row = command.tx.one("SELECT request, ticket FROM idempotency_keys WHERE key_sha256 = ?", key_sha256)
    if row is None:
        return None
    if row["request"] != request:
        raise Refused("key_reused")
    return int(row["ticket"])


def _give_number(
    command: Command,
    line: Line,
    matter: Matter,
    version: int,
    priority: Priority,
    key_sha256: str | None,
    request: str,
) -> int:
    serial = _next_serial(command, line)
    ticket = int(command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM tickets"))
    for_key: dict[str, Any] = {} if key_sha256 is None else {"key_sha256": key_sha256, "request": request}
    command.tell(
        "ticket_issued",
        ticket=ticket,
        number=number_text(line, serial),
        line=line.id,
        serial=serial,
        matter=matter.code,
        matter_name=matter.name,
        matter_version=version,
        priority=str(priority),
        position=_next_position(command),
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        **for_key,
    )
    return ticket


def _next_serial(command: Command, line: Line) -> int:
    last = command.tx.value(
        "SELECT max(serial) FROM tickets WHERE service_day = ? AND issued_line = ?", command.day, line.id
    )
    serial = line.first if last is None else max(line.first, last + 1)
    # A hall file changed during the day can lead a line into numbers that another gave this morning.
    taken = "SELECT 1 FROM tickets WHERE service_day = ? AND number = ?"
    while command.tx.one(taken, command.day, number_text(line, serial)) is not None:
        serial += 1
    return serial


def _next_position(command: Command) -> float:
    last = command.tx.value("SELECT max(position) FROM tickets WHERE service_day = ?", command.day)
    return float(int(last or 0) + 1)
