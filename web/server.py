"""The HTTP server: cheroot, with a thread for every live stream and some for all else; TLS beside it."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cheroot import wsgi
from cheroot.errors import FatalSSLAlert
from cheroot.ssl.builtin import BuiltinSSLAdapter

from web.events import STREAMS

if TYPE_CHECKING:
    from web.app import HallApp

THREADS = STREAMS + 16
"""For each listener: all the streams there may be can come by one of them, and the rest is answered still."""
SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel keeps for a client that does not read. It would grow to megabytes, for each of them."""
UNHEARD_MS = 30_000
"""A client whose network is gone is given up when it has acknowledged nothing for so long."""


@dataclass(frozen=True)
class Tls:
    """Where TLS is spoken, and by which certificate. key: None where the certificate's file has it."""

    port: int
    certificate: Path
    key: Path | None = None


class Server:
    """A running server. port, tls_port: what it really listens on, also when any free one was asked for."""

    def __init__(self, app: HallApp, bind: str, port: int, tls: Tls | None = None) -> None:
        self._app = app
        self._plain = _listener(app, bind, port, THREADS)
        self._listeners = [self._plain]
        if tls is not None:
            secure = _listener(app, bind, tls.port, THREADS)
            secure.ssl_adapter = _Adapter(str(tls.certificate), str(tls.key or tls.certificate))
            self._listeners.append(secure)
        self._threads = [
            threading.Thread(target=one.serve, name="http", daemon=True) for one in self._listeners
        ]

    def start(self) -> None:
        """Listen and answer. Raises OSError when an address is in use or not ours."""
        for listener in self._listeners:
            listener.prepare()
            _bound_connections(listener.socket)
        for thread in self._threads:
            thread.start()

    @property
    def port(self) -> int:
        """The TCP port it listens on."""
        return int(self._plain.bind_addr[1])

    @property
    def tls_port(self) -> int | None:
        """The TCP port it speaks TLS on; None without a certificate."""
        return int(self._listeners[1].bind_addr[1]) if len(self._listeners) > 1 else None

    def stop(self) -> None:
        """Stop answering. Live streams end first: they never end by themselves."""
        self._app.close()
        for listener in self._listeners:
            listener.stop()
        for thread in self._threads:
            thread.join(timeout=3)


def _bound_connections(listening: socket.socket) -> None:
    """What every connection may hold at most. Accepted sockets inherit these from the one that listens."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, UNHEARD_MS // 1000)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)


def serve(app: HallApp, bind: str, port: int, *, tls: Tls | None = None) -> Server:
    """Start to serve `app` at this address; port 0 takes any free one."""
    server = Server(app, bind, port, tls)
    server.start()
    return server


def _listener(app: HallApp, bind: str, port: int, threads: int) -> wsgi.Server:
    listener = wsgi.Server(
        (bind, port), app, numthreads=threads, server_name="kioskd", timeout=10, shutdown_timeout=2
    )
    listener.nodelay = True
    return listener


class _Socket(ssl.SSLSocket):
    """Shakes hands when it is first read from; one that fails there ends as quietly as a hang-up."""

    def recv_into(self, *arguments: Any, **more: Any) -> int:
        try:
            return super().recv_into(*arguments, **more)
        except ssl.SSLError as error:
            raise FatalSSLAlert(*error.args) from error


class _Adapter(BuiltinSSLAdapter):
    """cheroot's own, but that the handshake is made by the connection's thread.

    cheroot's is made where connections are accepted: whoever says nothing there would keep all others out.
    """

    def __init__(self, certificate: str, key: str) -> None:
        super().__init__(certificate, key)
        self.context.sslsocket_class = _Socket

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        secure = self.context.wrap_socket(sock, do_handshake_on_connect=False, server_side=True)
        return secure, self.get_environ(secure)

    def get_environ(self, sock: Any) -> dict[str, str]:
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}
