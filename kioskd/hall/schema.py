"""The tables of the store, as migrations. docs/store.md tells what each is for; a test compares the two.

SQLite keeps these statements with their comments, so that whoever opens the file can read them there too.
"""

from __future__ import annotations

from kioskd.hall.schema_follow_up import FOLLOW_UP_TABLES, OUTBOX_TABLES
from kioskd.hall.schema_matters import MATTER_TABLES
from kioskd.hall.schema_papers import PAPER_CHANGES
from kioskd.hall.schema_staff import STAFF_TABLES
from kioskd.hall.sqlite import Database, Migrations

migrations = Migrations("kioskd")

STATE_TABLES = (
    "lines",
    "matters",
    "matter_versions",
    "clerks",
    "service_days",
    "windows",
    "tickets",
    "ratings",
    "cases",
    "case_steps",
    "print_jobs",
    "idempotency_keys",
    "documents",
    "document_views",
)
"""What `events` alone, replayed from the first, lead to."""


@migrations()
def m001_the_hall(db: Database) -> None:
    """All tables of the first version."""
    for statement in _FIRST_TABLES:
        db.execute(statement)


@migrations()
def m002_documents(db: Database) -> None:
    """What clerks photograph: one row a document, one a look at it. The files are beside the store."""
    for statement in _DOCUMENT_TABLES:
        db.execute(statement)


@migrations()
def m003_people(db: Database) -> None:
    """Appointments, and what an export needs of a citizen."""
    for statement in _PEOPLE_TABLES:
        db.execute(statement)


@migrations()
def m004_supervisor(db: Database) -> None:
    """What a supervisor changes for a day, and the way to the events of a day for statistics."""
    for statement in _SUPERVISOR_CHANGES:
        db.execute(statement)


@migrations()
def m005_follow_up(db: Database) -> None:
    """Bad ratings, complaints and suggestions, each followed to its answer; the case number of a visit."""
    for statement in FOLLOW_UP_TABLES:
        db.execute(statement)


@migrations()
def m006_staff(db: Database) -> None:
    """Who may come in, and who did what."""
    for statement in STAFF_TABLES:
        db.execute(statement)


@migrations()
def m007_matter_versions(db: Database) -> None:
    """Versions of matters, each with the day it begins; tickets with the version they were taken for."""
    for statement in MATTER_TABLES:
        db.execute(statement)


@migrations()
def m008_outbox(db: Database) -> None:
    """Which ratings are to be reported upward, and how far each has come."""
    for statement in OUTBOX_TABLES:
        db.execute(statement)


@migrations()
def m009_what_happened_at_a_window(db: Database) -> None:
    """Find a window's last events at once: every page that shows it asks for them."""
    db.execute("CREATE INDEX events_at_a_window ON events(window) WHERE window IS NOT NULL")


@migrations()
def m010_papers(db: Database) -> None:
    """Papers that belong to no ticket."""
    for statement in PAPER_CHANGES:
        db.execute(statement)


_FIRST_TABLES = (
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        service_day TEXT NOT NULL,
        type TEXT NOT NULL,
        ticket INTEGER,
        window INTEGER,
        done_by TEXT NOT NULL, -- who gave the command
        data TEXT NOT NULL -- JSON
    ) STRICT""",
    """CREATE TABLE lines (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        title_en TEXT NOT NULL,
        letter TEXT NOT NULL,
        width INTEGER NOT NULL,
        first INTEGER NOT NULL,
        daily_limit INTEGER NOT NULL,
        in_use INTEGER NOT NULL -- 0: no longer in the hall file
    ) STRICT""",
    """CREATE TABLE matters (
        code TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_en TEXT NOT NULL,
        line TEXT NOT NULL REFERENCES lines(id),
        area TEXT NOT NULL,
        department TEXT NOT NULL,
        by_law TEXT NOT NULL,
        accept_condition TEXT NOT NULL,
        materials TEXT NOT NULL, -- JSON list
        handle_flow TEXT NOT NULL,
        promise TEXT NOT NULL,
        in_use INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE clerks (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        position TEXT NOT NULL,
        in_use INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE service_days (
        day TEXT PRIMARY KEY, -- YYYY-MM-DD
        opened_at TEXT NOT NULL,
        wound_up_at TEXT,
        withdrawn_at TEXT -- opened by a wrong clock and taken back
    ) STRICT""",
    """CREATE TABLE windows (
        number INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        title_en TEXT NOT NULL,
        lines TEXT NOT NULL, -- JSON list of line ids, in the order they are served
        line_order TEXT NOT NULL CHECK (line_order IN ('strict', 'longest-waiting')),
        in_use INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'closed' CHECK (state IN ('open', 'paused', 'closed')),
        pause_reason TEXT NOT NULL DEFAULT '',
        clerk TEXT UNIQUE REFERENCES clerks(id), -- a clerk sits at one window
        priority_run INTEGER NOT NULL DEFAULT 0, -- priority and appointment tickets called in a row
        last_finished INTEGER REFERENCES tickets(id)
    ) STRICT""",
    """CREATE TABLE tickets (
        id INTEGER PRIMARY KEY,
        service_day TEXT NOT NULL REFERENCES service_days(day),
        number TEXT NOT NULL, -- as on the paper
        line TEXT NOT NULL REFERENCES lines(id), -- where it waits now
        issued_line TEXT NOT NULL REFERENCES lines(id), -- where it was taken
        serial INTEGER NOT NULL, -- the figures of its number
        matter TEXT NOT NULL REFERENCES matters(code),
        matter_name TEXT NOT NULL, -- as it was called when the ticket was taken
        priority TEXT NOT NULL CHECK (priority IN ('ordinary', 'priority', 'appointment')),
        state TEXT NOT NULL
            CHECK (state IN ('waiting', 'called', 'serving', 'held', 'no-show', 'done', 'cancelled')),
        position REAL NOT NULL, -- the order of arrival
        window INTEGER REFERENCES windows(number), -- where it is, or was last
        for_window INTEGER REFERENCES windows(number), -- the only window that may call it
        clerk TEXT REFERENCES clerks(id), -- who served it
        token TEXT NOT NULL UNIQUE, -- the citizen's own page
        issued_at TEXT NOT NULL,
        called_at TEXT,
        last_called_at TEXT, -- the call or its latest recall
        last_call_event INTEGER, -- the same, by event
        calls INTEGER NOT NULL DEFAULT 0,
        started_at TEXT,
        finished_at TEXT,
        service_s REAL, -- how long it was served; empty when nobody measured it
        passed_over_since TEXT, -- when somebody who came later was called first
        invited_at TEXT, -- when a rating was asked for
        ended_because TEXT NOT NULL DEFAULT '',
        UNIQUE (service_day, number)
    ) STRICT""",
    """CREATE UNIQUE INDEX one_ticket_at_a_window ON tickets(window) WHERE state IN ('called', 'serving')""",
    """CREATE INDEX tickets_of_a_day ON tickets(service_day, state, position)""",
    """CREATE INDEX tickets_by_issuing_line ON tickets(service_day, issued_line, serial)""",
    """CREATE INDEX served_tickets ON tickets(line, finished_at) WHERE service_s IS NOT NULL""",
    """CREATE TABLE ratings (
        ticket INTEGER PRIMARY KEY REFERENCES tickets(id), -- one service, one rating
        level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5), -- 5 is best
        channel TEXT NOT NULL,
        window INTEGER REFERENCES windows(number),
        clerk TEXT REFERENCES clerks(id),
        service_day TEXT NOT NULL,
        rated_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE print_jobs (
        id INTEGER PRIMARY KEY,
        ticket INTEGER NOT NULL REFERENCES tickets(id),
        state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'sent', 'failed', 'unknown')),
        reprint INTEGER NOT NULL, -- 1: the paper says so
        detail TEXT NOT NULL DEFAULT '', -- what is in the way
        printer TEXT NOT NULL DEFAULT '',
        queued_at TEXT NOT NULL,
        ended_at TEXT,
        content TEXT NOT NULL -- JSON: the facts as they were when it was queued
    ) STRICT""",
    """CREATE INDEX print_jobs_by_ticket ON print_jobs(ticket)""",
    """CREATE INDEX print_jobs_under_way ON print_jobs(state, id) WHERE state IN ('queued', 'sending')""",
    """CREATE TABLE print_bytes (
        job INTEGER PRIMARY KEY REFERENCES print_jobs(id),
        data BLOB NOT NULL -- what went, or goes, to the printer
    ) STRICT""",
    """CREATE TABLE idempotency_keys (
        key_sha256 TEXT PRIMARY KEY,
        request TEXT NOT NULL,
        ticket INTEGER NOT NULL REFERENCES tickets(id),
        service_day TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE followers (
        name TEXT PRIMARY KEY,
        event INTEGER NOT NULL, -- the last event it has dealt with
        updated_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE api_tokens (
        name TEXT PRIMARY KEY,
        token_sha256 TEXT NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
)

_DOCUMENT_TABLES = (
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        ticket INTEGER NOT NULL REFERENCES tickets(id),
        matter TEXT NOT NULL REFERENCES matters(code),
        material INTEGER NOT NULL, -- which row of the matter's materials, from 1; 0: another paper
        material_name TEXT NOT NULL, -- as that row was then
        file TEXT NOT NULL, -- SHA-256 of its content, and its name in the folder
        media_type TEXT NOT NULL,
        pages INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        camera TEXT NOT NULL,
        window INTEGER REFERENCES windows(number),
        taken_by TEXT NOT NULL, -- the clerk at the window; empty when nobody was signed in
        taken_at TEXT NOT NULL,
        delete_after TEXT NOT NULL,
        deleted_at TEXT, -- the file is gone, or goes at the next sweep
        deleted_because TEXT NOT NULL DEFAULT '' CHECK (deleted_because IN ('', 'clerk', 'retention'))
    ) STRICT""",
    """CREATE INDEX documents_by_ticket ON documents(ticket)""",
    """CREATE INDEX documents_to_delete ON documents(delete_after) WHERE deleted_at IS NULL""",
    """CREATE TABLE document_views (
        id INTEGER PRIMARY KEY,
        document INTEGER NOT NULL REFERENCES documents(id),
        window INTEGER,
        viewed_by TEXT NOT NULL, -- the clerk at that window, else who asked: a page or a token
        viewed_at TEXT NOT NULL
    ) STRICT""",
    """CREATE INDEX views_of_a_document ON document_views(document)""",
)

_PEOPLE_TABLES = (
    """CREATE TABLE appointments (
        id INTEGER PRIMARY KEY,
        service_day TEXT NOT NULL, -- the day it is for
        at TEXT NOT NULL, -- the time agreed
        matter TEXT NOT NULL REFERENCES matters(code),
        person_hash TEXT NOT NULL DEFAULT '', -- keyed, with a key of that day; emptied afterwards
        masked TEXT NOT NULL DEFAULT '', -- such as 330***********1234; emptied afterwards
        state TEXT NOT NULL CHECK (state IN ('booked', 'checked-in', 'missed', 'cancelled')),
        ticket INTEGER UNIQUE REFERENCES tickets(id) -- that the check-in gave
    ) STRICT""",
    """CREATE INDEX appointments_of_a_day ON appointments(service_day, person_hash)""",
    """CREATE TABLE contact_details (
        ticket INTEGER NOT NULL REFERENCES tickets(id),
        purpose TEXT NOT NULL, -- what it was asked for
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        certificate_type TEXT NOT NULL,
        certificate_no TEXT NOT NULL,
        given_at TEXT NOT NULL,
        delete_after TEXT NOT NULL,
        PRIMARY KEY (ticket, purpose)
    ) STRICT""",
    """CREATE INDEX contacts_to_delete ON contact_details(delete_after)""",
    """CREATE TABLE contact_readings (
        id INTEGER PRIMARY KEY,
        ticket INTEGER NOT NULL REFERENCES tickets(id),
        purpose TEXT NOT NULL,
        read_by TEXT NOT NULL,
        read_at TEXT NOT NULL
    ) STRICT""",
    """CREATE INDEX readings_of_a_contact ON contact_readings(ticket, purpose)""",
)

_SUPERVISOR_CHANGES = (
    """ALTER TABLE lines ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE windows ADD COLUMN lines_today TEXT""",
    """CREATE INDEX events_of_a_day ON events(service_day, id)""",
)
