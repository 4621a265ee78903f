"""The tables of matters and their versions."""

from __future__ import annotations

MATTER_TABLES = (
    """CREATE TABLE matter_versions (
        code TEXT NOT NULL,
        version INTEGER NOT NULL, -- counts up for each matter
        effective_from TEXT NOT NULL, -- the service day on which it begins, YYYY-MM-DD
        content TEXT, -- JSON, all that is told about the matter; NULL: it is no longer offered
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (code, version)
    ) STRICT""",
    """CREATE INDEX versions_by_day ON matter_versions(effective_from)""",
    """CREATE INDEX changes_of_matters ON events(id) WHERE type = 'matters_changed'""",
    """ALTER TABLE matters ADD COLUMN version INTEGER""",
    """ALTER TABLE matters ADD COLUMN place INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE tickets ADD COLUMN matter_version INTEGER""",
)
