"""Live events for pages and programs (server-sent): one watcher of the store, fanned out to every stream."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from kioskd.devices.kinds import DeviceEvent, HealthChanged
from web.problems import Problem
from web.streams import BACKLOG, Message, Stream, StreamBytes

if TYPE_CHECKING:
    from kioskd.devices.supervisor import Supervisor
    from kioskd.hall.hall import Hall
    from kioskd.hall.model import Event

log = logging.getLogger(__name__)

STREAMS = 80
"""How many streams may be open at once: the hall's 64 screens and desks, and some for technicians and
programs. Each holds a thread of the server."""
CALLS = ("ticket_called", "ticket_recalled")
"""The events that a board must show, each of them: they carry what it needs for that."""
UNTOLD = "case_"
"""How events begin that no stream tells: one right after a rating would say that it was a bad one."""
WATCH_S = 0.5
"""How often the watcher looks whether it should stop."""


class Guest(Protocol):
    """A stream of another kind, such as a device's live bytes."""

    def end(self) -> None:
        """The daemon stops: end soon. Any thread."""


class LiveEvents:
    """Watches the hall's events and the devices' health, and tells every open stream."""

    def __init__(self, hall: Hall, supervisor: Supervisor, *, build: str = "") -> None:
        """build: names what the pages are made of; a page made of something else reads itself anew."""
        self._hall = hall
        self.build = build
        self._hello = Message("hello", {"build": build})
        self._streams: set[Stream] = set()
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
        stream = Stream()
        with self._lock:
            self._check_room()
            if self._watcher.ident is None:
                self._last = self._hall.store.last_event()
                self._watcher.start()
            self._streams.add(stream)
        try:
            missed = [] if after is None else self.missed(after)
            return StreamBytes(self, stream, self._hello, missed, after or 0)
        except BaseException:  # such as StoreFailed: its place is free again
            self.forget(stream)
            raise

    def missed(self, after: int) -> list[Message] | None:
        """The messages since event `after`; None when they are too many, or `after` is not of this hall."""
        if after > self._hall.store.last_event():
            return None
        events = self._hall.events(after, BACKLOG)
        if len(events) >= BACKLOG:
            return None
        return [self._hall_message(event) for event in events if not event.type.startswith(UNTOLD)]

    def card(self, window: int | None) -> None:
        """Another card lies at this place, or its offer is over. Who it is, nobody is told here."""
        self._tell(Message("card", {"window": window}))

    def forget(self, stream: Stream) -> None:
        """The stream has ended."""
        with self._lock:
            self._streams.discard(stream)

    def _open_streams(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)

    def _tell(self, message: Message) -> None:
        for stream in self._open_streams():
            stream.put(message)

    def _device_said(self, event: DeviceEvent) -> None:
        """Called on a port's thread: be quick."""
        if isinstance(event, HealthChanged):
            self._tell(Message("health", {"device": event.device}))

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hall.store.wait(self._last, WATCH_S)
                for event in self._hall.events(self._last, BACKLOG):
                    if not event.type.startswith(UNTOLD):
                        self._tell(self._hall_message(event))
                    self._last = event.id
            except Exception:  # the pages must outlive a moment when the disk is full or the file is locked
                log.exception("live events: the store could not be read; trying again")
                self._stopping.wait(WATCH_S)

    def _hall_message(self, event: Event) -> Message:
        data: dict[str, Any] = {
            "id": event.id,
            "type": event.type,
            "ticket": event.ticket,
            "window": event.window,
            "at": event.at,
        }
        if event.type in CALLS and event.ticket is not None:
            data["number"] = self._hall.ticket(event.ticket).number
        return Message("hall", data, event.id)
