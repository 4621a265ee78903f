"""The far end of an emulated port: a pseudo-terminal or a TCP listener, opened like a real one."""

from __future__ import annotations

import contextlib
import os
import socket
import termios
import tty
from pathlib import Path
from typing import Protocol

READ_BYTES = 4096


class FarEnd(Protocol):
    """What the emulator host needs of either kind. Nothing of it waits."""

    uri: str
    """What the daemon has to open now."""

    def fileno(self) -> int:
        """What becomes readable when the daemon sends or connects."""

    def read(self) -> bytes:
        """What the daemon has sent, perhaps nothing."""

    def write(self, data: bytes) -> None:
        """Hand bytes to the daemon; those it does not take are lost, as on a wire."""

    def hold(self, held: bool) -> None:
        """Let the daemon's writes find no room, or go on."""

    def in_use(self) -> bool:
        """Whether a daemon has the port open."""

    def close(self) -> None:
        """Pull the cable."""


class PtyEnd:
    """A pseudo-terminal. Our own hold on its other side lets the daemon come and go."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self.uri = f"serial:{os.ttyname(self._slave)}"

    def fileno(self) -> int:
        """The master side."""
        return self._master

    def read(self) -> bytes:
        """What the daemon has sent."""
        try:
            return os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """Hand bytes to the daemon, or to nobody."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def hold(self, held: bool) -> None:
        """Stop the terminal's output, as a device does that drops its CTS line."""
        termios.tcflow(self._slave, termios.TCOOFF if held else termios.TCOON)

    def in_use(self) -> bool:
        """Whether somebody holds the lock that the daemon takes on every serial port (flock)."""
        status = os.fstat(self._slave)
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        return device in Path("/proc/locks").read_text(encoding="ascii").split()

    def close(self) -> None:
        """Pull the cable: the daemon's side hangs up."""
        os.close(self._slave)
        os.close(self._master)


class TcpEnd:
    """A listener on the loopback that serves one connection at a time, as a network printer does."""

    read_bytes = READ_BYTES

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._connection: socket.socket | None = None
        self.uri = f"tcp:127.0.0.1:{self._listener.getsockname()[1]}"

    def fileno(self) -> int:
        """The connection, or while there is none the listener."""
        return (self._connection or self._listener).fileno()

    def read(self) -> bytes:
        """What the daemon has sent; or take its connection."""
        try:
            if self._connection is None:
                self._connection, _ = self._listener.accept()
                self._connection.setblocking(False)
                return b""
            if data := self._connection.recv(self.read_bytes):
                return data
        except BlockingIOError:
            return b""
        except OSError:
            pass
        self._hang_up()
        return b""

    def write(self, data: bytes) -> None:
        """Hand bytes to the daemon, if it is there."""
        if self._connection is None:
            return
        try:
            self._connection.send(data)
        except BlockingIOError:
            pass
        except OSError:
            self._hang_up()

    def hold(self, held: bool) -> None:
        """Not reading is all it takes: the connection's window closes by itself."""

    def in_use(self) -> bool:
        """Whether the daemon is connected."""
        return self._connection is not None

    def close(self) -> None:
        """Pull the cable."""
        self._hang_up()
        self._listener.close()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class CallsEnd(TcpEnd):
    """The same for a device that is asked by calls, such as a camera: an answer may be large.

    scheme: of the port that the daemon opens, such as video.
    """

    read_bytes = 2**18
    """A sound comes whole, and is no line of bytes with a speed."""

    def __init__(self, scheme: str) -> None:
        super().__init__()
        self.uri = f"{scheme}:{self.uri}"
        self._unsent = bytearray()

    def write(self, data: bytes) -> None:
        """Hand over as much as goes now, the rest by and by (`flush`)."""
        self._unsent += data
        self.flush()

    def flush(self) -> None:
        """Hand over more of what waits."""
        if self._connection is None:
            self._unsent.clear()
            return
        try:
            while self._unsent:
                del self._unsent[: self._connection.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._hang_up()
