"""The outbox: which ratings are to be reported, which wait for their case number, and how each ended.

A rating gets its row, and the row its key, in one transaction with the cursor that follows the events. The
key is sent with every try, so that a receiver that honours it counts a rating once, however often an answer
was lost.
"""

from __future__ import annotations

import enum
import secrets
import sqlite3
from datetime import datetime, timedelta

import msgspec

from kioskd.hall.events import read_events
from kioskd.hall.model import Event
from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, moment, to_text

FOLLOWER = "uplink"
_AT_ONCE = 200
_FURTHEST = timedelta(hours=2)
"""No try is put off for longer: a row that says so was written by a clock that was wrong."""


class Reported(enum.StrEnum):
    """Where a rating's report is."""

    WAITING = "waiting"  # for the case number of its visit
    DUE = "due"
    SENT = "sent"
    REFUSED = "refused"  # by the receiver, for good: somebody must look


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One row. problem: what came of the last try; never what was sent."""

    id: int
    ticket: int
    key: str
    state: Reported
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    problem: str


class Outbox:
    """The table, for one daemon: the only one that sends."""

    def __init__(self, store: Store, *, needs_affair_no: bool = True) -> None:
        """needs_affair_no: whether a rating waits until its visit's case number is known."""
        self._store = store
        self._needs_affair_no = needs_affair_no
        store.cursor(FOLLOWER)  # a hall that begins to report starts at the present
        with store.transaction() as tx:  # whatever kept it from getting through may be over
            tx.execute("UPDATE outbox SET next_at = NULL WHERE state = 'due'")
            if not needs_affair_no:  # those taken in while it was asked for
                tx.execute("UPDATE outbox SET state = 'due' WHERE state = 'waiting'")

    def follow(self) -> None:
        """Take in what happened since the last time."""
        while self._follow_some() == _AT_ONCE:
            pass

    def _follow_some(self) -> int:
        seen = self._store.cursor(FOLLOWER)
        with self._store.read() as snapshot:
            events = read_events(snapshot, seen, _AT_ONCE)
        ours = [event for event in events if event.type in ("ticket_rated", "affair_attached")]
        if events:
            with self._store.transaction() as tx:
                for event in ours:
                    self._take(tx, event)
                tx.execute("UPDATE followers SET event = ? WHERE name = ?", events[-1].id, FOLLOWER)
        return len(events)

    def _take(self, tx: Transaction, event: Event) -> None:
        if event.type == "affair_attached":
            tx.execute("UPDATE outbox SET state = 'due' WHERE ticket = ? AND state = 'waiting'", event.ticket)
            return
        known = tx.value("SELECT affair_no FROM tickets WHERE id = ?", event.ticket)
        state = Reported.DUE if known or not self._needs_affair_no else Reported.WAITING
        tx.execute(
            "INSERT OR IGNORE INTO outbox (ticket, key, state) VALUES (?, ?, ?)",
            event.ticket,
            secrets.token_hex(16),
            state,
        )

    def due(self, now: datetime) -> Report | None:
        """The report to be sent now, the one tried longest ago first."""
        with self._store.read() as snapshot:
            row = snapshot.one(
                "SELECT * FROM outbox WHERE state = 'due'"
                " AND (next_at IS NULL OR next_at <= ? OR next_at > ?) ORDER BY next_at, id LIMIT 1",
                to_text(now),
                to_text(now + _FURTHEST),
            )
        return None if row is None else _report(row)

    def sent(self, report: Report, now: datetime) -> None:
        """The receiver has it."""
        with self._store.transaction() as tx:
            tx.execute(
                "UPDATE outbox SET state = 'sent', sent_at = ?, attempts = attempts + 1, problem = ''"
                " WHERE id = ?",
                to_text(now),
                report.id,
            )

    def failed(self, report: Report, problem: str, now: datetime, again_in_s: float) -> None:
        """It did not get through, or nobody knows: it is sent again, with the same key."""
        with self._store.transaction() as tx:
            tx.execute(
                "UPDATE outbox SET next_at = ?, attempts = attempts + 1, problem = ? WHERE id = ?",
                to_text(now + timedelta(seconds=again_in_s)),
                problem,
                report.id,
            )

    def refused(self, report: Report, problem: str) -> None:
        """The receiver does not want it as it is."""
        with self._store.transaction() as tx:
            tx.execute(
                "UPDATE outbox SET state = 'refused', attempts = attempts + 1, problem = ? WHERE id = ?",
                problem,
                report.id,
            )


def retry_refused(store: Store) -> int:
    """Send again what was refused, once its cause is mended. Returns how many."""
    with store.transaction() as tx:
        count = int(tx.value("SELECT count(*) FROM outbox WHERE state = 'refused'"))
        tx.execute("UPDATE outbox SET state = 'due', next_at = NULL WHERE state = 'refused'")
    return count


def reports(store: Store, *states: Reported) -> list[Report]:
    """The reports in these states, the oldest first."""
    marks = ", ".join("?" * len(states))
    with store.read() as snapshot:
        rows = snapshot.all(f"SELECT * FROM outbox WHERE state IN ({marks}) ORDER BY id", *states)  # noqa: S608
    return [_report(row) for row in rows]


def counts(store: Store) -> dict[Reported, int]:
    """How many reports are in each state."""
    with store.read() as snapshot:
        found = {row[0]: row[1] for row in snapshot.all("SELECT state, count(*) FROM outbox GROUP BY state")}
    return {state: found.get(state, 0) for state in Reported}


def oldest_due(store: Store) -> datetime | None:
    """When the rating was given that has been on its way for the longest time."""
    with store.read() as snapshot:
        text = snapshot.value(
            "SELECT min(r.rated_at) FROM outbox o JOIN ratings r ON r.ticket = o.ticket WHERE o.state = 'due'"
        )
    return None if text is None else from_text(text)


def _report(row: sqlite3.Row) -> Report:
    return Report(
        id=row["id"],
        ticket=row["ticket"],
        key=row["key"],
        state=Reported(row["state"]),
        attempts=row["attempts"],
        next_at=moment(row["next_at"]),
        sent_at=moment(row["sent_at"]),
        problem=row["problem"],
    )
