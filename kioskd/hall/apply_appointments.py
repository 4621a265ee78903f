"""What the events of appointments do to their table: a part of `apply`.

Who it is for (`person_hash`, `masked`) is in no event: `appointments` writes these two columns beside them.
"""

from __future__ import annotations

from kioskd.hall.model import Event
from kioskd.hall.store import Transaction


def _booked(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO appointments (id, service_day, at, matter, state) VALUES (?, ?, ?, ?, 'booked')",
        event.data["appointment"],
        event.data["for_day"],
        event.data["at"],
        event.data["matter"],
    )


def _cancelled(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE appointments SET state = 'cancelled', person_hash = '', masked = '' WHERE id = ?",
        event.data["appointment"],
    )


def _checked_in(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE appointments SET state = 'checked-in', ticket = ? WHERE id = ?",
        event.ticket,
        event.data["appointment"],
    )


APPOINTMENT_APPLIERS = {
    "appointment_booked": _booked,
    "appointment_cancelled": _cancelled,
    "appointment_checked_in": _checked_in,
}


def day_begins(tx: Transaction, day: str) -> None:
    """Whoever had an appointment on a day before this one has missed it."""
    tx.execute("UPDATE appointments SET state = 'missed' WHERE state = 'booked' AND service_day < ?", day)


def day_ends(tx: Transaction, day: str) -> None:
    """Nobody comes any more; who the appointments of earlier days were for is forgotten."""
    tx.execute("UPDATE appointments SET state = 'missed' WHERE state = 'booked' AND service_day <= ?", day)
    tx.execute("UPDATE appointments SET person_hash = '', masked = '' WHERE service_day < ?", day)


def day_was_wrong(tx: Transaction, back_to: str | None) -> None:
    """A wrong clock made people miss their appointments: they have them again."""
    tx.execute(
        "UPDATE appointments SET state = 'booked'"
        " WHERE state = 'missed' AND person_hash <> '' AND service_day >= ?",
        back_to or "",
    )
