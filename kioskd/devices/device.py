"""The handle of one device: any thread may use it. It leaves messages for the thread that owns the port."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import msgspec

from kioskd.devices.driver import Driver
from kioskd.devices.errors import DeviceError, NoAnswer, NothingSent
from kioskd.devices.explain import Direction, Explainer
from kioskd.devices.followers import Followers, Tapped
from kioskd.devices.health import Change, Health, Reason
from kioskd.devices.health_record import HealthRecord
from kioskd.devices.kinds import (
    DeviceEvent,
    Document,
    HealthChanged,
    Kind,
    Picture,
    PrintEnd,
    PrintJob,
    Sign,
    Signal,
    SignState,
)
from kioskd.devices.link import DeviceLink
from kioskd.devices.live_view import Frame, LiveView
from kioskd.devices.orders import CaptureOrder, PrintOrder, SignalOrder, SoundOrder
from kioskd.devices.profiles import Profile
from kioskd.devices.recording import health_in_words, said_of
from kioskd.devices.sound import Sound
from kioskd.devices.specs import DeviceSpec

__all__ = ["Device", "Tapped"]

LATE = {SignalOrder: "late_signals", CaptureOrder: "late_captures", SoundOrder: "late_sounds"}
"""What is counted when an order came too late."""


class Device:
    """One device of the hall. Made by the supervisor."""

    def __init__(
        self,
        spec: DeviceSpec,
        driver_type: type[Driver],
        options: msgspec.Struct,
        emit: Callable[[DeviceEvent], None],
    ) -> None:
        self.spec = spec
        self.driver_type = driver_type
        self.options = options
        self._emit = emit
        self.wake: Callable[[], None] = lambda: None
        """Wakes the thread that owns the port; set by it."""
        self.record = HealthRecord(self._health_changed, disabled=spec.disabled)
        self._lock = threading.Lock()
        self._reachable = False
        self._sign: Sign | None = None
        self._trial_sign: Sign | None = None
        self.shown: Sign | None = None
        """The sign that it was last sent, or cannot express; None after its port was closed."""
        self.under_trial = threading.Lock()
        """Held while the device is tried (`trials`)."""
        self._listener: Callable[[DeviceEvent], None] | None = None
        self._signals: deque[SignalOrder] = deque()
        self._jobs: deque[PrintOrder] = deque()
        self._captures: deque[CaptureOrder] = deque()
        self._sounds: deque[SoundOrder] = deque()
        self._running: PrintOrder | CaptureOrder | SoundOrder | None = None
        self.live = LiveView()
        """A camera's live picture: the port's thread fills it, `look` looks at it."""
        self.followers = Followers(spec.name, private=driver_type.private_bytes)
        """Who listens to its bytes, and to what is done with it."""

    def __repr__(self) -> str:
        return f"<Device {self.name}: {self.health().state}>"

    # --- what it is ---

    @property
    def name(self) -> str:
        """Its name in the hall file."""
        return self.spec.name

    @property
    def title(self) -> str:
        """What people call it."""
        return self.spec.title

    @property
    def profile(self) -> Profile:
        """Its model."""
        return self.spec.profile

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it can do."""
        return self.spec.profile.kinds

    def health(self) -> Health:
        """How it is now."""
        return self.record.read()

    def changes(self) -> tuple[Change, ...]:
        """How its health changed lately, the newest first."""
        return self.record.changes()

    # --- what others ask of it ---

    def show(self, sign: Sign) -> None:
        """The sign it must show from now on. Sent when it differs, and again after every reconnect."""
        with self._lock:
            if sign.state is SignState.CALL and sign != self._sign:
                self._trial_sign = None  # a citizen is called: whoever tries the device comes second
            self._sign = sign
        self.wake()

    def show_meanwhile(self, sign: Sign | None) -> None:
        """Show this instead, until it is None again or a ticket is called: for trying the device."""
        with self._lock:
            self._trial_sign = sign
        self.wake()

    def listen(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Have what is pressed told to `listener` and to nobody else; returns the function that ends it."""
        self._listener = listener

        def end() -> None:
            self._listener = None

        return end

    def signal(self, signal: Signal) -> Future[None]:
        """Do something once, now. The future fails with a DeviceError when it was not done in time."""
        order = SignalOrder(signal)
        self._leave(order, self._signals)
        return order.future

    def capture(self) -> Future[Picture]:
        """Take a picture. The future fails with a DeviceError when none could be taken in time."""
        order = CaptureOrder()
        self._leave(order, self._captures)
        return order.future

    def play(self, sound: Sound) -> Future[None]:
        """Play a sound, after those that were asked for before. The future ends when the sound does.

        It fails with a DeviceError when the sound could not be begun in time, or not be played to its end.
        """
        order = SoundOrder(sound)
        self._leave(order, self._sounds)
        return order.future

    def look(self, after: int = 0, *, timeout_s: float = 2.0) -> Frame:
        """The newest frame of a camera's live picture, if it is newer than the frame `after`; waits for it.

        The camera streams while somebody looks, and stops a little after the last look. Raises NoAnswer when
        no frame came in time, or at once when the camera was lost.
        """
        with self._lock:
            reachable = self._reachable
        if not reachable:
            raise NoAnswer(f"{self.name} cannot be reached ({self._why()})")
        self.live.want()
        self.wake()
        return self.live.wait(after, timeout_s)

    def _leave(self, order: Any, waiting: deque[Any]) -> None:
        """Leave the order for the port's thread, or fail it at once."""
        with self._lock:
            reachable = self._reachable
            if reachable:
                waiting.append(order)
        if reachable:
            self.wake()
        else:
            order.fail(NoAnswer(f"{self.name} cannot be reached ({self._why()}): no {order}"))

    def print(self, job: PrintJob) -> Future[PrintEnd]:
        """Put the job on paper. The future gives its end, or fails with NothingSent or PrintUnknown.

        A job may take as long as its printer lacks paper. While the port is closed it fails at once with
        NothingSent: try again when the health has changed.
        """
        order = PrintOrder(job)
        with self._lock:
            reachable = self._reachable
            if reachable:
                self._jobs.append(order)
        if reachable:
            self.wake()
        else:
            order.fail(NothingSent(f"{self.name} cannot be reached ({self._why()}): nothing was sent"))
        return order.future

    def render(self, document: Document) -> bytes:
        """The document in this printer's language. Touches no port. Raises CannotExpress."""
        return self.make_driver(DeviceLink(self)).render(document)

    def test_page(self) -> Document:
        """A page that proves this printer, as far as is known of it now. Raises CannotExpress.

        `kioskd.devices.test_page.print_test_page` prints it.
        """
        return self.make_driver(DeviceLink(self)).test_page(self.health())

    def tap(self, callback: Callable[[Tapped], None]) -> Callable[[], None]:
        """Hear the bytes of its port, live; returns the function that ends it.

        The callback runs on the port's thread: be quick, and bound what you keep.
        """
        return self.followers.tap(callback)

    def explainer(self) -> Explainer:
        """What puts the bytes of its port into words, from now on."""
        return self.driver_type.explainer(self.profile, self.options)

    def _why(self) -> str:
        health = self.health()
        return ", ".join(reason.code for reason in health.reasons) or health.state

    # --- for the thread that owns its port, and for the supervisor ---

    def make_driver(self, link: DeviceLink) -> Driver:
        """A fresh driver object for this device."""
        return self.driver_type(link, self.profile, self.options, self.spec.address)

    @property
    def sign(self) -> Sign | None:
        """What it must show."""
        with self._lock:
            return self._trial_sign or self._sign

    def said(self, event: DeviceEvent) -> None:
        """Somebody pressed something on it."""
        self.followers.noted("said", lambda: said_of(event))
        (self._listener or self._emit)(event)

    def _health_changed(self) -> None:
        self.followers.noted("said", lambda: health_in_words(self.health()))
        self._emit(HealthChanged(self.name))

    def opened(self) -> None:
        """Its port is open: orders may come."""
        self.record.count("opened")
        self.followers.noted("did", lambda: "opened")
        with self._lock:
            self._reachable = True

    def closed(self, reason: Reason) -> None:
        """Its port is closed, because of `reason`: what waits is given back."""
        if self._reachable:
            self.record.count("lost")
        self.shown = None
        self.followers.noted("did", lambda: f"closed {reason.code}")
        self.give_up(NothingSent(f"the port of {self.name} is closed: {reason.code}"))
        self.record.port_closed(reason)

    def stuck(self, reason: Reason | None) -> None:
        """The thread that owns its port hangs: nobody waits for it. None: it came back."""
        if reason is not None:
            error = NoAnswer(f"{self.name} hangs: {reason.detail}")
            with self._lock:
                running = self._running
            if running is not None:
                running.fail(error)
            self.give_up(error)
        self.record.stuck(reason)

    def give_up(self, error: DeviceError) -> None:
        """Fail all orders that wait, and take no more until the port is open again."""
        with self._lock:
            self._reachable = False
            orders: list[PrintOrder | SignalOrder | CaptureOrder | SoundOrder] = [
                *self._jobs,
                *self._signals,
                *self._captures,
                *self._sounds,
            ]
            for waiting in (self._jobs, self._signals, self._captures, self._sounds):
                waiting.clear()
        for order in orders:
            order.fail(error)
        self.live.fail(error)

    def next_job(self) -> PrintOrder | None:
        """Take the oldest waiting job; it is running until `job_ended`."""
        with self._lock:
            if not self._jobs:
                return None
            self._running = order = self._jobs.popleft()
            return order

    def job_ended(self) -> None:
        """The running job has its end."""
        with self._lock:
            self._running = None

    def next_capture(self) -> CaptureOrder | None:
        """Take the oldest picture that is still wanted; it is running until `job_ended`."""
        self.drop_late()
        with self._lock:
            if not self._captures:
                return None
            self._running = order = self._captures.popleft()
            return order

    def next_sound(self) -> SoundOrder | None:
        """Take the oldest sound that is still worth something; it is running until `job_ended`."""
        self.drop_late()
        with self._lock:
            if not self._sounds:
                return None
            self._running = order = self._sounds.popleft()
            return order

    def next_signal(self) -> SignalOrder | None:
        """Take the oldest signal that is still worth something."""
        self.drop_late()
        with self._lock:
            return self._signals.popleft() if self._signals else None

    def drop_late(self) -> None:
        """Fail the signals, pictures and sounds whose deadline has passed."""
        with self._lock:
            waiting: list[SignalOrder | CaptureOrder | SoundOrder] = [
                *self._signals,
                *self._captures,
                *self._sounds,
            ]
            late = [order for order in waiting if order.late]
            self._signals = deque(order for order in self._signals if not order.late)
            self._captures = deque(order for order in self._captures if not order.late)
            self._sounds = deque(order for order in self._sounds if not order.late)
        for order in late:
            self.record.count(LATE[type(order)])
            order.fail(NoAnswer(f"{self.name} did not come to {order} in time"))

    def passed(self, direction: Direction, data: bytes) -> None:
        """Bytes passed its port."""
        self.record.count(f"{direction}_bytes", len(data))
        self.followers.passed(direction, data)
