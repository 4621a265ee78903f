"""The HTTP server: cheroot, with a thread for every live stream and some for all else."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

from cheroot import wsgi

from web.events import STREAMS

if TYPE_CHECKING:
    from web.app import HallApp

THREADS = STREAMS + 16
SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel keeps for a client that does not read. It would grow to megabytes, for each of them."""
UNHEARD_MS = 30_000
"""A client whose network is gone is given up when it has acknowledged nothing for so long."""


class Server:
    """A running server. port: what it really listens on, also when any free one was asked for."""

    def __init__(self, app: HallApp, bind: str, port: int) -> None:
        self._app = app
        self._server = wsgi.Server(
            (bind, port), app, numthreads=THREADS, server_name="kioskd", timeout=10, shutdown_timeout=2
        )
        self._server.nodelay = True
        self._thread = threading.Thread(target=self._server.serve, name="http", daemon=True)

    def start(self) -> None:
        """Listen and answer. Raises OSError when the address is in use or not ours."""
        self._server.prepare()
        _bound_connections(self._server.socket)
        self._thread.start()

    @property
    def port(self) -> int:
        """The TCP port it listens on."""
        return int(self._server.bind_addr[1])

    def stop(self) -> None:
        """Stop answering. Live streams end first: they never end by themselves."""
        self._app.close()
        self._server.stop()
        self._thread.join(timeout=3)


def _bound_connections(listening: socket.socket) -> None:
    """What every connection may hold at most. Accepted sockets inherit these from the one that listens."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, UNHEARD_MS // 1000)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)


def serve(app: HallApp, bind: str, port: int) -> Server:
    """Start to serve `app` at this address; port 0 takes any free one."""
    server = Server(app, bind, port)
    server.start()
    return server
