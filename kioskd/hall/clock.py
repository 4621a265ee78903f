"""The hall's clock, and whether it can be believed."""

from __future__ import annotations

import ctypes
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the hall gets its time from; tests bring their own."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    def monotonic_s(self) -> float:
        """Seconds that never jump, within one boot."""

    def synchronised(self) -> bool:
        """Whether somebody outside this computer vouches for the time."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds that never jump, within one boot."""
        return time.monotonic()

    def synchronised(self) -> bool:
        """Whether the kernel's clock is disciplined by NTP (adjtimex(2), STA_UNSYNC clear).

        A kernel that does not answer vouches for nothing: False.
        """
        timex = _Timex()
        answer = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
        return answer not in (-1, _TIME_ERROR) and not timex.status & _STA_UNSYNC


_TIME_ERROR = 5
_STA_UNSYNC = 0x0040


class _Timex(ctypes.Structure):
    """The head of `struct timex` (linux/timex.h); the rest is only room for the kernel to write in."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    ]
