"""What others ask of a device: print, signal, picture, sound; each with a future that tells how it ended."""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import Future, InvalidStateError
from typing import ClassVar, Generic, TypeVar

import msgspec

from kioskd.devices.errors import NothingSent, PrintUnknown
from kioskd.devices.kinds import Picture, PrintEnd, PrintJob, Signal
from kioskd.devices.sound import Sound

T = TypeVar("T")

SIGNAL_S = 2.0
"""A signal later than this is dropped."""


CAPTURE_S = 10.0
"""A picture that was not begun by then is not taken: the paper may be another one."""
SOUND_S = 10.0
"""A sound that was not begun by then is not played: whoever was called has come or gone."""


class Order(Generic[T]):
    """Something to do that is worth nothing after its deadline."""

    worth_s: ClassVar[float]

    def __init__(self) -> None:
        self.future: Future[T] = Future()
        self._deadline_s = time.monotonic() + self.worth_s

    @property
    def late(self) -> bool:
        """Whether its deadline has passed."""
        return time.monotonic() > self._deadline_s

    def end(self, value: T) -> None:
        """It was done."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(value)

    def fail(self, error: Exception) -> None:
        """It was not done."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_exception(error)


class SignalOrder(Order[None]):
    """A signal: `str(order)` is its name."""

    worth_s = SIGNAL_S

    def __init__(self, signal: Signal) -> None:
        super().__init__()
        self.signal = signal

    def __str__(self) -> str:
        return str(self.signal)


class CaptureOrder(Order[Picture]):
    """One picture of a camera."""

    worth_s = CAPTURE_S

    def __str__(self) -> str:
        return "the picture"


class SoundOrder(Order[None]):
    """One sound, from its beginning to its end."""

    worth_s = SOUND_S

    def __init__(self, sound: Sound) -> None:
        super().__init__()
        self.sound = sound

    def __str__(self) -> str:
        return "the sound"


class PrintOrder:
    """A print job that knows whether a byte of it may have left, which decides what a failure means.

    The supervisor may give up an order whose thread hangs: who ends it first is right.
    """

    def __init__(self, job: PrintJob) -> None:
        self.future: Future[PrintEnd] = Future()
        self.job = msgspec.structs.replace(job, on_first_byte=self._first_byte)
        self._on_first_byte = job.on_first_byte
        self._lock = threading.Lock()
        self._may_have_left = False
        self._given_up = False

    def _first_byte(self) -> None:
        with self._lock:
            if self._given_up:
                raise NothingSent("the job was given up before its first byte")
            if self._may_have_left:
                return
            self._may_have_left = True
        try:
            self._on_first_byte()
        except Exception as error:
            self._may_have_left = False
            raise NothingSent(f"the job was stopped before its first byte: {error}") from error

    def end(self, end: PrintEnd) -> None:
        """It ended well."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(end)

    def fail(self, error: Exception) -> None:
        """It ended badly: as nothing sent, or, when a byte may have left, as unknown.

        A driver that itself raised one of the two knows best: not one byte may have been taken after all.
        """
        with self._lock:
            self._given_up = True
            kind = PrintUnknown if self._may_have_left else NothingSent
        if not isinstance(error, NothingSent | PrintUnknown):
            error = kind(str(error))
        with contextlib.suppress(InvalidStateError):
            self.future.set_exception(error)
