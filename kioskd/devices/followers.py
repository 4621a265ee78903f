"""Who listens to one device: live bytes of its port, and what is done with it and said by it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

import msgspec

from kioskd.devices.explain import Direction

log = logging.getLogger(__name__)

TAPPED_BYTES = 4096
"""The most that a listener is given at once; the rest of a larger piece is left out."""


class Tapped(msgspec.Struct, frozen=True):
    """Live bytes of a device's port. sent: from us to the device; received: anything on its line.

    hidden_bytes: how many bytes passed that nobody is shown, as they are a person's (`Driver.private_bytes`).
    """

    at_unix_s: float
    direction: Direction
    data: bytes
    hidden_bytes: int = 0


class Noted(msgspec.Struct, frozen=True):
    """did: something is done with the device, such as `poll`; said: what came of it, such as `key call`."""

    at_unix_s: float
    kind: Literal["did", "said"]
    text: str


class Followers:
    """The listeners of one device. They run on the port's thread: be quick, and bound what you keep.

    private: the bytes are a person's; they are counted, and shown to nobody.
    """

    def __init__(self, name: str, *, private: bool) -> None:
        self._name = name
        self._private = private
        self._lock = threading.Lock()
        self._taps: tuple[Callable[[Tapped], None], ...] = ()
        self._followers: tuple[Callable[[Tapped | Noted], None], ...] = ()

    def tap(self, callback: Callable[[Tapped], None]) -> Callable[[], None]:
        """Hear the bytes; returns the function that ends it."""
        with self._lock:
            self._taps += (callback,)

        def end() -> None:
            with self._lock:
                self._taps = tuple(tap for tap in self._taps if tap is not callback)

        return end

    def follow(self, callback: Callable[[Tapped | Noted], None]) -> Callable[[], None]:
        """Hear the bytes, and what is done and said, in order; returns the function that ends it."""
        with self._lock:
            self._followers += (callback,)

        def end() -> None:
            with self._lock:
                self._followers = tuple(one for one in self._followers if one is not callback)

        return end

    def passed(self, direction: Direction, data: bytes) -> None:
        """Bytes passed the port."""
        if not (self._taps or self._followers):
            return
        if self._private:
            tapped = Tapped(time.time(), direction, b"", hidden_bytes=len(data))
        else:
            tapped = Tapped(time.time(), direction, data[:TAPPED_BYTES])
        for callback in (*self._taps, *self._followers):
            self._tell(callback, tapped)

    def noted(self, kind: Literal["did", "said"], text: Callable[[], str]) -> None:
        """Something is done or was said. text: only asked for when somebody listens."""
        if self._followers:
            noted = Noted(time.time(), kind, text())
            for callback in self._followers:
                self._tell(callback, noted)

    def _tell(self, callback: Callable[..., None], what: Tapped | Noted) -> None:
        try:
            callback(what)
        except Exception:
            log.exception("a listener to %s failed", self._name)
