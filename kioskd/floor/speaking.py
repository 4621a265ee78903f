"""The hall's calls, spoken: each loudspeaker says one after another, in time or not at all.

A call is news (`news.py`): after a restart an old one is not shouted. Each loudspeaker has a queue and a
thread of its own, so that a card that hangs delays nothing but itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from kioskd.devices.errors import DeviceError
from kioskd.devices.sound import Sound
from kioskd.devices.supervisor import Device
from kioskd.floor.bindings import Bindings
from kioskd.floor.news import STALE_AFTER_S
from kioskd.hall.hall import Hall
from kioskd.hall.model import Event, NotFound
from kioskd.hall.rules import is_open
from kioskd.voice.errors import VoiceFailed
from kioskd.voice.table import Language
from kioskd.voice.voice import Voice
from kioskd.worker import Worker

log = logging.getLogger(__name__)

FOLLOWER = "floor-voice"
SPOKEN = ("ticket_called", "ticket_recalled")
CROWD = 1
"""So many calls that wait, and each is said once only until they are fewer."""
QUEUE = 50
SLICE_S = 0.2
"""How soon a thread that waits for a sound's end sees that the daemon stops."""
PLAYED_WITHIN_S = 20.0
"""How long a sound may wait for its device, and take longer than it is, before nobody waits for it."""
BEAT_S = 10.0
_BATCH = 200


class Call(msgspec.Struct, frozen=True):
    """A ticket is called to a window. at_s: when, on the monotonic clock."""

    number: str
    window: int
    ticket: int
    at_s: float


class Saying(msgspec.Struct, frozen=True):
    """Some other text, such as a technician's trial; it is said once."""

    text: str
    language: Language
    at_s: float


class Speaking:
    """Follows the hall's events with a durable cursor, and hands each call to the loudspeakers it is for."""

    def __init__(
        self, hall: Hall, bindings: Bindings, voice: Voice, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._hall = hall
        self._now_s = now_s
        self._seen: int | None = None
        self.mouths = [Mouth(hall, device, window, voice, now_s) for device, window in bindings.speakers()]

    def turn(self) -> None:
        """Hand over the calls since the last turn."""
        if self._seen is None:
            self._seen = self._hall.store.cursor(FOLLOWER)
        while events := self._hall.events(self._seen, _BATCH):
            for event in events:
                self._hear(event)
                self._seen = event.id

    def say(self, text: str, language: Language) -> list[str]:
        """Have every loudspeaker say this, behind the calls that wait. Returns their names."""
        for mouth in self.mouths:
            mouth.offer(Saying(text, language, self._now_s()))
        return [mouth.name for mouth in self.mouths]

    def _hear(self, event: Event) -> None:
        if event.type not in SPOKEN or event.window is None or event.ticket is None:
            return
        # First: a crash in between says nothing, but never the same thing twice.
        self._hall.store.advance(FOLLOWER, event.id)
        age_s = (self._hall.clock.now() - event.at).total_seconds()
        if age_s > STALE_AFTER_S:
            log.info("window %d: a call of %.0f s ago is not spoken", event.window, age_s)
            return
        number = self._hall.ticket(event.ticket).number
        call = Call(number, event.window, event.ticket, self._now_s() - max(0.0, age_s))
        for mouth in self.mouths:
            if mouth.window in (None, event.window):
                mouth.offer(call)


class Mouth:
    """One loudspeaker: what it has yet to say, and a thread that says it."""

    def __init__(
        self, hall: Hall, device: Device, window: int | None, voice: Voice, now_s: Callable[[], float]
    ) -> None:
        self.window = window
        self.dropped: Counter[str] = Counter()
        """What was not said, by why: late, gone (the citizen has come), silent, unsaid, unheard."""
        self._hall = hall
        self._device = device
        self._voice = voice
        self._now_s = now_s
        self._queue: deque[Call | Saying] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._worker = Worker(f"floor-voice {device.name}", self.turn, beat_s=BEAT_S)

    @property
    def name(self) -> str:
        """The device's name."""
        return self._device.name

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self) -> None:
        """Say no more: what is being said is cut off with the device's port."""
        self._stopping.set()
        self._worker.stop()

    def offer(self, item: Call | Saying) -> None:
        """Leave it to be said. A ticket that waits already keeps its place, with its newest window."""
        with self._lock:
            for at, waiting in enumerate(self._queue):
                if isinstance(item, Call) and isinstance(waiting, Call) and waiting.ticket == item.ticket:
                    self._queue[at] = item
                    break
            else:
                if len(self._queue) >= QUEUE:
                    self.dropped["late"] += 1
                    return
                self._queue.append(item)
        self._worker.wake()

    def turn(self) -> None:
        """Say everything that waits."""
        while (item := self._next()) is not None:
            try:
                self._say(item)
            except (DeviceError, NotYet) as error:
                self.dropped["unheard"] += 1
                log.warning("%s could not speak: %s", self.name, error or "it takes too long")

    def _next(self) -> Call | Saying | None:
        with self._lock:
            return self._queue.popleft() if self._queue and not self._stopping.is_set() else None

    def _say(self, item: Call | Saying) -> None:
        times = self._voice.table.times if isinstance(item, Call) else 1
        for time_ in range(times):
            if time_ and (len(self._queue) >= CROWD or self._stopping.wait(self._voice.table.gap_s)):
                return
            if why := self._why_not(item, begun=time_ > 0):
                self.dropped[why] += not time_
                return
            sound = self._sound(item, chimes=time_ == 0)
            if sound is None:
                self.dropped["unsaid"] += 1
                return
            self._wait(self._device.play(sound), sound.length_s + PLAYED_WITHIN_S)

    def _why_not(self, item: Call | Saying, *, begun: bool) -> str:
        """Why it is not said now; empty when it is."""
        if not begun and self._now_s() - item.at_s > self._voice.table.late_after_s:
            return "late"
        if isinstance(item, Saying):
            return ""
        if not self._still_called(item):
            return "gone"
        return "" if volume_now(self._hall, self._voice) else "silent"

    def _still_called(self, call: Call) -> bool:
        try:
            ticket = self._hall.ticket(call.ticket)
        except NotFound:
            return False
        return ticket.state == "called" and ticket.window == call.window

    def _sound(self, item: Call | Saying, *, chimes: bool) -> Sound | None:
        """What to play. A call that nothing here can say is at least a chime: people look up at the board."""
        volume = volume_now(self._hall, self._voice)
        try:
            if isinstance(item, Saying):
                return self._voice.at(self._voice.text(item.text, item.language), volume or 100)
            return self._voice.call(item.number, item.window, chimes=chimes, volume=volume)
        except VoiceFailed as error:
            log.warning("%s has nothing to say it with: %s", self.name, error)
            return self._voice.at(self._voice.chime(), volume) if chimes and isinstance(item, Call) else None

    def _wait(self, played: Future[None], limit_s: float) -> None:
        """Wait for the sound's end, or the daemon's. Raises NotYet after limit_s, DeviceError."""
        until_s = time.monotonic() + limit_s
        while not (played.done() or self._stopping.is_set()) and time.monotonic() < until_s:
            wait([played], SLICE_S)
        if not self._stopping.is_set():
            played.result(0)


def volume_now(hall: Hall, voice: Voice) -> int:
    """How loud calls are at this hour, in percent; 0: not at all."""
    local = hall.clock.now().astimezone(ZoneInfo(hall.plan.timezone))
    if voice.table.silent_when_closed and not _hall_is_open(hall, local):
        return 0
    return voice.table.volume_at(local)


def _hall_is_open(hall: Hall, local: datetime) -> bool:
    plan = hall.plan
    return any(is_open(line.hours or plan.hours, plan.calendar, local) for line in plan.lines)
