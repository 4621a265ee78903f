"""The state directory: database, documents, control socket, emulators, a lock against a second daemon."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

STATE_DIRECTORY = Path("/var/lib/kioskd")
"""Where a hall's state is unless somebody says otherwise."""


class StateBusy(Exception):  # noqa: N818 - says what is, as errors.py does
    """Another daemon keeps this hall. The message names its process and the directory."""


class StateDirectory:
    """One hall's state on disk; `lock()` makes it ours until `unlock()` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "hall.db"
        self.emulators = path / "emulators"
        self.person_secret = path / "person.key"
        self.documents = path / "documents"
        self.voice = path / "voice"
        self.control = path / "control.sock"
        self._lock_fd: int | None = None

    def lock(self) -> None:
        """Make the directory if it is not there, and keep every other daemon out of it.

        Raises StateBusy when another daemon has it, OSError when it cannot be written.
        """
        self.path.mkdir(mode=0o750, parents=True, exist_ok=True)
        file = self.path / "lock"
        fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(fd, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            raise StateBusy(
                f"{self.path} is kept by another kioskd, process {pid}: "
                "stop that one first, or name another directory with --state"
            ) from None
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode("ascii"))
        self._lock_fd = fd

    def unlock(self) -> None:
        """Let another daemon have it."""
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None
