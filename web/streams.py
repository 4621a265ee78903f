"""One live stream: what waits to be sent on its connection, bounded, and its bytes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

BACKLOG = 256
"""How many messages a stream may fall behind before it is told to read everything anew."""
HEARTBEAT_S = 10.0
"""How often a quiet stream says that it is alive: a page that hears nothing for longer calls it lost."""
RETRY_MS = 500
"""How long a browser waits before it connects again."""


class Message:
    """One server-sent event, encoded once for all streams."""

    def __init__(self, name: str, data: dict[str, Any], id_: int | None = None) -> None:
        self.id = id_
        head = f"id: {id_}\n" if id_ is not None else ""
        body = msgspec.json.encode(data).decode()
        self.encoded = f"{head}event: {name}\ndata: {body}\n\n".encode()


ALIVE = Message("alive", {})
RESYNC = Message("resync", {})
"""Tells a browser that events were left out: it reads the present state anew."""


class Stream:
    """What waits to be sent on one connection. A reader that falls too far behind is told so, and dropped."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._changed = threading.Condition()
        self._ended = False

    def put(self, message: Message) -> None:
        """Send this when the connection takes it. Never waits."""
        with self._changed:
            if self._ended:
                return
            self._waiting.append(message)
            if len(self._waiting) > BACKLOG:
                self._waiting.clear()
                self._waiting.append(RESYNC)
                self._ended = True
            self._changed.notify()

    def end(self) -> None:
        """Send what waits, then no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def get(self, timeout_s: float) -> Message | None:
        """The next message, or None when none came in time. Raises StopIteration once it has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, timeout_s)
            if self._waiting:
                return self._waiting.popleft()
            if self._ended:
                raise StopIteration
            return None


class Owner(Protocol):
    """Who keeps the open streams."""

    def forget(self, stream: Stream) -> None:
        """The stream has ended."""


class StreamBytes(Iterator[bytes]):
    """One response body; `close` is called by the server when the browser has gone.

    missed: what the reader has to be told first; None when that is too much. after: the last event it knows.
    """

    def __init__(
        self, owner: Owner, stream: Stream, hello: Message, missed: list[Message] | None, after: int
    ) -> None:
        self._owner = owner
        self._stream = stream
        self._ready = deque([f"retry: {RETRY_MS}\n".encode() + hello.encoded])
        self._ready.extend(message.encoded for message in ([RESYNC] if missed is None else missed))
        self._last = 0 if missed is None else max([after, *(message.id or 0 for message in missed)])

    def __next__(self) -> bytes:
        if self._ready:
            return self._ready.popleft()
        while True:
            message = self._stream.get(HEARTBEAT_S) or ALIVE
            if message.id is None or message.id > self._last:
                return message.encoded

    def close(self) -> None:
        """Nobody reads any more."""
        self._owner.forget(self._stream)
