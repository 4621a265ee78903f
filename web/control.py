"""The Unix socket of the command line: the same app, for whom the kernel says is calling.

A caller is admitted with all scopes when it is root, the daemon's own user, or a member of the daemon's
group: a technician's account is added to that group once, and needs no token. The socket's mode, 0660, says
the same to the kernel; the check here holds even where a mode was changed by hand.
"""

from __future__ import annotations

import os
import pwd
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cheroot import wsgi

if TYPE_CHECKING:
    from web.app import HallApp

MODE = 0o660
THREADS = 12
"""A technician watches a few devices at once; each holds a thread."""


class Peer:
    """The process at the other end of the socket. environ: the request's, as cheroot fills it.

    cheroot sets X_REMOTE_UID from the socket's own credentials (SO_PEERCRED); what a client writes into a
    header of that name becomes HTTP_X_REMOTE_UID.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        self.uid = int(environ["X_REMOTE_UID"])
        self.gid = int(environ["X_REMOTE_GID"])

    @classmethod
    def of(cls, environ: dict[str, Any]) -> Peer | None:
        """The peer of a request that came through the socket; None for one that came over TCP."""
        return cls(environ) if "X_REMOTE_UID" in environ else None

    @property
    def name(self) -> str:
        """The user's name, or the number of a user without one."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def is_ours(self) -> bool:
        """Whether this user may do everything here."""
        if self.uid in (0, os.geteuid()) or self.gid == os.getegid():
            return True
        try:
            return os.getegid() in os.getgrouplist(self.name, self.gid)
        except OSError:
            return False


class _Listener(wsgi.Server):
    """cheroot on a Unix socket, whose file only the daemon's user and group may use."""

    def prepare(self) -> None:
        before = os.umask(0o777 & ~MODE)
        try:
            super().prepare()
        finally:
            os.umask(before)


class ControlServer:
    """Serves the app at this path; an old socket there is replaced. `start`, then `stop`."""

    def __init__(self, app: HallApp, path: Path) -> None:
        self._path = path
        self._folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        # AF_UNIX takes 108 bytes; a state directory may lie deeper than that.
        address = f"/proc/self/fd/{self._folder}/{path.name}"
        self._server = _Listener(
            address, app, numthreads=THREADS, server_name="kioskd", timeout=10, shutdown_timeout=2,
            peercreds_enabled=True,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.serve, name="control socket", daemon=True)

    def start(self) -> None:
        """Listen and answer. Raises OSError."""
        self._server.prepare()
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, and take the socket away. Live streams end first: they never end by themselves."""
        self._server.stop()
        self._thread.join(timeout=3)
        self._path.unlink(missing_ok=True)
        os.close(self._folder)
