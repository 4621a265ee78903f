"""Signing in and out: the one way from a name and a PIN or password to a session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import to_text
from kioskd.staff import audit, lockout, sessions
from kioskd.staff.accounts import Account, AccountWrong, find
from kioskd.staff.hashing import matches
from kioskd.staff.lockout import LockRules
from kioskd.staff.sessions import SessionRules

_SWEPT_EVERY = timedelta(hours=1)
_process_secret = secrets.token_bytes(32)


class NotSignedIn(Exception):  # noqa: N818 - an answer, not an accident
    """The name and the PIN or password do not belong together. It does not say which is wrong."""


class StaffRules(msgspec.Struct, frozen=True, kw_only=True):
    """The hall's rules for those who sign in."""

    sessions: SessionRules = SessionRules()
    locks: LockRules = LockRules()
    audit_days: int = 365


class Staff:
    """The staff of a hall at its doors. now: the hall's clock, aware."""

    def __init__(self, store: Store, now: Callable[[], datetime], rules: StaffRules | None = None) -> None:
        self._store = store
        self._now = now
        self.rules = rules or StaffRules()
        self._swept_at: datetime | None = None

    def sign_in(self, name: str, secret: str, *, address: str) -> tuple[Account, str]:
        """The account and the secret of its new session.

        Raises NotSignedIn when they do not belong together, MustWait when no attempt can be made now.
        """
        name = name.strip().casefold()
        hashed, subject, is_last = self._begin(name, address)
        if not matches(secret, hashed):
            with self._store.transaction() as tx:
                self._note(tx, "sign_in_failed", by="", subject=subject, address=address)
                if is_last:
                    self._note(tx, "locked_out", by="", subject=subject, address=address)
            raise NotSignedIn
        with self._store.transaction() as tx:
            return self._welcome(tx, name, hashed, address)

    def _begin(self, name: str, address: str) -> tuple[str, str, bool]:
        """Count the attempt. The account's hash, its name for the audit trail, whether it was the last."""
        with self._store.transaction() as tx:
            row = tx.one("SELECT secret FROM accounts WHERE name = ? AND disabled = 0", name)
            counted_as = name if row else _unknown(name)
            is_last = lockout.begin(tx, counted_as, address, self._now(), self.rules.locks)
        # A name nobody has is not written down: people type other things there, such as their PIN.
        return (row["secret"], name, is_last) if row else ("", "", is_last)

    def _welcome(self, tx: Transaction, name: str, hashed: str, address: str) -> tuple[Account, str]:
        """It was right. The account may have changed while it was looked at: then it was not."""
        row = tx.one("SELECT secret FROM accounts WHERE name = ? AND disabled = 0", name)
        if row is None or row["secret"] != hashed:
            raise NotSignedIn
        lockout.forgive(tx, name, address)
        now = self._now()
        tx.execute("UPDATE accounts SET signed_in_at = ? WHERE name = ?", to_text(now), name)
        self._note(tx, "signed_in", by=name, subject=name, address=address)
        return find(tx, name), sessions.open_session(tx, name, now)

    def sign_out(self, session: str, *, address: str) -> None:
        """End a session."""
        with self._store.transaction() as tx:
            name = sessions.end_session(tx, session)
            if name is not None:
                self._note(tx, "signed_out", by=name, subject=name, address=address)

    def account_of(self, session: str, *, at_work: bool) -> Account | None:
        """Whose session this is; None when it has ended."""
        if not session:
            return None
        return sessions.account_of(self._store, session, self._now(), self.rules.sessions, at_work=at_work)

    def open_session(self, name: str) -> str:
        """Begin a session without a PIN, for tests and the demo's own tour. Raises AccountWrong."""
        with self._store.transaction() as tx:
            account = find(tx, name)
            if account.disabled:
                raise AccountWrong(f"account {name} is disabled")
            return sessions.open_session(tx, account.name, self._now())

    def note(self, action: str, *, by: str, subject: str = "", address: str = "", **facts: object) -> None:
        """Write down what somebody did that is no event of the hall, such as an export."""
        with self._store.transaction() as tx:
            self._note(tx, action, by=by, subject=subject, address=address, **facts)

    def tick(self, may_forget: Callable[[], bool] = lambda: True) -> None:
        """Forget what has outlived its time. Cheap when nothing is due.

        may_forget: whether the clock can be believed; one that jumped ahead must not delete anything.
        """
        now = self._now()
        if self._swept_at is not None and timedelta() <= now - self._swept_at < _SWEPT_EVERY:
            return
        if not may_forget():
            return
        with self._store.transaction() as tx:
            sessions.sweep(tx, now, self.rules.sessions)
            lockout.sweep(tx, now, self.rules.locks)
            audit.sweep(tx, now, self.rules.audit_days)
        self._swept_at = now

    def _note(self, tx: Transaction, action: str, **more: object) -> None:
        audit.note(tx, self._now(), action, **more)  # type: ignore[arg-type]


def _unknown(name: str) -> str:
    """A name that nobody has, as it is counted: whoever guesses names learns nothing from a lock-out."""
    return (
        "? "
        + hashlib.blake2b(
            name.encode(errors="surrogatepass"), key=_process_secret, digest_size=12
        ).hexdigest()
    )
