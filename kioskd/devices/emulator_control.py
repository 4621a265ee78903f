"""The emulator host's control socket: one JSON object a line in, one a line out."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

SOCKET = "control.sock"
REQUEST_BYTES = 65536
"""A longer request is none of ours."""
ANSWER_S = 2.0
"""How long a client may take to read its answer; everybody waits for it."""


@contextlib.contextmanager
def socket_address(folder: Path) -> Iterator[str]:
    """The socket's path, short enough for AF_UNIX (108 bytes) however deep the folder lies."""
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{fd}/{SOCKET}"
    finally:
        os.close(fd)


class ControlSocket:
    """The listening end. Only this user may connect (mode 0600)."""

    def __init__(self, folder: Path, answer: Callable[[dict[str, Any]], Any]) -> None:
        self._path = folder / SOCKET
        self._answer = answer
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            with socket_address(folder) as address:
                self._listener.bind(address)
        finally:
            os.umask(before)
        self._listener.listen()
        self._listener.setblocking(False)
        self._clients: dict[int, tuple[socket.socket, bytearray]] = {}

    def filenos(self) -> list[int]:
        """What to poll."""
        return [self._listener.fileno(), *self._clients]

    def ready(self, fileno: int) -> None:
        """Something came on one of `filenos`."""
        if fileno == self._listener.fileno():
            with contextlib.suppress(OSError):
                client, _ = self._listener.accept()
                client.settimeout(ANSWER_S)
                self._clients[client.fileno()] = client, bytearray()
        elif fileno in self._clients:
            self._hear(*self._clients[fileno])

    def _hear(self, client: socket.socket, heard: bytearray) -> None:
        try:
            data = client.recv(REQUEST_BYTES)
            heard += data
            while (end := heard.find(b"\n")) >= 0:
                line = bytes(heard[:end])
                del heard[: end + 1]
                client.sendall(msgspec.json.encode(self._reply(line)) + b"\n")
        except OSError:
            data = b""
        if not data or len(heard) > REQUEST_BYTES:
            del self._clients[client.fileno()]
            client.close()

    def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            request = msgspec.json.decode(line, type=dict[str, Any])
            return {"ok": True, "result": self._answer(request)}
        except (msgspec.DecodeError, LookupError, ValueError, TypeError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    def close(self) -> None:
        """Let go of it, and of its file."""
        for client, _ in self._clients.values():
            client.close()
        self._listener.close()
        self._path.unlink(missing_ok=True)
