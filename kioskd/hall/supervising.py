"""What a supervisor changes while the hall works: a line stops, a window serves others today, people move.

All of it is for the service day: the next one begins as the hall file says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from kioskd.hall import tickets, views
from kioskd.hall.command import Command
from kioskd.hall.model import Refused, Ticket, WindowView

MOVED_AT_ONCE = 500


def stop_line(command: Command, line_id: str) -> None:
    """Give no more tickets in this line today. Those who wait are served."""
    line = command.line(line_id)
    if command.is_stopped(line_id):
        raise Refused("line_stopped", line=line.title)
    command.tell("line_stopped", line=line_id)


def reopen_line(command: Command, line_id: str) -> None:
    """Give tickets again, inside the line's hours."""
    line = command.line(line_id)
    if not command.is_stopped(line_id):
        raise Refused("line_not_stopped", line=line.title)
    command.tell("line_reopened", line=line_id)


def serve_lines(command: Command, number: int, line_ids: Sequence[str]) -> WindowView:
    """Let a window serve these lines today, in this order. No lines: those of the hall file again."""
    planned = command.planned(number).lines
    lines = tuple(dict.fromkeys(command.line(line_id).id for line_id in line_ids)) or planned
    if lines != command.window(number).lines:
        today = None if lines == planned else json.dumps(lines, ensure_ascii=False)
        command.tell("window_lines_changed", window=number, lines_today=today)
    return views.window(command, number)


def move(
    command: Command, ticket_ids: Sequence[int], *, to_line: str | None, to_window: int | None
) -> list[Ticket]:
    """Let waiting people wait elsewhere: in another line, or for one window. All of them, or none.

    Numbers and places by arrival stay; the wait goes on from when each ticket was taken.
    """
    line = None if to_line is None else command.line(to_line).id
    if to_window is not None and command.window_row(to_window)["state"] == "closed":
        raise Refused("window_not_open", window=to_window, state="closed")
    ids = list(dict.fromkeys(ticket_ids))
    if not ids or len(ids) > MOVED_AT_ONCE or (to_line is None) == (to_window is None):
        raise Refused("nobody_to_move", limit=MOVED_AT_ONCE)
    for ticket_id in ids:
        row = command.ticket_row(ticket_id)
        tickets.require_state(row, "waiting")
        tickets.require_today(command, row)
        here, there = (row["line"], row["for_window"]), (line or row["line"], to_window)
        if here != there:
            command.tell(
                "ticket_moved", ticket=ticket_id, from_line=here[0], to_line=there[0], to_window=there[1]
            )
    return [views.ticket(command.tx, ticket_id) for ticket_id in ids]
