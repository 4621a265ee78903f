"""Who did what beside the hall's own events: sign-ins, lock-outs, accounts, tokens, exports, staff commands.

A note is written in the same transaction as what it tells, is never changed, and goes after its time. It
names accounts, tokens, devices and addresses; never a PIN, never a person the hall serves.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, to_text

LEAST_DAYS = 183
"""Half a year: no hall may keep its audit trail for less."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit trail. by: an account, token, device or user of this computer."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str = ""
    """What it was done to: an account's, a token's or a device's name."""
    address: str = ""
    """Where the request came from; empty for the command line."""
    facts: dict[str, Any] = {}


def note(
    tx: Transaction,
    now: datetime,
    action: str,
    *,
    by: str,
    subject: str = "",
    address: str = "",
    **facts: Any,
) -> None:
    """Write it down, in the transaction that does it."""
    tx.execute(
        "INSERT INTO audit (at, done_by, action, subject, address, facts) VALUES (?, ?, ?, ?, ?, ?)",
        to_text(now),
        by,
        action,
        subject,
        address,
        json.dumps(facts, ensure_ascii=False),
    )


def notes(store: Store, *, after: int = 0, since: datetime | None = None, limit: int = 1000) -> list[Note]:
    """The latest `limit` notes that are newer than note `after` and not older than `since`, oldest first."""
    with store.read() as snapshot:
        rows = snapshot.all(
            "SELECT * FROM audit WHERE id > ? AND at >= ? ORDER BY id DESC LIMIT ?",
            after,
            "" if since is None else to_text(since),
            limit,
        )
    return [
        Note(
            id=row["id"],
            at=from_text(row["at"]),
            by=row["done_by"],
            action=row["action"],
            subject=row["subject"],
            address=row["address"],
            facts=json.loads(row["facts"]),
        )
        for row in reversed(rows)
    ]


def sweep(tx: Transaction, now: datetime, keep_days: int) -> None:
    """Delete what has been kept for `keep_days`, or for half a year where that is longer."""
    oldest = now - timedelta(days=max(keep_days, LEAST_DAYS))
    tx.execute("DELETE FROM audit WHERE at < ?", to_text(oldest))
