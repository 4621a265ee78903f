"""The tables of who may come in and who did what, for migration m006."""

from __future__ import annotations

STAFF_TABLES = (
    """CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        display_name TEXT NOT NULL,
        roles TEXT NOT NULL,
        clerk TEXT UNIQUE REFERENCES clerks(id), -- who that is at a window
        secret TEXT NOT NULL, -- the scrypt hash of the PIN or password
        disabled INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        signed_in_at TEXT -- the last time
    ) STRICT""",
    """CREATE TABLE sessions (
        secret_sha256 TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES accounts(name) ON DELETE CASCADE,
        opened_at TEXT NOT NULL,
        seen_at TEXT NOT NULL
    ) STRICT""",
    """CREATE INDEX sessions_of_an_account ON sessions(account)""",
    """CREATE TABLE sign_in_attempts (
        subject TEXT PRIMARY KEY, -- an account or an address
        attempts INTEGER NOT NULL, -- wrong ones, or under way
        last_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        done_by TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        address TEXT NOT NULL,
        facts TEXT NOT NULL -- JSON
    ) STRICT""",
    """CREATE INDEX audit_by_time ON audit(at)""",
    """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END""",
    """ALTER TABLE api_tokens ADD COLUMN role TEXT NOT NULL DEFAULT ''""",
)
