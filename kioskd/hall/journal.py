"""The paper journal: which paper is on its way, and how each ended (DESIGN: paper is journalled)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from kioskd.hall import events
from kioskd.hall.clock import Clock, SystemClock
from kioskd.hall.model import NotFound, PaperKind, PaperState, PrintJobView, Refused
from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text

_JOBS = (
    "SELECT print_jobs.*, tickets.token, print_bytes.data FROM print_jobs"
    " LEFT JOIN tickets ON tickets.id = print_jobs.ticket"
    " LEFT JOIN print_bytes ON print_bytes.job = print_jobs.id"
)
_ENDS = frozenset({PaperState.PRINTED, PaperState.SENT, PaperState.FAILED, PaperState.UNKNOWN})


class PaperJournal:
    """A job is queued → sending → printed, sent, failed or unknown. Each step is committed first."""

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store = store
        self._clock = clock or SystemClock()

    def next_queued(self) -> PrintJobView | None:
        """The oldest job that no printer has seen; None when there is none."""
        with self._store.read() as snapshot:
            row = snapshot.one(f"{_JOBS} WHERE print_jobs.state = 'queued' ORDER BY print_jobs.id LIMIT 1")
        return None if row is None else _job(row)

    def begin(self, job: int, data: bytes, printer: str) -> None:
        """The bytes are about to go to this printer: store them, before the first one leaves.

        Raises Refused("paper_not_queued") when somebody else has begun it: then nothing must be sent.
        """
        with self._store.transaction() as tx:
            row = _require(tx, job, PaperState.QUEUED)
            tx.execute("INSERT OR REPLACE INTO print_bytes VALUES (?, ?)", job, data)
            self._tell(tx, row, "paper_sending", printer=printer)

    def note(self, job: int, detail: str) -> None:
        """Note what is in the way, such as paper_out; empty when nothing is any more."""
        with self._store.transaction() as tx:
            row = _require(tx, job, PaperState.QUEUED, PaperState.SENDING)
            if row["detail"] != detail:
                self._tell(tx, row, "paper_noted", detail=detail)

    def end(self, job: int, state: PaperState, detail: str = "") -> None:
        """The job ended: printed, sent, failed or unknown. Raises Refused when it had ended before."""
        if state not in _ENDS:
            raise ValueError(f"{state} is not an end of a print job")
        with self._store.transaction() as tx:
            row = _require(tx, job, PaperState.QUEUED, PaperState.SENDING)
            self._tell(tx, row, "paper_ended", state=str(state), detail=detail)

    def requeue(self, job: int) -> None:
        """Not one byte reached the printer: the job may be begun again."""
        with self._store.transaction() as tx:
            self._tell(tx, _require(tx, job, PaperState.SENDING), "paper_requeued")

    def recover(self) -> list[int]:
        """At start: nobody can say what became of jobs that were being sent. Returns those, now unknown."""
        with self._store.transaction() as tx:
            rows = tx.all(f"{_JOBS} WHERE print_jobs.state = 'sending' ORDER BY print_jobs.id")
            for row in rows:
                self._tell(tx, row, "paper_ended", state=str(PaperState.UNKNOWN), detail="contact_lost")
        return [row["id"] for row in rows]

    def job(self, job: int) -> PrintJobView:
        """The job of this id. Raises NotFound."""
        with self._store.read() as snapshot:
            return _job(_require(snapshot, job))

    def jobs(self, ticket_id: int) -> list[PrintJobView]:
        """A ticket's jobs, the first one first."""
        with self._store.read() as snapshot:
            rows = snapshot.all(f"{_JOBS} WHERE print_jobs.ticket = ? ORDER BY print_jobs.id", ticket_id)
        return [_job(row) for row in rows]

    def _tell(self, tx: Transaction, row: sqlite3.Row, type_: str, **data: Any) -> None:
        events.tell(
            tx,
            type_,
            at=self._clock.now(),
            service_day=row["service_day"],
            ticket=row["ticket"],
            data={"job": row["id"], **data},
        )


def _require(tx: Transaction, job: int, *states: PaperState) -> sqlite3.Row:
    row = tx.one(f"{_JOBS} WHERE print_jobs.id = ?", job)
    if row is None:
        raise NotFound("unknown_print_job", job=job)
    if states and row["state"] not in states:
        raise Refused(
            "paper_not_queued" if PaperState.QUEUED in states else "paper_not_sending", state=row["state"]
        )
    return row


def _job(row: sqlite3.Row) -> PrintJobView:
    return PrintJobView(
        id=row["id"],
        kind=PaperKind(row["kind"]),
        ticket=row["ticket"],
        state=PaperState(row["state"]),
        reprint=bool(row["reprint"]),
        detail=row["detail"],
        printer=row["printer"],
        queued_at=from_text(row["queued_at"]),
        content={**json.loads(row["content"]), "token": row["token"]},
        data=row["data"],
    )
