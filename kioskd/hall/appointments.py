"""Appointments: booked for a person known only by a keyed hash, and checked in once, into a ticket.

Whoever calls gives the hash; the hall never sees a number. The rules in words: docs/queue-rules.md.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kioskd.hall import tickets, views
from kioskd.hall.command import Command
from kioskd.hall.model import Appointment, AppointmentState, Greeting, NotFound, Refused, Ticket, Timing
from kioskd.hall.plan import Plan, Priority
from kioskd.hall.rules import service_day_at
from kioskd.hall.store import Transaction
from kioskd.hall.times import from_text, to_text


def service_day_of(plan: Plan, at: datetime) -> str:
    """The service day a moment belongs to, for whoever makes that day's hash."""
    return service_day_at(at.astimezone(ZoneInfo(plan.timezone)), plan.day).isoformat()


def book(command: Command, matter: str, at: datetime, *, person_hash: str, masked: str) -> Appointment:
    """Give somebody a time for a matter. person_hash: made with the key of `service_day_of(at)`."""
    command.matter(matter)
    day = service_day_of(command.plan, at)
    if day < command.day or at <= command.now:
        raise Refused("appointment_in_the_past")
    same = (
        "SELECT 1 FROM appointments"
        " WHERE service_day = ? AND person_hash = ? AND matter = ? AND state = 'booked'"
    )
    if command.tx.one(same, day, person_hash, matter) is not None:
        raise Refused("appointment_exists")
    appointment = int(command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM appointments"))
    command.tell("appointment_booked", appointment=appointment, for_day=day, at=to_text(at), matter=matter)
    command.tx.execute(
        "UPDATE appointments SET person_hash = ?, masked = ? WHERE id = ?", person_hash, masked, appointment
    )
    return one(command.tx, appointment)


def cancel(command: Command, appointment: int) -> Appointment:
    """Take the time back; who it was for is forgotten at once."""
    _require_booked(_row(command.tx, appointment))
    command.tell("appointment_cancelled", appointment=appointment)
    return one(command.tx, appointment)


def of_day(tx: Transaction, day: str) -> list[Appointment]:
    """The appointments of a service day, by their time."""
    rows = tx.all("SELECT * FROM appointments WHERE service_day = ? ORDER BY at, id", day)
    return [_appointment(row) for row in rows]


def one(tx: Transaction, appointment: int) -> Appointment:
    """The appointment of this id. Raises NotFound."""
    return _appointment(_row(tx, appointment))


# --- the person is here -------------------------------------------------------------------------------------


def greet(command: Command, person_hash: str, born: date) -> Greeting:
    """What the hall has for this person today: the appointment that is nearest, and the priority of age."""
    has_priority = reaches(born, date.fromisoformat(command.day), command.plan.rules.priority_age)
    rows = command.tx.all(
        "SELECT * FROM appointments WHERE service_day = ? AND person_hash = ?"
        " AND state IN ('booked', 'checked-in') ORDER BY at, id",
        command.day,
        person_hash,
    )
    found = [(_timing(command, row), row) for row in rows]
    for wanted in (Timing.NOW, Timing.EARLY, Timing.DONE, Timing.LATE):
        for timing, row in found:
            if timing is wanted:
                opens, closes = _window(command, row)
                return Greeting(
                    appointment=_appointment(row),
                    timing=timing,
                    from_=opens,
                    until=closes,
                    priority=has_priority,
                )
    return Greeting(priority=has_priority)


def check_in(command: Command, appointment: int, person_hash: str, *, paper: bool = True) -> Ticket:
    """The person is here: a ticket with the class of an appointment, once, however often it is asked for."""
    row = command.tx.one(
        "SELECT * FROM appointments WHERE id = ? AND service_day = ? AND person_hash = ?",
        appointment,
        command.day,
        person_hash,
    )
    if row is None:
        raise NotFound("unknown_appointment")
    if row["state"] == "checked-in":
        return views.ticket(command.tx, row["ticket"])
    _require_booked(row)
    _require_time(command, row)
    ticket = tickets.issue(command, row["matter"], priority=Priority.APPOINTMENT, paper=paper, key=None)
    command.tell("appointment_checked_in", ticket=ticket.id, appointment=appointment)
    return ticket


def reaches(born: date, today: date, age: int) -> bool:
    """Whether somebody is this old today; nobody reaches the age 0, which stands for no rule."""
    birthday_to_come = (today.month, today.day) < (born.month, born.day)
    return age > 0 and today.year - born.year - birthday_to_come >= age


def _window(command: Command, row: sqlite3.Row) -> tuple[datetime, datetime]:
    """From when until when a check-in counts."""
    at, rules = from_text(row["at"]), command.plan.rules
    early, late = timedelta(minutes=rules.check_in_early_min), timedelta(minutes=rules.check_in_late_min)
    return at - early, at + late


def _timing(command: Command, row: sqlite3.Row) -> Timing:
    if row["state"] == "checked-in":
        return Timing.DONE
    opens, closes = _window(command, row)
    return Timing.EARLY if command.now < opens else Timing.LATE if command.now > closes else Timing.NOW


def _require_time(command: Command, row: sqlite3.Row) -> None:
    timing = _timing(command, row)
    if timing is not Timing.NOW:
        times = {"at": from_text(row["at"]), "from_": _window(command, row)[0]}
        zone = ZoneInfo(command.plan.timezone)
        facts = {name: time.astimezone(zone).strftime("%H:%M") for name, time in times.items()}
        raise Refused(f"appointment_{timing}", **facts)


def _require_booked(row: sqlite3.Row) -> None:
    if row["state"] != "booked":
        raise Refused("appointment_over", state=row["state"])


def _row(tx: Transaction, appointment: int) -> sqlite3.Row:
    row = tx.one("SELECT * FROM appointments WHERE id = ?", appointment)
    if row is None:
        raise NotFound("unknown_appointment")
    return row


def _appointment(row: sqlite3.Row) -> Appointment:
    return Appointment(
        id=row["id"],
        service_day=row["service_day"],
        at=from_text(row["at"]),
        matter=row["matter"],
        masked=row["masked"],
        state=AppointmentState(row["state"]),
        ticket=row["ticket"],
    )
