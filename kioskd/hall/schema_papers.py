"""The paper journal made wide enough for papers that belong to no ticket: what to bring for a matter."""

from __future__ import annotations

# SQLite cannot take NOT NULL off a column: both tables are made anew, the child's first to go.
PAPER_CHANGES = (
    """CREATE TABLE new_print_jobs (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('ticket', 'notice')),
        ticket INTEGER REFERENCES tickets(id), -- whose; empty for a notice
        matter TEXT NOT NULL REFERENCES matters(code),
        service_day TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'sent', 'failed', 'unknown')),
        reprint INTEGER NOT NULL, -- 1: the paper says so
        detail TEXT NOT NULL DEFAULT '', -- what is in the way
        printer TEXT NOT NULL DEFAULT '',
        queued_at TEXT NOT NULL,
        ended_at TEXT,
        content TEXT NOT NULL -- JSON: the facts as they were when it was queued
    ) STRICT""",
    """INSERT INTO new_print_jobs
        SELECT print_jobs.id, 'ticket', ticket, tickets.matter, tickets.service_day, print_jobs.state,
            reprint, detail, printer, queued_at, ended_at, content
        FROM print_jobs JOIN tickets ON tickets.id = print_jobs.ticket""",
    """CREATE TABLE new_print_bytes (
        job INTEGER PRIMARY KEY REFERENCES new_print_jobs(id),
        data BLOB NOT NULL -- what went, or goes, to the printer
    ) STRICT""",
    """INSERT INTO new_print_bytes SELECT job, data FROM print_bytes""",
    """DROP TABLE print_bytes""",
    """DROP TABLE print_jobs""",
    """ALTER TABLE new_print_jobs RENAME TO print_jobs""",
    """ALTER TABLE new_print_bytes RENAME TO print_bytes""",
    """CREATE INDEX print_jobs_by_ticket ON print_jobs(ticket)""",
    """CREATE INDEX print_jobs_under_way ON print_jobs(state, id) WHERE state IN ('queued', 'sending')""",
    """CREATE INDEX notices_by_time ON print_jobs(queued_at) WHERE kind = 'notice'""",
)
