"""Asking a running daemon: over the Unix socket in its state directory, or by address and token."""

from __future__ import annotations

import functools
import grp
import http.client
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from kioskd.cli.store import STATE

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_URL = "http://127.0.0.1:8080"
ANSWER_S = 10.0
"""How long the daemon may take to answer, and to send a sign of life on a stream."""

URL = click.option("--url", help=f"The daemon's address, in place of its socket; with --token {DEFAULT_URL}.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def asks_daemon(scope: str) -> Callable[[Command], Command]:
    """Give a command its `daemon`, and the options that say where it is. scope: what a token needs."""

    def decorate(command: Command) -> Command:
        @STATE
        @URL
        @click.option("--token", envvar="KIOSKD_TOKEN", help=f"A token with the scope {scope}, for --url.")
        @functools.wraps(command)
        def run(*args: Any, state: Path, url: str | None, token: str | None, **options: Any) -> Any:
            return command(*args, daemon=Daemon(state, url, token), **options)

        return run  # type: ignore[return-value]

    return decorate


class NoDaemon(click.ClickException):
    """Nobody answers there."""


class Daemon:
    """A running daemon, as the command line reaches it. Every method raises click.ClickException."""

    def __init__(self, state: Path, url: str | None = None, token: str | None = None) -> None:
        """url, token: speak HTTP to this address with this token; neither: use the socket in `state`."""
        self._state = state
        self._url = url or (DEFAULT_URL if token else None)
        if self._url and not token:
            raise click.UsageError("--url needs --token (or KIOSKD_TOKEN); without both the socket is used")
        if self._url and not self._url.startswith(("http://", "https://")):
            raise click.ClickException(f"{self._url}: an address starts with http:// or https://")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @property
    def where(self) -> str:
        """What to name it in a message."""
        return self._url or str(self._state)

    def ask(self, path: str, *, method: str = "GET", body: Any = None) -> Any:
        """What the daemon answers."""
        import msgspec

        with self._request(path, method, body) as answer:
            try:
                return msgspec.json.decode(answer.read())
            except msgspec.DecodeError:
                raise click.ClickException(f"{self.where}: what answers there is not kioskd") from None

    def listen(self, path: str, *, method: str = "GET", body: Any = None) -> Iterator[tuple[str, Any]]:
        """The daemon's server-sent events, each with its name; ("", None) for a sign of life."""
        import msgspec

        with self._request(path, method, body) as answer:
            name = ""
            try:
                while line := answer.readline():
                    if line.startswith(b"event: "):
                        name = line[7:].strip().decode()
                    elif line.startswith(b"data: "):
                        yield name, msgspec.json.decode(line[6:])
                    elif line.startswith(b":"):
                        yield "", None
            except (OSError, http.client.HTTPException) as error:
                raise click.ClickException(
                    f"{self.where}: the daemon was lost: {error or 'no answer'}"
                ) from None

    def _request(self, path: str, method: str, body: Any) -> http.client.HTTPResponse:
        import msgspec

        connection = self._connection()
        headers = {**self._headers, "Content-Type": "application/json"}
        data = None if body is None else msgspec.json.encode(body)
        try:
            connection.request(method, f"/api/v1/{path}", data, headers)
            answer = connection.getresponse()
        except PermissionError:
            raise click.ClickException(_not_allowed(self._state)) from None
        except (OSError, http.client.HTTPException) as error:
            raise NoDaemon(self._gone(error)) from None
        if answer.status >= 400:
            raise click.ClickException(f"the daemon answered {answer.status} {_detail(answer)}")
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if self._url is None:
            return _UnixConnection(self._state / "control.sock")
        url = urlsplit(self._url)
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        try:
            return kind(url.hostname or "", url.port, timeout=ANSWER_S)
        except ValueError as error:
            raise click.ClickException(f"{self._url}: {error}") from None

    def _gone(self, error: Exception) -> str:
        if self._url is not None:
            return f"{self._url}: no daemon answers: {error}"
        return (
            f"no daemon runs in {self._state}: start it (systemctl start kioskd), "
            "or name its state directory with --state"
        )


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket, whose path may be longer than AF_UNIX takes."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_S)
        folder = os.open(self._path.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/{self._path.name}")
        finally:
            os.close(folder)


def _not_allowed(state: Path) -> str:
    """Who may speak to the daemon of this state directory, and how to become one of them."""
    try:
        group = grp.getgrgid(state.stat().st_gid).gr_name
    except (OSError, KeyError):
        return f"you may not speak to the daemon in {state}: use sudo"
    return (
        f"you may not speak to the daemon in {state}: use sudo, "
        f"or join its group (sudo usermod -aG {group} $USER, then log in again)"
    )


def _detail(answer: http.client.HTTPResponse) -> str:
    """The problem document's own words, or what HTTP says."""
    import msgspec

    try:
        return str(msgspec.json.decode(answer.read())["detail"])
    except (msgspec.DecodeError, KeyError, TypeError, OSError):
        return answer.reason
