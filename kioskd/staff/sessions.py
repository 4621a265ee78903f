"""Sessions of signed-in people: in the store as a digest, so they outlive a restart and end everywhere."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime, timedelta

import msgspec

from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, to_text
from kioskd.staff.accounts import Account, AccountWrong, find
from kioskd.staff.tokens import sha256

_NOTED_EVERY = timedelta(seconds=60)
"""How often it is written that somebody is still at work: not every press is worth a write to the disk."""


class SessionRules(msgspec.Struct, frozen=True, kw_only=True):
    """When a session ends by itself. Whoever only looks on is not at work."""

    idle: timedelta = timedelta(minutes=60)
    oldest: timedelta = timedelta(hours=12)


def open_session(tx: Transaction, account: str, now: datetime) -> str:
    """Begin a session for an account and return its secret, for the cookie."""
    secret = secrets.token_urlsafe(32)
    tx.execute(
        "INSERT INTO sessions VALUES (?, ?, ?, ?)", sha256(secret), account, to_text(now), to_text(now)
    )
    return secret


def account_of(
    store: Store, secret: str, now: datetime, rules: SessionRules, *, at_work: bool
) -> Account | None:
    """Whose session this is; None when it has ended, or never was.

    at_work: this request is a person's doing, such as a page opened or a command, not a page looking on.
    """
    digest = sha256(secret)
    with store.read() as snapshot:
        row = snapshot.one("SELECT * FROM sessions WHERE secret_sha256 = ?", digest)
        if row is None or _has_ended(row, now, rules):
            return None
        try:
            account = find(snapshot, row["account"])
        except AccountWrong:
            return None
    if account.disabled:
        return None
    if at_work and now - from_text(row["seen_at"]) >= _NOTED_EVERY:
        with store.transaction() as tx:
            tx.execute("UPDATE sessions SET seen_at = ? WHERE secret_sha256 = ?", to_text(now), digest)
    return account


def end_session(tx: Transaction, secret: str) -> str | None:
    """End it; whose it was."""
    name: str | None = tx.value("SELECT account FROM sessions WHERE secret_sha256 = ?", sha256(secret))
    tx.execute("DELETE FROM sessions WHERE secret_sha256 = ?", sha256(secret))
    return name


def sweep(tx: Transaction, now: datetime, rules: SessionRules) -> None:
    """Delete the sessions that have ended."""
    for row in tx.all("SELECT * FROM sessions"):
        if _has_ended(row, now, rules):
            tx.execute("DELETE FROM sessions WHERE secret_sha256 = ?", row["secret_sha256"])


def _has_ended(row: sqlite3.Row, now: datetime, rules: SessionRules) -> bool:
    """One from the future, where the clock was set back since, has ended too: nobody knows its age."""
    opened, seen = from_text(row["opened_at"]), from_text(row["seen_at"])
    ahead = max(opened, seen) - now > timedelta(minutes=5)
    return ahead or now - opened >= rules.oldest or now - seen >= rules.idle
