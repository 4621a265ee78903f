"""The SQLite file that keeps the hall: transactions, snapshots, and followers that notice every commit."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

from kioskd.hall.schema import migrations
from kioskd.hall.sqlite import Database
from kioskd.hall.times import to_text

_BUSY_TIMEOUT_S = 15.0
_LOOK_EVERY_S = 0.5  # how often a waiting follower looks for the commits of other processes
_CACHE_KIB = 512  # of pages a connection; every thread of the web server has one


class StoreFailed(Exception):  # noqa: N818 - says what happened, as its message does
    """The file could not be opened, read or written. The message says which and what to do now."""


class Transaction:
    """One transaction, or one snapshot for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *values: Any) -> None:
        """Run one statement."""
        self._connection.execute(sql, values)

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows."""
        return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        row = self.one(sql, *values)
        return None if row is None else row[0]


class Store:
    """One hall's file. Any number of threads and processes may open it; each thread gets its own connection.

    Raises StoreFailed when the file cannot be opened, is no database, or was written by a newer kioskd.
    """

    def __init__(self, path: Path | str, *, migrate: bool = True) -> None:
        """migrate: bring a file of an older kioskd up to date; else `outdated` says that it is one."""
        self.path = Path(path)
        self._local = threading.local()
        self._connections: WeakSet[_Connection] = WeakSet()
        self._writing = (
            threading.RLock()
        )  # threads of one process queue here, which is fairer than SQLite's polling
        self._committed = threading.Condition()
        self._commits = 0
        with suppress(OSError):  # the database's own words are plainer
            _make_private(self.path)
        with self._failures():
            self.outdated = not self._up_to_date(migrate)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Read and write; committed to the disk at the end, undone if the block raises."""
        with self._writing, self._failures():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.rollback()
                raise
        with self._committed:
            self._commits += 1
            self._committed.notify_all()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One snapshot: whatever commits meanwhile, the block sees the hall at one moment."""
        with self._failures():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield Transaction(connection)
            finally:
                connection.rollback()

    def last_event(self) -> int:
        """The id of the newest event; 0 in a new store."""
        with self.read() as snapshot:
            return int(snapshot.value("SELECT coalesce(max(id), 0) FROM events"))

    def wait(self, after_event: int, timeout_s: float) -> int:
        """Wait until there is an event newer than `after_event`, at most `timeout_s`; the newest event's id.

        A commit of this process wakes at once, one of another process within a second.
        """
        deadline = time.monotonic() + timeout_s
        commits, version = self._commits, self._data_version()
        newest = self.last_event()
        while newest <= after_event and (left_s := deadline - time.monotonic()) > 0:
            with self._committed:
                self._committed.wait_for(lambda: self._commits != commits, min(left_s, _LOOK_EVERY_S))  # noqa: B023
            if (seen := (self._commits, self._data_version())) != (commits, version):
                commits, version = seen
                newest = self.last_event()
        return newest

    def cursor(self, follower: str) -> int:
        """The last event this follower has dealt with. One that is new to the hall starts at the present."""
        with self.read() as snapshot:
            event = snapshot.value("SELECT event FROM followers WHERE name = ?", follower)
        if event is None:
            event = self.last_event()
            self.advance(follower, event)
        return int(event)

    def advance(self, follower: str, event: int) -> None:
        """Note that the follower has dealt with everything up to and including this event."""
        with self.transaction() as tx:
            tx.execute(
                "INSERT INTO followers VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET event = excluded.event, updated_at = excluded.updated_at",
                follower,
                event,
                to_text(datetime.now(UTC)),
            )

    def beat(self) -> None:
        """Commit something small, to prove that the store still commits."""
        with self.transaction() as tx:
            tx.execute("INSERT OR REPLACE INTO meta VALUES ('last_beat', ?)", to_text(datetime.now(UTC)))

    def backup(self, target: Path) -> None:
        """Write a complete copy to a new file that only this user may read, while the hall goes on.

        Raises StoreFailed, and leaves no file then.
        """
        try:
            _make_private(target)
        except OSError as error:
            raise StoreFailed(f"{target}: {error.strerror}: name a folder that may be written") from error
        try:
            with self._failures():
                self._connection().execute("VACUUM INTO ?", (str(target),))
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Close every connection of this process. Nothing may use the store any more."""
        for connection in list(self._connections):
            connection.close()

    def _data_version(self) -> int:
        """A number that changes when any other connection, of this process or another, has committed."""
        with self._failures():
            return int(self._connection().execute("PRAGMA data_version").fetchone()[0])

    def _connection(self) -> _Connection:
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    def _connect(self) -> _Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,  # only close() reaches over; see there
            factory=_Connection,
        )
        connection.row_factory = sqlite3.Row
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is not left in free pages
        connection.execute("PRAGMA temp_store = MEMORY")  # no row in /tmp, which may not be writable either
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connections.add(connection)
        return connection

    def _up_to_date(self, migrate: bool) -> bool:
        connection = self._connection()
        # the second process that migrates waits here and then finds nothing left to do
        connection.execute("BEGIN IMMEDIATE" if migrate else "BEGIN")
        try:
            database = Database(connection, execute_plugins=False)
            known = {migration.name for migration in migrations.pending(Database(memory=True))}
            unknown = {migration.name for migration in migrations.applied(database)} - known
            if unknown:
                raise StoreFailed(
                    f"{self.path} was written by a newer kioskd ({min(unknown)}): install that version"
                )
            if migrate:
                migrations.apply(database)
            complete = not migrations.pending(database)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        return complete

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.NotSupportedError) as error:
            raise StoreFailed(
                f"{self.path}: {error}: check that the disk has room and may be written"
            ) from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise  # a mistake of ours, such as an IntegrityError
            raise StoreFailed(f"{self.path}: {error}: restore it from a backup") from error


def _make_private(path: Path) -> None:
    """Make the file, empty, if it is not there: it is for this user alone, as its -wal will be."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


class _Connection(sqlite3.Connection):
    """A connection that a WeakSet can hold."""


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log. SQLite does not wait for its lock here, so two first starts try again."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
