"""Guessing is slow: each wrong PIN makes the next one wait, five lock the account, twenty the address.

An attempt is counted before it is looked at, in one transaction, and taken back when it was right. So a
hundred at once are no more guesses than five, and pulling the plug forgives none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from kioskd.hall.store import Transaction
from kioskd.hall.times import from_text, to_text


class LockRules(msgspec.Struct, frozen=True, kw_only=True):
    """How many wrong attempts lock, and for how long. slow_down_s: the wait after the 1st, 2nd and so on."""

    account_attempts: int = 5
    address_attempts: int = 20
    lock: timedelta = timedelta(minutes=15)
    slow_down_s: tuple[int, ...] = (0, 2, 4, 8)


class MustWait(Exception):  # noqa: N818 - an answer, not an accident
    """No attempt can be made now. locked: too many were wrong, and somebody may have to help."""

    def __init__(self, wait: timedelta, *, locked: bool) -> None:
        super().__init__("wait")
        self.wait_s = max(1, -int(-wait.total_seconds() // 1))
        self.locked = locked


def begin(tx: Transaction, account: str, address: str, now: datetime, rules: LockRules) -> bool:
    """Count an attempt on this account from this address. Raises MustWait, having counted nothing.

    Returns whether this is the last one before the lock.
    """
    mine = _counted(tx, _account(account), now, rules)
    theirs = _counted(tx, _address(address), now, rules)
    _must_not_wait(mine, rules.account_attempts, now, rules)
    if theirs and theirs[0] >= rules.address_attempts:
        raise MustWait(theirs[1] + rules.lock - now, locked=True)
    attempts = (mine[0] if mine else 0) + 1
    _write(tx, _account(account), attempts, now)
    _write(tx, _address(address), (theirs[0] if theirs else 0) + 1, now)
    return attempts >= rules.account_attempts


def forgive(tx: Transaction, account: str, address: str) -> None:
    """The attempt was right: the account starts anew, the address gets this one back."""
    tx.execute("DELETE FROM sign_in_attempts WHERE subject = ?", _account(account))
    tx.execute(
        "UPDATE sign_in_attempts SET attempts = max(0, attempts - 1) WHERE subject = ?", _address(address)
    )


def sweep(tx: Transaction, now: datetime, rules: LockRules) -> None:
    """Forget what no longer counts."""
    tx.execute("DELETE FROM sign_in_attempts WHERE last_at < ?", to_text(now - rules.lock))


def _must_not_wait(counted: tuple[int, datetime] | None, most: int, now: datetime, rules: LockRules) -> None:
    if counted is None:
        return
    attempts, last = counted
    if attempts >= most:
        raise MustWait(last + rules.lock - now, locked=True)
    slow = rules.slow_down_s
    ready = last + timedelta(seconds=slow[min(attempts, len(slow)) - 1] if attempts else 0)
    if now < ready:
        raise MustWait(ready - now, locked=False)


def _counted(tx: Transaction, subject: str, now: datetime, rules: LockRules) -> tuple[int, datetime] | None:
    """What still counts: nothing older than a lock, nothing from a future that the clock came back from."""
    row = tx.one("SELECT attempts, last_at FROM sign_in_attempts WHERE subject = ?", subject)
    if row is None:
        return None
    last = from_text(row["last_at"])
    return (int(row["attempts"]), last) if abs(now - last) < rules.lock else None


def _write(tx: Transaction, subject: str, attempts: int, now: datetime) -> None:
    tx.execute("INSERT OR REPLACE INTO sign_in_attempts VALUES (?, ?, ?)", subject, attempts, to_text(now))


def _account(name: str) -> str:
    return f"account {name}"


def _address(address: str) -> str:
    return f"address {address}"
