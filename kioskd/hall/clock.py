"""The hall's clock, and whether it can be believed."""

from __future__ import annotations

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
        """Whether the kernel's clock is disciplined by NTP (adjtimex(2), STA_UNSYNC clear)."""
        raise NotImplementedError
