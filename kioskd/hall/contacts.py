"""What an export really needs of a citizen: given for one purpose, read by few, deleted after its time.

It is in one table and nowhere else: in no event, no log, no statistics. So this module writes its table
itself, unlike the rest of the hall.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from kioskd.hall.command import Command
from kioskd.hall.model import Contact, NotFound, Reading
from kioskd.hall.store import Transaction
from kioskd.hall.times import from_text, to_text


def give(
    command: Command,
    ticket: int,
    purpose: str,
    *,
    name: str,
    phone: str,
    certificate_type: str,
    certificate_no: str,
) -> datetime:
    """Keep what was given for this purpose, in place of what was given before. Returns when it is deleted."""
    command.ticket_row(ticket)
    delete_after = command.now + timedelta(days=command.plan.privacy.contact_days)
    command.tx.execute(
        "INSERT OR REPLACE INTO contact_details VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ticket,
        purpose,
        name,
        phone,
        certificate_type,
        certificate_no,
        to_text(command.now),
        to_text(delete_after),
    )
    return delete_after


def read(tx: Transaction, ticket: int, purpose: str, *, by: str, at: datetime) -> Contact:
    """What was given for this purpose. Who reads it, and when, is written down in the same transaction.

    It needs no hall, so that a program beside the running daemon can ask too. at: aware.
    """
    row = _row(tx, ticket, purpose)
    tx.execute(
        "INSERT INTO contact_readings (ticket, purpose, read_by, read_at) VALUES (?, ?, ?, ?)",
        ticket,
        purpose,
        by,
        to_text(at),
    )
    return Contact(
        ticket=ticket,
        purpose=purpose,
        name=row["name"],
        phone=row["phone"],
        certificate_type=row["certificate_type"],
        certificate_no=row["certificate_no"],
        given_at=from_text(row["given_at"]),
        delete_after=from_text(row["delete_after"]),
        readings=sum(reading.purpose == purpose for reading in readings(tx, ticket)),
    )


def forget(command: Command, ticket: int, purpose: str) -> None:
    """Delete it before its time. Who read it stays written down."""
    _row(command.tx, ticket, purpose)
    command.tx.execute("DELETE FROM contact_details WHERE ticket = ? AND purpose = ?", ticket, purpose)


def readings(tx: Transaction, ticket: int) -> list[Reading]:
    """Who read what was given with this ticket, the latest first."""
    rows = tx.all("SELECT * FROM contact_readings WHERE ticket = ? ORDER BY id DESC", ticket)
    return [
        Reading(purpose=row["purpose"], read_by=row["read_by"], read_at=from_text(row["read_at"]))
        for row in rows
    ]


def overdue(tx: Transaction, now: datetime) -> bool:
    """Whether something has outlived its time."""
    return tx.one("SELECT 1 FROM contact_details WHERE delete_after <= ?", to_text(now)) is not None


def delete_overdue(tx: Transaction, now: datetime) -> None:
    """Delete what has."""
    tx.execute("DELETE FROM contact_details WHERE delete_after <= ?", to_text(now))


def _row(tx: Transaction, ticket: int, purpose: str) -> sqlite3.Row:
    if tx.one("SELECT 1 FROM tickets WHERE id = ?", ticket) is None:
        raise NotFound("unknown_ticket", ticket=ticket)
    row = tx.one("SELECT * FROM contact_details WHERE ticket = ? AND purpose = ?", ticket, purpose)
    if row is None:
        raise NotFound("no_contact")
    return row
