"""One device at its port: the driver object of this opening, and what it has to do next."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from kioskd.devices.backoff import Backoff
from kioskd.devices.device import Device
from kioskd.devices.driver import Driver
from kioskd.devices.errors import CannotExpress, DeviceError, NoAnswer, PortError, Stopping, WriteTimeout
from kioskd.devices.health import Reason
from kioskd.devices.kinds import PrintEnd, Sign
from kioskd.devices.link import DeviceLink, Turns
from kioskd.devices.orders import CaptureOrder, PrintOrder, SignalOrder, SoundOrder
from kioskd.devices.recording import show_in_words

log = logging.getLogger(__name__)


class Seat:
    """Lives from the opening of the port to its loss. Runs on the port's thread only."""

    def __init__(self, device: Device, owner: Turns, backoff: Backoff) -> None:
        self.device = device
        self._backoff = backoff
        self._driver: Driver | None = None
        self._link = DeviceLink(device, owner)
        self._troubled = True
        self._retry_at_s = 0.0
        self._shown: Sign | None = None
        self._shown_at_s = 0.0
        self._polls = device.driver_type.poll is not Driver.poll
        self._polled_at_s = 0.0
        self._silence_due = False
        self._streams = False
        self._broken = False

    # --- what arrives ---

    def received(self, data: bytes) -> None:
        """Bytes arrived on the port."""
        if self._driver is not None:
            self._silence_due = True
            self._contained(lambda driver: driver.received(data))

    def silence_at_s(self, received_at_s: float) -> float | None:
        """When the gap after the last byte is long enough to tell the driver; None: nothing to tell."""
        return received_at_s + self.device.profile.timing.silence_s if self._silence_due else None

    def silence(self) -> None:
        """The gap is long enough."""
        self._silence_due = False
        if self._driver is not None:
            self._contained(lambda driver: driver.silence())

    def spoke(self) -> None:
        """The device spoke of its own accord: if it was thought silent, try it now."""
        self._retry_at_s = 0.0

    # --- what there is to do ---

    def work(self) -> bool:
        """Do the first thing that is due, and say whether there was one."""
        self._drop_broken()
        if self._troubled and time.monotonic() >= self._retry_at_s:
            self._attempt(self._meet)
        elif order := self.device.next_job():
            self._print(order)
        elif capture := self.device.next_capture():
            self._capture(capture)
        elif sound := self.device.next_sound():
            self._play(sound)
        elif self._troubled:
            return False
        elif signal := self.device.next_signal():
            self._signal(signal)
        elif self._sign_due():
            self._attempt(self._show)
        elif self._polls and time.monotonic() >= self._polled_at_s + self.device.profile.timing.poll_s:
            self._attempt(self._poll)
        elif self.device.live.wanted:
            self._attempt(self._preview)
        elif self._streams:
            self._attempt(self._end_preview)
        else:
            return False
        return True

    def due_s(self) -> float:
        """When there is something to do if nobody asks for anything."""
        timing = self.device.profile.timing
        if self._troubled:
            return self._retry_at_s
        due_s = self._polled_at_s + timing.poll_s if self._polls else float("inf")
        if timing.refresh_s is not None and self._shown is not None:
            due_s = min(due_s, self._shown_at_s + timing.refresh_s)
        return due_s

    def _sign_due(self) -> bool:
        sign = self.device.sign
        refresh_s = self.device.profile.timing.refresh_s
        stale = refresh_s is not None and time.monotonic() >= self._shown_at_s + refresh_s
        return sign is not None and (sign != self._shown or stale)

    def _meet(self) -> None:
        """Make the driver, if that is not done, and probe the device; it is then sent its sign anew."""
        if self._driver is None:
            self._driver = self.device.make_driver(self._link)
        self._shown = None
        self._polled_at_s = time.monotonic()
        self._did("probe")
        self._driver.probe()

    def _show(self) -> None:
        assert self._driver is not None
        sign = self.device.sign
        assert sign is not None
        self._shown_at_s = time.monotonic()
        self.device.followers.noted("did", lambda: show_in_words(sign))
        try:
            self._driver.show(sign)
        except CannotExpress as error:
            self.device.record.count("cannot_express")
            log.info("%s cannot show %s: %s", self.device.name, sign.state, error)
        self._shown = self.device.shown = sign

    def _poll(self) -> None:
        assert self._driver is not None
        self._polled_at_s = time.monotonic()
        self._did("poll")
        self._driver.poll()

    def _signal(self, order: SignalOrder) -> None:
        def run() -> None:
            assert self._driver is not None
            self._did(f"signal {order.signal}")
            try:
                self._driver.signal(order.signal)
            except Exception as error:
                order.fail(error)
                if not isinstance(error, CannotExpress):
                    raise
            order.end(None)

        self._attempt(run)

    def _print(self, order: PrintOrder) -> None:
        """A printer that gives no answer is asked to print all the same: a status never gates printing."""
        try:
            if self._driver is None:
                self._driver = self.device.make_driver(self._link)
            self._did("print")
            end = self._driver.print(order.job)
            order.end(end)
            if end is PrintEnd.PRINTED:
                self._went_well()
        except (PortError, Stopping) as error:
            order.fail(error)
            raise
        except Exception as error:
            order.fail(error)
            if not isinstance(error, DeviceError):
                self._failed(error)
        finally:
            self.device.job_ended()

    def _capture(self, order: CaptureOrder) -> None:
        """A camera that is in trouble is not asked: somebody stands there and waits."""
        self._now_or_never(order, lambda driver: order.end(driver.capture()))

    def _play(self, order: SoundOrder) -> None:
        """A sound card that is in trouble is not asked either: a call that comes late is worth nothing."""

        def play(driver: Driver) -> None:
            self._did(f"play {order.sound.length_s:.1f} s")
            driver.play(order.sound)
            order.end(None)

        self._now_or_never(order, play)

    def _now_or_never(self, order: CaptureOrder | SoundOrder, what: Callable[[Driver], None]) -> None:
        """Do it if the device is well; what it cannot do at all is no trouble."""

        def run() -> None:
            assert self._driver is not None
            try:
                what(self._driver)
            except CannotExpress as error:
                order.fail(error)

        try:
            if self._troubled:
                order.fail(NoAnswer(f"{self.device.name} does not answer"))
            else:
                self._attempt(run, order.fail)
        finally:
            self.device.job_ended()

    def _preview(self) -> None:
        assert self._driver is not None
        self._streams = True
        try:
            picture = self._driver.preview()
        except Exception as error:
            self.device.live.fail(error)
            raise
        self.device.live.publish(picture)

    def _end_preview(self) -> None:
        assert self._driver is not None
        self._streams = False
        self._driver.end_preview()

    def _did(self, what: str) -> None:
        self.device.followers.noted("did", lambda: what)

    # --- how it went ---

    def _attempt(
        self, what: Callable[[], None], tell: Callable[[Exception], None] = lambda error: None
    ) -> None:
        """Do something with the device; take its failure as this device's trouble, not the port's."""
        try:
            what()
        except (PortError, Stopping) as error:
            tell(error)
            raise
        except Exception as error:
            tell(error)
            self._failed(error)
        else:
            self._went_well()

    def _contained(self, what: Callable[[Driver], None]) -> None:
        """Like `_attempt`, for what the driver does unasked: going well proves nothing."""
        assert self._driver is not None
        try:
            what(self._driver)
        except (PortError, Stopping):
            raise
        except Exception as error:
            self._failed(error)

    def _went_well(self) -> None:
        if self._broken:
            return
        self._troubled = False
        self._backoff.reset()
        self.device.record.met()

    def _drop_broken(self) -> None:
        """Nobody knows what a driver does next that failed: a fresh one is tried after a pause."""
        if self._broken:
            self._broken = False
            self._driver = None
            self.device.record.knows(())

    def _failed(self, error: Exception) -> None:
        self._troubled = True
        self._retry_at_s = time.monotonic() + self._backoff.next_s()
        self.device.record.in_trouble(_reason(error))
        if isinstance(error, DeviceError):
            log.info("%s: %s", self.device.name, error)
            return
        log.error("the driver of %s failed", self.device.name, exc_info=error)
        self._broken = True


def _reason(error: Exception) -> Reason:
    match error:
        case WriteTimeout():
            return Reason("not_taking_data", str(error))
        case DeviceError():
            return Reason("no_answer", str(error))
        case _:
            return Reason("driver_error", type(error).__name__)
