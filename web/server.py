"""The HTTP server: cheroot, with a thread for every live stream and some for all else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cheroot import wsgi

from web.events import STREAMS

if TYPE_CHECKING:
    from web.app import HallApp

THREADS = STREAMS + 16


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


def serve(app: HallApp, bind: str, port: int) -> Server:
    """Start to serve `app` at this address; port 0 takes any free one."""
    server = Server(app, bind, port)
    server.start()
    return server
