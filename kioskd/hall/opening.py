"""Whether a line gives tickets now, and why not."""

from __future__ import annotations

from typing import Any, NamedTuple

from kioskd.hall import day
from kioskd.hall.command import Command
from kioskd.hall.plan import Line
from kioskd.hall.rules import closed_for, is_open, opens_next


class Closed(NamedTuple):
    """Why no ticket can be taken now: the code and facts of the refusal."""

    code: str
    facts: dict[str, Any]


def why_closed(command: Command, line: Line) -> Closed | None:
    """Why a line gives no tickets now; None when it does."""
    today, current = day.clock_day(command), day.current_day(command.tx)
    hours = line.hours or command.plan.hours
    if current is None or today > current:
        return Closed("day_not_open", {"clock_day": today, "service_day": current or ""})
    calendar = command.plan.calendar
    opens_at = opens_next(hours, calendar, command.local)
    facts = {"line": line.title, "opens_at": None if opens_at is None else opens_at.isoformat()}
    if (holiday := closed_for(hours, calendar, command.local)) is not None:
        names = {"holiday": holiday.name, "holiday_en": holiday.name_en or holiday.name}
        return Closed("holiday", {**facts, **names})
    if day.is_wound_up(command.tx, current):
        return Closed("day_over", facts)
    if not is_open(hours, calendar, command.local):
        return Closed("line_closed", facts)
    if command.is_stopped(line.id):
        return Closed("line_stopped", {"line": line.title})
    if _issued_today(command, line) >= line.daily_limit:
        return Closed("line_full", {"line": line.title, "limit": line.daily_limit})
    return None


def _issued_today(command: Command, line: Line) -> int:
    """How many tickets the line has given this service day."""
    count = "SELECT count(*) FROM tickets WHERE service_day = ? AND issued_line = ?"
    return int(command.tx.value(count, command.day, line.id))
