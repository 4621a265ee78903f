"""Live events for pages and programs (server-sent): one watcher of the store, fanned out to every stream."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from kioskd.devices.kinds import DeviceEvent, HealthChanged
from kioskd.hall.model import Event
from web.problems import Problem

if TYPE_CHECKING:
    from kioskd.devices.supervisor import Supervisor
    from kioskd.hall.hall import Hall

log = logging.getLogger(__name__)

STREAMS = 64
"""How many streams may be open at once: each holds a thread of the server."""
BACKLOG = 256
"""How many messages a stream may fall behind before it is told to read everything anew."""
HEARTBEAT_S = 10.0
RETRY_MS = 2000
"""How long a browser waits before it connects again."""
WATCH_S = 0.5
"""How often the watcher looks whether it should stop."""


class Guest(Protocol):
    """A stream of another kind, such as a device's live bytes."""

    def end(self) -> None:
        """The daemon stops: end soon. Any thread."""


class LiveEvents:
    """Watches the hall's events and the devices' health, and tells every open stream."""

    def __init__(self, hall: Hall, supervisor: Supervisor) -> None:
        self._hall = hall
        self._streams: set[_Stream] = set()
        self._guests: set[Guest] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._last = 0
        self._watcher = threading.Thread(target=self._watch, name="live events", daemon=True)
        self._unsubscribe = supervisor.subscribe(self._device_said)

    def stop(self) -> None:
        """End every stream and the watcher."""
        self._stopping.set()
        self._unsubscribe()
        with self._lock:
            open_now = [*self._streams, *self._guests]
        for stream in open_now:
            stream.end()
        if self._watcher.is_alive():
            self._watcher.join(timeout=2 * WATCH_S)

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams) + len(self._guests)

    def join(self, guest: Guest) -> None:
        """Another kind of stream is opened: it counts toward the same budget, and ends when these do.

        Raises Problem 503 when there are too many streams already.
        """
        with self._lock:
            self._check_room()
            self._guests.add(guest)

    def leave(self, guest: Guest) -> None:
        """That stream has ended."""
        with self._lock:
            self._guests.discard(guest)

    def _check_room(self) -> None:
        if self.count >= STREAMS or self._stopping.is_set():
            raise Problem(503, "too_many_streams", headers={"Retry-After": "5"}, streams=STREAMS)

    def stream(self, after: int | None) -> Iterator[bytes]:
        """A new stream's bytes, from the event after `after`, or from now on.

        The first stream starts the watcher. Raises Problem 503 when there are too many streams already.
        """
        stream = _Stream()
        with self._lock:
            self._check_room()
            if self._watcher.ident is None:
                self._last = self._hall.store.last_event()
                self._watcher.start()
            self._streams.add(stream)
        try:
            return _Bytes(self, stream, after)
        except BaseException:  # such as StoreFailed: its place is free again
            self.forget(stream)
            raise

    def missed(self, after: int) -> list[_Message] | None:
        """The messages since event `after`; None when they are too many, or `after` is not of this hall."""
        if after > self._hall.store.last_event():
            return None
        events = self._hall.events(after, BACKLOG)
        return None if len(events) >= BACKLOG else [_hall_message(event) for event in events]

    def card(self, window: int | None) -> None:
        """Another card lies at this place, or its offer is over. Who it is, nobody is told here."""
        self._tell(_Message("card", {"window": window}))

    def forget(self, stream: _Stream) -> None:
        """The stream has ended."""
        with self._lock:
            self._streams.discard(stream)

    def _open_streams(self) -> list[_Stream]:
        with self._lock:
            return list(self._streams)

    def _tell(self, message: _Message) -> None:
        for stream in self._open_streams():
            stream.put(message)

    def _device_said(self, event: DeviceEvent) -> None:
        """Called on a port's thread: be quick."""
        if isinstance(event, HealthChanged):
            self._tell(_Message("health", {"device": event.device}))

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hall.store.wait(self._last, WATCH_S)
                for event in self._hall.events(self._last, BACKLOG):
                    self._tell(_hall_message(event))
                    self._last = event.id
            except Exception:  # the pages must outlive a moment when the disk is full or the file is locked
                log.exception("live events: the store could not be read; trying again")
                self._stopping.wait(WATCH_S)


class _Message:
    """One server-sent event, encoded once for all streams."""

    def __init__(self, name: str, data: dict[str, Any], id_: int | None = None) -> None:
        self.id = id_
        head = f"id: {id_}\n" if id_ is not None else ""
        body = msgspec.json.encode(data).decode()
        self.encoded = f"{head}event: {name}\ndata: {body}\n\n".encode()


def _hall_message(event: Event) -> _Message:
    data = {
        "id": event.id,
        "type": event.type,
        "ticket": event.ticket,
        "window": event.window,
        "at": event.at,
    }
    return _Message("hall", data, event.id)


class _Stream:
    """What waits to be sent on one connection."""

    def __init__(self) -> None:
        self._waiting: deque[_Message] = deque()
        self._changed = threading.Condition()
        self._ended = False

    def put(self, message: _Message) -> None:
        with self._changed:
            if self._ended:
                return
            self._waiting.append(message)
            if len(self._waiting) > BACKLOG:
                self._waiting.clear()
                self._waiting.append(_resync())
                self._ended = True
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()

    def get(self, timeout_s: float) -> _Message | None:
        """The next message, or None when none came in time. Raises StopIteration once it has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, timeout_s)
            if self._waiting:
                return self._waiting.popleft()
            if self._ended:
                raise StopIteration
            return None


class _Bytes(Iterator[bytes]):
    """One response body; `close` is called by the server when the browser has gone."""

    def __init__(self, live: LiveEvents, stream: _Stream, after: int | None) -> None:
        self._live = live
        self._stream = stream
        self._last = after or 0
        first = f"retry: {RETRY_MS}\n\n".encode()
        self._ready = deque([first])
        if after is not None:
            missed = live.missed(after)
            self._ready.extend(m.encoded for m in (missed if missed is not None else [_resync()]))
            self._last = max([after, *(m.id or 0 for m in missed or [])]) if missed is not None else 0

    def __next__(self) -> bytes:
        if self._ready:
            return self._ready.popleft()
        while True:
            message = self._stream.get(HEARTBEAT_S)
            if message is None:
                return b": still here\n\n"
            if message.id is None or message.id > self._last:
                return message.encoded

    def close(self) -> None:
        self._live.forget(self._stream)


def _resync() -> _Message:
    """Tells a browser that events were left out: it reads the present state anew."""
    return _Message("resync", {})
