"""Tokens: of programs, with scopes; of screens elsewhere in the hall, with a role. Kept as a digest only."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, to_text
from kioskd.staff.audit import note
from kioskd.staff.roles import ROLES, SCOPES, SCREENS


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """Who has a token, and what for. role: kiosk or display for a screen's, empty for a program's."""

    name: str
    scopes: frozenset[str]
    role: str = ""
    created_at: datetime

    @property
    def caller(self) -> str:
        """How events and the audit trail name it."""
        return f"device:{self.name}" if self.role else f"token:{self.name}"


def add_token(
    store: Store, name: str, scopes: Iterable[str], *, token: str | None = None, by: str = ""
) -> str:
    """Give a program a token and return it; the store keeps only its SHA-256.

    Raises ValueError for a scope that does not exist. A name that has a token gets the new one.
    """
    wanted = sorted(set(scopes))
    wrong = [scope for scope in wanted if scope not in SCOPES]
    if wrong or not wanted:
        raise ValueError(
            f"no such scope: {', '.join(wrong) or '(none given)'}; scopes are {', '.join(SCOPES)}"
        )
    return _add(store, name, " ".join(wanted), "", token, by)


def add_device_token(store: Store, name: str, role: str, *, token: str | None = None, by: str = "") -> str:
    """Give a screen elsewhere a token and return it: opened once with ?device=TOKEN, it stays let in.

    Raises ValueError for a role that is no screen's. A name that has a token gets the new one.
    """
    if role not in SCREENS:
        raise ValueError(f"no such role of a screen: {role}; screens are {', '.join(SCREENS)}")
    return _add(store, name, " ".join(sorted(ROLES[role])), role, token, by)


def tokens(store: Store) -> list[Token]:
    """All of them, by name. What they are nobody can say."""
    with store.read() as snapshot:
        return [_token(row) for row in snapshot.all("SELECT * FROM api_tokens ORDER BY name")]


def remove_token(store: Store, name: str, *, by: str = "") -> None:
    """Take it away: from now on it opens nothing. Raises ValueError when there is none of this name."""
    with store.transaction() as tx:
        if tx.one("SELECT 1 FROM api_tokens WHERE name = ?", name) is None:
            raise ValueError(f"there is no token {name!r}: `kioskd token list` shows all")
        tx.execute("DELETE FROM api_tokens WHERE name = ?", name)
        note(tx, datetime.now(UTC), "token_removed", by=by, subject=name)


def whose(store: Store, token: str) -> Token | None:
    """Whose token this is, or None."""
    with store.read() as snapshot:
        row = snapshot.one("SELECT * FROM api_tokens WHERE token_sha256 = ?", sha256(token))
    return None if row is None else _token(row)


def sha256(token: str) -> str:
    """A token's digest. It has 256 random bits: nothing slower is needed."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _add(store: Store, name: str, scopes: str, role: str, token: str | None, by: str) -> str:
    token = token or secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with store.transaction() as tx:
        tx.execute("DELETE FROM api_tokens WHERE name = ?", name)
        _insert(tx, name, token, scopes, role, now)
        note(tx, now, "token_added", by=by, subject=name, scopes=scopes, role=role)
    return token


def _insert(tx: Transaction, name: str, token: str, scopes: str, role: str, now: datetime) -> None:
    tx.execute(
        "INSERT INTO api_tokens (name, token_sha256, scopes, created_at, role) VALUES (?, ?, ?, ?, ?)",
        name,
        sha256(token),
        scopes,
        to_text(now),
        role,
    )


def _token(row: sqlite3.Row) -> Token:
    return Token(
        name=row["name"],
        scopes=frozenset(row["scopes"].split()),
        role=row["role"],
        created_at=from_text(row["created_at"]),
    )
