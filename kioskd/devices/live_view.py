"""A camera's live picture: only the newest frame is kept, so that no viewer ever makes the camera wait."""

from __future__ import annotations

import threading
import time

import msgspec

from kioskd.devices.errors import NoAnswer
from kioskd.devices.kinds import Picture

WANTED_S = 3.0
"""How long after the last look the camera goes on streaming."""


class Frame(msgspec.Struct, frozen=True):
    """One frame of the live picture. number: counts up; ask with it for a newer one."""

    number: int
    picture: Picture


class LiveView:
    """Thread-safe. The port's thread publishes; any number of viewers wait for something newer."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wanted_until_s = 0.0
        self._frame: Frame | None = None
        self._number = 0
        self._failures = 0
        self._error: Exception | None = None

    def want(self) -> None:
        """Somebody looks: for a while there must be frames."""
        with self._changed:
            self._wanted_until_s = time.monotonic() + WANTED_S

    @property
    def wanted(self) -> bool:
        """Whether somebody looked a moment ago."""
        if time.monotonic() < self._wanted_until_s:
            return True
        with self._changed:
            self._frame = None  # what lay before the camera is nobody's business any more
        return False

    def wait(self, after: int, timeout_s: float) -> Frame:
        """The newest frame, once it is newer than `after`. Raises NoAnswer at the deadline or a loss."""
        with self._changed:
            failures = self._failures
            self._changed.wait_for(lambda: self._newer(after) or self._failures != failures, timeout_s)
            if self._failures == failures and self._frame is not None and self._newer(after):
                return self._frame
            why = self._error if self._failures != failures else f"no frame within {timeout_s:g} s"
            raise NoAnswer(f"no live picture: {why}")

    def _newer(self, after: int) -> bool:
        """Any other frame is newer: after a restart the numbers begin anew below those a page remembers."""
        return self._frame is not None and self._frame.number != after

    def publish(self, picture: Picture) -> None:
        """A frame came: it replaces the one before."""
        with self._changed:
            self._number += 1
            self._frame = Frame(self._number, picture)
            self._changed.notify_all()

    def fail(self, error: Exception) -> None:
        """The camera was lost or gave no frame: whoever waits is told at once."""
        with self._changed:
            self._frame = None
            self._failures += 1
            self._error = error
            self._changed.notify_all()
