"""One command while it is carried out: its transaction, the hall's plan, the time, and who gave it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kioskd.hall import events, matters
from kioskd.hall.model import Event, NotFound, Refused
from kioskd.hall.plan import Line, Matter, Plan, Priority, Window
from kioskd.hall.rules import Waiting
from kioskd.hall.store import Transaction
from kioskd.hall.times import moment


@dataclass(frozen=True)
class Command:
    """What a command reads from and tells its events to. now: aware, in UTC; day: the current service day."""

    tx: Transaction
    plan: Plan
    now: datetime
    day: str
    by: str = ""

    @property
    def local(self) -> datetime:
        """The time on the hall's wall."""
        return self.now.astimezone(ZoneInfo(self.plan.timezone))

    def tell(self, type_: str, *, ticket: int | None = None, window: int | None = None, **data: Any) -> Event:
        """Record an event of this command and apply it."""
        return events.tell(
            self.tx,
            type_,
            at=self.now,
            service_day=self.day,
            ticket=ticket,
            window=window,
            by=self.by,
            data=data,
        )

    # --- what the plan has ---

    def line(self, line_id: str) -> Line:
        """The line of this id. Raises NotFound."""
        for line in self.plan.lines:
            if line.id == line_id:
                return line
        raise NotFound("unknown_line", line=line_id)

    def matter(self, code: str) -> Matter:
        """The matter of this code. Raises NotFound."""
        return self.matter_version(code)[0]

    def matter_version(self, code: str) -> tuple[Matter, int]:
        """The matter of this code, and the number of its version in force. Raises NotFound."""
        found = matters.current(self.tx, code)
        if found is None:
            raise NotFound("unknown_matter", matter=code)
        return found

    def planned(self, number: int) -> Window:
        """The window of this number, as the hall file has it. Raises NotFound."""
        for window in self.plan.windows:
            if window.number == number:
                return window
        raise NotFound("unknown_window", window=number)

    def window(self, number: int) -> Window:
        """The window of this number, with the lines it serves today. Raises NotFound."""
        today = self.tx.value("SELECT lines_today FROM windows WHERE number = ?", number)
        return self._today(self.planned(number), today)

    def windows(self) -> tuple[Window, ...]:
        """All windows, each with the lines it serves today."""
        rows = self.tx.all("SELECT number, lines_today FROM windows WHERE lines_today IS NOT NULL")
        today = {row["number"]: row["lines_today"] for row in rows}
        return tuple(self._today(window, today.get(window.number)) for window in self.plan.windows)

    def _today(self, window: Window, lines_today: str | None) -> Window:
        """The window with the lines that a supervisor gave it for the day, as far as they still exist."""
        if lines_today is None:
            return window
        known = {line.id for line in self.plan.lines}
        lines = tuple(line for line in json.loads(lines_today) if line in known)
        return msgspec.structs.replace(window, lines=lines or window.lines)

    # --- what the tables hold ---

    def is_stopped(self, line_id: str) -> bool:
        """Whether a supervisor stopped the line for today."""
        return bool(self.tx.value("SELECT stopped FROM lines WHERE id = ?", line_id))

    def window_row(self, number: int) -> sqlite3.Row:
        """The window's state. Raises NotFound for a window the plan does not have."""
        self.planned(number)
        row = self.tx.one("SELECT * FROM windows WHERE number = ?", number)
        assert row is not None, "every window of the plan has its row"
        return row

    def open_window(self, number: int) -> sqlite3.Row:
        """The window's state, for what only an open window does. Raises Refused("window_not_open")."""
        row = self.window_row(number)
        if row["state"] != "open":
            raise Refused("window_not_open", window=number, state=row["state"])
        return row

    def ticket_row(self, ticket_id: int) -> sqlite3.Row:
        """The ticket. Raises NotFound."""
        row = self.tx.one("SELECT * FROM tickets WHERE id = ?", ticket_id)
        if row is None:
            raise NotFound("unknown_ticket", ticket=ticket_id)
        return row

    def ticket_at(self, window: int) -> sqlite3.Row | None:
        """The ticket called or served at the window."""
        return self.tx.one(
            "SELECT * FROM tickets WHERE window = ? AND state IN ('called', 'serving')", window
        )

    def waiting(self) -> list[Waiting]:
        """All waiting tickets of the day, as the rules see them."""
        return waiting_tickets(self.tx, self.day)


def waiting_tickets(tx: Transaction, day: str) -> list[Waiting]:
    """All waiting tickets of a service day, in the order they came."""
    rows = tx.all(
        "SELECT id, line, priority, position, for_window, passed_over_since FROM tickets"
        " WHERE service_day = ? AND state = 'waiting' ORDER BY position, id",
        day,
    )
    return [
        Waiting(
            id=row["id"],
            line=row["line"],
            priority=Priority(row["priority"]),
            position=row["position"],
            for_window=row["for_window"],
            passed_over_since=moment(row["passed_over_since"]),
        )
        for row in rows
    ]
