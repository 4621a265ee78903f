"""The accounts of the hall's staff: who they are, what they may, and the hash of how they prove it.

Every change ends the account's sessions and is written down. Several processes may do this at once: the
daemon, and the command line beside it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, to_text
from kioskd.staff.audit import note
from kioskd.staff.hashing import check_secret, hash_secret
from kioskd.staff.roles import ROLES, STAFF

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


class AccountWrong(ValueError):  # noqa: N818 - says what is, as errors.py does
    """An account cannot be made or changed like this. The message says why and what would do."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signs in."""

    name: str
    display_name: str
    roles: tuple[str, ...]
    clerk: str | None = None
    """Who they are at a window: a clerk's id in the hall file."""
    disabled: bool = False
    created_at: datetime
    signed_in_at: datetime | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """What they may ask of the API."""
        return frozenset().union(*(ROLES[role] for role in self.roles))

    def acts_as(self, scope: str) -> str:
        """The name of a deed in events and in the audit trail, such as clerk:c01."""
        role = next((one for one in ROLES if one in self.roles and scope in ROLES[one]), self.roles[0])
        return f"{role}:{self.name}"


def pin_is_enough(roles: Iterable[str]) -> bool:
    """Whether a PIN will do: for who has nothing but a counter. Others reach further and need a password."""
    return set(roles) == {"clerk"}


def add_account(
    store: Store,
    name: str,
    roles: Iterable[str],
    secret: str,
    *,
    by: str,
    display_name: str = "",
    clerk: str | None = None,
) -> Account:
    """Make an account. Raises AccountWrong, WeakSecret."""
    name = name.strip().casefold()
    wanted = tuple(role for role in STAFF if role in set(roles))
    _check(name, roles, wanted, clerk)
    check_secret(secret, name=name, pin_is_enough=pin_is_enough(wanted))
    hashed, now = hash_secret(secret), datetime.now(UTC)
    with store.transaction() as tx:
        _check_clerk(tx, name, clerk)
        if tx.one("SELECT 1 FROM accounts WHERE name = ?", name):
            raise AccountWrong(f"there is an account {name} already: `kioskd user list` shows all")
        tx.execute(
            "INSERT INTO accounts (name, display_name, roles, clerk, secret, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            name,
            display_name.strip() or name,
            " ".join(wanted),
            clerk,
            hashed,
            to_text(now),
        )
        note(tx, now, "account_added", by=by, subject=name, roles=wanted)
        return find(tx, name)


def accounts(store: Store) -> list[Account]:
    """All of them, by name."""
    with store.read() as snapshot:
        return [_account(row) for row in snapshot.all("SELECT * FROM accounts ORDER BY name")]


def find(tx: Transaction, name: str) -> Account:
    """The account of this name. Raises AccountWrong when there is none."""
    return _account(_row(tx, name.strip().casefold()))


def set_secret(store: Store, name: str, secret: str, *, by: str) -> Account:
    """Give the account another PIN or password, and lift its lock-out. Raises AccountWrong, WeakSecret."""
    with store.read() as snapshot:
        account = find(snapshot, name)
    check_secret(secret, name=account.name, pin_is_enough=pin_is_enough(account.roles))
    hashed = hash_secret(secret)
    with store.transaction() as tx:
        account = find(tx, name)
        tx.execute("UPDATE accounts SET secret = ? WHERE name = ?", hashed, account.name)
        _changed(tx, account.name, "secret_changed", by)
        return account


def disable(store: Store, name: str, *, by: str) -> Account:
    """Let nobody in by this account until it is enabled."""
    with store.transaction() as tx:
        account = find(tx, name)
        tx.execute("UPDATE accounts SET disabled = 1 WHERE name = ?", account.name)
        _changed(tx, account.name, "account_disabled", by)
        return find(tx, name)


def enable(store: Store, name: str, *, by: str) -> Account:
    """Let it in again, and lift its lock-out."""
    with store.transaction() as tx:
        account = find(tx, name)
        tx.execute("UPDATE accounts SET disabled = 0 WHERE name = ?", account.name)
        _changed(tx, account.name, "account_enabled", by)
        return find(tx, name)


def remove(store: Store, name: str, *, by: str) -> Account:
    """Take the account away. What it did stays written down."""
    with store.transaction() as tx:
        account = find(tx, name)
        _changed(tx, account.name, "account_removed", by)
        tx.execute("DELETE FROM accounts WHERE name = ?", account.name)
        return account


def any_accounts(store: Store) -> bool:
    """Whether somebody can sign in at all."""
    with store.read() as snapshot:
        return snapshot.one("SELECT 1 FROM accounts WHERE disabled = 0") is not None


def _changed(tx: Transaction, name: str, action: str, by: str) -> None:
    """Its sessions end, its lock-out is lifted, and it is written down."""
    tx.execute("DELETE FROM sessions WHERE account = ?", name)
    tx.execute("DELETE FROM sign_in_attempts WHERE subject = ?", f"account {name}")
    note(tx, datetime.now(UTC), action, by=by, subject=name)


def _check(name: str, asked: Iterable[str], roles: tuple[str, ...], clerk: str | None) -> None:
    if not _NAME.fullmatch(name):
        raise AccountWrong("an account's name is letters, digits, . - and _, 32 at most: it is typed often")
    wrong = sorted(set(asked) - set(STAFF))
    if wrong or not roles:
        raise AccountWrong(
            f"no such role: {', '.join(wrong) or '(none given)'}; people are {', '.join(STAFF)}"
        )
    if "clerk" in roles and not clerk:
        raise AccountWrong("a clerk needs the hall file's clerk id: name it with --clerk")


def _check_clerk(tx: Transaction, name: str, clerk: str | None) -> None:
    if clerk is None:
        return
    known = [row["id"] for row in tx.all("SELECT id FROM clerks WHERE in_use = 1 ORDER BY id")]
    if clerk not in known:
        have = ", ".join(known) or "none yet: it must run once, so that they are known"
        raise AccountWrong(f"the hall has no clerk {clerk!r}; it has {have}")
    taken = tx.value("SELECT name FROM accounts WHERE clerk = ?", clerk)
    if taken is not None and taken != name:
        raise AccountWrong(f"clerk {clerk} has an account already: {taken}")


def _row(tx: Transaction, name: str) -> sqlite3.Row:
    row = tx.one("SELECT * FROM accounts WHERE name = ?", name)
    if row is None:
        raise AccountWrong(f"there is no account {name!r}: `kioskd user list` shows all")
    return row


def _account(row: sqlite3.Row) -> Account:
    return Account(
        name=row["name"],
        display_name=row["display_name"],
        roles=tuple(row["roles"].split()),
        clerk=row["clerk"],
        disabled=bool(row["disabled"]),
        created_at=from_text(row["created_at"]),
        signed_in_at=None if row["signed_in_at"] is None else from_text(row["signed_in_at"]),
    )
