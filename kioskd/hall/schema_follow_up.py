"""The tables of what comes after a service: cases, the case number of a visit, reports. See `schema.py`."""

from __future__ import annotations

FOLLOW_UP_TABLES = (
    """ALTER TABLE tickets ADD COLUMN affair_no TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE ratings ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE ratings ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0""",
    """CREATE TABLE cases (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE, -- what the citizen asks by
        kind TEXT NOT NULL CHECK (kind IN ('rating', 'complaint', 'suggestion')),
        state TEXT NOT NULL CHECK (state IN ('open', 'handling', 'resolved', 'appealed')),
        ticket INTEGER REFERENCES tickets(id), -- the visit it is about
        window INTEGER REFERENCES windows(number),
        clerk TEXT REFERENCES clerks(id),
        level INTEGER, -- the rating it began with
        handler TEXT NOT NULL DEFAULT '',
        opened_at TEXT NOT NULL,
        due_on TEXT NOT NULL, -- YYYY-MM-DD
        called_back_at TEXT,
        resolved_at TEXT,
        outcome TEXT NOT NULL DEFAULT ''
            CHECK (outcome IN ('', 'put_right', 'explained', 'unfounded', 'not_reached')),
        appealed_at TEXT,
        set_aside INTEGER NOT NULL DEFAULT 0 -- 1: an appeal found the rating malicious
    ) STRICT""",
    """CREATE UNIQUE INDEX one_case_a_rating ON cases(ticket) WHERE kind = 'rating'""",
    """CREATE TABLE case_steps (
        event INTEGER PRIMARY KEY REFERENCES events(id),
        case_id INTEGER NOT NULL REFERENCES cases(id),
        step TEXT NOT NULL,
        at TEXT NOT NULL,
        done_by TEXT NOT NULL,
        fact TEXT NOT NULL -- the handler, the date, the outcome …
    ) STRICT""",
    """CREATE INDEX steps_of_a_case ON case_steps(case_id)""",
    """CREATE TABLE case_words (
        step INTEGER NOT NULL REFERENCES case_steps(event),
        who TEXT NOT NULL CHECK (who IN ('citizen', 'contact', 'staff')),
        text TEXT NOT NULL,
        delete_after TEXT NOT NULL,
        PRIMARY KEY (step, who)
    ) STRICT""",
    """CREATE INDEX words_to_delete ON case_words(delete_after)""",
)

OUTBOX_TABLES = (
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        ticket INTEGER NOT NULL UNIQUE REFERENCES ratings(ticket), -- one service, one rating, one report
        key TEXT NOT NULL UNIQUE, -- sent with every try
        state TEXT NOT NULL CHECK (state IN ('waiting', 'due', 'sent', 'refused')),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at TEXT,
        sent_at TEXT,
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE INDEX outbox_by_state ON outbox(state, next_at)""",
)
