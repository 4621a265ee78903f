"""The one thread that owns a port: it opens, probes, reads, writes, closes. Others leave it messages."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

import msgspec

from kioskd.devices.backoff import Backoff
from kioskd.devices.device import Device
from kioskd.devices.errors import PortError, Stopping
from kioskd.devices.flood import Flood
from kioskd.devices.health import Reason
from kioskd.devices.line import SLICE_S, Line
from kioskd.devices.ports import Port
from kioskd.devices.seat import Seat
from kioskd.devices.specs import PortSpec

log = logging.getLogger(__name__)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How patient the owners and the supervisor are, in seconds."""

    reopen_start_s: float = 0.2
    reopen_cap_s: float = 15.0
    steady_s: float = 5.0
    """A port that stayed open for so long is tried again quickly when it is lost."""
    silent_start_s: float = 1.0
    """How soon a device that gave no answer is tried again; later more rarely."""
    silent_cap_s: float = 30.0
    stuck_s: float = 10.0
    """A thread that has not moved for so long is stuck: more than any single wait may last."""
    watch_s: float = 1.0
    """How often the supervisor looks."""


class PortOwner:
    """One port and the devices on it. `start`, `stop` and `busy_since_s` are for the supervisor."""

    def __init__(
        self, spec: PortSpec, devices: Sequence[Device], open_it: Callable[[], Port], pace: Pace
    ) -> None:
        self.spec = spec
        self.devices = tuple(devices)
        self.busy_since_s: float | None = None
        """Since when the thread has been inside a call of a driver or of the port; None while it is not."""
        self.doing = ""
        self.resting = False
        """Whether everything that arrived or was asked has been dealt with."""
        self._open_it = open_it
        self._pace = pace
        self._line: Line | None = None
        self._flood = Flood(0.0, time.monotonic())
        self._seats: list[Seat] = []
        self._handing_over = False
        self._given_up = False
        self._giving_up = threading.Lock()
        """The watch gives the thread up and the thread takes that back: never half of each."""
        self._told: Reason | None = None
        """Why the port is closed, as it was logged last."""
        self._stop = threading.Event()
        self._nudged = threading.Event()
        self._waking = threading.Lock()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name=f"port {spec.name}", daemon=True)
        for device in self.devices:
            device.wake = self._wake

    # --- for the supervisor ---

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stop.set()
        self._nudged.set()
        self._wake()

    def nudge(self) -> None:
        """Something was plugged in: a port that is closed may be there now."""
        self._nudged.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end, and say whether it ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def watch(self) -> None:
        """Look after the thread from outside: one that has not moved for long is stuck."""
        busy_since_s = self.busy_since_s
        stuck = busy_since_s is not None and time.monotonic() - busy_since_s > self._pace.stuck_s
        with self._giving_up:
            if stuck and not self._given_up and self.busy_since_s == busy_since_s:
                self._given_up = True
                log.error("port %s hangs while %s", self.spec.name, self.doing)
                for device in self.devices:
                    device.stuck(Reason("stuck", self.doing))
        for device in self.devices:
            device.drop_late()

    def _wake(self) -> None:
        with self._waking:
            if self._wake_fd >= 0:
                os.eventfd_write(self._wake_fd, 1)

    # --- what a link needs (link.Turns) ---

    @property
    def line(self) -> Line:
        """The open line. Raises PortError when there is none."""
        if self._line is None:
            raise PortError("port_lost", f"port {self.spec.name} is closed")
        return self._line

    @property
    def local_echo(self) -> bool | None:
        """Whether the port reads back what it sends; None: nobody said."""
        return self.spec.local_echo

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""
        return time.monotonic()

    def touch(self) -> None:
        """The thread moves. Raises Stopping, or PortError when it was given up meanwhile."""
        if self.busy_since_s is not None:
            self.busy_since_s = time.monotonic()
        if self._stop.is_set():
            raise Stopping("the daemon is stopping")
        if self._given_up:
            raise PortError("port_lost", f"port {self.spec.name} was given up as stuck and is opened anew")

    def turn(self, timeout_s: float) -> None:
        """Wait until bytes arrive or the time has passed; hand over the bytes, and the silence after them."""
        if self._handing_over:
            raise RuntimeError("a driver must not wait while it is handed bytes")
        self.touch()
        now = time.monotonic()
        silences = [at for _, at in self._silences()]
        self.line.wait(min([now + timeout_s, *silences]) - now)
        self.touch()
        self._hand_over()
        self._judge_flood()

    def woken(self, device: Device) -> None:
        """The device spoke of its own accord."""
        for seat in self._seats:
            if seat.device is device:
                seat.spoke()

    def _silences(self) -> list[tuple[Seat, float]]:
        """The devices that have yet to be told of the silence after the last byte, and when."""
        due = [(seat, seat.silence_at_s(self.line.received_at_s)) for seat in self._seats]
        return [(seat, at_s) for seat, at_s in due if at_s is not None]

    def _hand_over(self) -> None:
        self._handing_over = True
        try:
            while data := self.line.take():
                self.resting = False
                share = self._flood.share(len(data), time.monotonic())
                before_s = time.thread_time()
                for seat in self._seats:
                    seat.device.passed("received", data)
                    seat.received(data[:share])
                self._breathe(share, time.thread_time() - before_s)
            now = time.monotonic()
            for seat, at_s in self._silences():
                if now >= at_s:
                    seat.silence()
        finally:
            self._handing_over = False

    def _breathe(self, count: int, thought_s: float) -> None:
        """Leave the other ports and the pages their time when this one never ends."""
        if rest_s := self._flood.looked(count, thought_s, time.monotonic()):
            self.line.rest(rest_s)
            for device in self.devices:
                device.record.count("breathers")

    def _judge_flood(self) -> None:
        if not self._flood.judge(time.monotonic()):
            return
        rate = self._flood.bytes_s
        reason = Reason("endless_garbage", f"{rate:.0f} bytes a second") if rate else None
        for device in self.devices:
            device.record.flooded(reason)

    # --- the thread ---

    def _run(self) -> None:
        backoff = Backoff(self._pace.reopen_start_s, self._pace.reopen_cap_s)
        while not self._stop.is_set():
            opened_at_s = time.monotonic()
            reason = self._one_opening()
            if self._stop.is_set():
                break
            if time.monotonic() - opened_at_s > self._pace.steady_s:
                backoff.reset()
            self._closed(reason)
            if self._nudged.wait(backoff.next_s()):
                backoff.reset()
            self._nudged.clear()
        for device in self.devices:
            device.give_up(Stopping("the daemon is stopping"))
        with self._waking:
            os.close(self._wake_fd)
            self._wake_fd = -1

    def _one_opening(self) -> Reason:
        """Open the port and attend to it until it is lost; return why it was."""
        try:
            with self._busy(f"opening {self.spec.at}"):
                port = self._open_it()
        except PortError as error:
            return Reason(error.reason, str(error))
        except Exception as error:
            log.exception("port %s cannot be opened", self.spec.name)
            return Reason("port_missing", f"{self.spec.at} cannot be opened: {error}")
        try:
            self._attend(port)
        except PortError as error:
            return Reason(error.reason, str(error))
        except Stopping:
            return Reason("port_lost", "stopped")
        except Exception as error:
            log.exception("the owner of port %s failed", self.spec.name)
            return Reason("driver_error", type(error).__name__)
        finally:
            self._line = None
            self._seats = []
            with self._busy(f"closing {self.spec.at}"):
                self._close(port)

    def _close(self, port: Port) -> None:
        """No port should fail at its end; one that does must not take this thread with it."""
        try:
            port.close()
        except Exception:
            log.exception("port %s did not close in order", self.spec.name)

    def _closed(self, reason: Reason) -> None:
        with self._giving_up:
            if self._given_up:
                self._given_up = False
                for device in self.devices:
                    device.stuck(None)
        for device in self.devices:
            device.closed(reason)
        if reason != self._told:  # a port that is missing for days is told once
            log.info("port %s is closed: %s", self.spec.name, reason.detail or reason.code)
        self._told = reason

    def _attend(self, port: Port) -> NoReturn:
        """Give every device its turn, for as long as the port is there."""
        self._line = Line(
            port,
            shared=len(self.devices) > 1,
            wake_fd=self._wake_fd,
            slice_s=min(SLICE_S, self._pace.stuck_s / 3),
        )
        self._flood = Flood(port.character_s, time.monotonic())
        self._seats = [
            Seat(device, self, Backoff(self._pace.silent_start_s, self._pace.silent_cap_s))
            for device in self.devices
        ]
        for device in self.devices:
            device.opened()
        log.info("port %s is open", self.spec.name)
        self._told = None
        while True:
            worked = self.resting = False
            for seat in self._seats:
                with self._busy(f"working with {seat.device.name}"):
                    worked |= seat.work()
                    self.turn(0)
            if not worked:
                with self._busy("waiting for bytes"):
                    self._rest()

    def _rest(self) -> None:
        """Nothing to do: sleep until something arrives, is asked for, or is due."""
        due_s = min(seat.due_s() for seat in self._seats)
        self.resting = not self._silences()
        self.turn(max(0.0, due_s - time.monotonic()))

    @contextlib.contextmanager
    def _busy(self, doing: str) -> Iterator[None]:
        self.doing = doing
        self.busy_since_s = time.monotonic()
        try:
            yield
        finally:
            self.busy_since_s = None
