"""How often one may take paper or send a form: a bucket for each kiosk, program or phone.

Each refills in time. A line of people never empties a kiosk's bucket; a child who hammers on it does, and is
told kindly to wait.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from web.problems import Problem

if TYPE_CHECKING:
    from kioskd.config.tables import LimitsTable
    from web.callers import Caller

MOST_BUCKETS = 1000
"""When there are more, those that are full again are forgotten."""
LONGEST_KEY = 100


class Buckets:
    """One bucket a key: `at_once` may be taken in a row, `per_min` come back."""

    def __init__(self, at_once: int, per_min: float, monotonic_s: Callable[[], float]) -> None:
        self._at_once = at_once
        self._per_s = per_min / 60
        self._now_s = monotonic_s
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> int:
        """Take one: 0 when there was one, else how many seconds until there is one again."""
        with self._lock:
            now_s = self._now_s()
            left = self._filled(key, now_s)
            if left < 1:
                return max(1, math.ceil((1 - left) / self._per_s))
            if len(self._left) >= MOST_BUCKETS:
                self._forget(now_s)
            self._left[key] = (left - 1, now_s)
            return 0

    def _filled(self, key: str, now_s: float) -> float:
        left, at_s = self._left.get(key, (self._at_once, now_s))
        return min(self._at_once, left + max(0.0, now_s - at_s) * self._per_s)

    def _forget(self, now_s: float) -> None:
        """Forget who has a full bucket again; a full one is what a new key gets anyway."""
        self._left = {
            key: kept for key, kept in self._left.items() if self._filled(key, now_s) < self._at_once
        }


class Limits:
    """The hall's limits, in memory: a restart fills every bucket."""

    def __init__(self, table: LimitsTable, monotonic_s: Callable[[], float]) -> None:
        self._kiosks = Buckets(table.kiosk_at_once, table.kiosk_per_min, monotonic_s)
        self._programs = Buckets(table.program_at_once, table.program_per_min, monotonic_s)
        self._phones = Buckets(table.phone_at_once, table.phone_per_min, monotonic_s)

    def paper(self, caller: Caller) -> None:
        """Somebody takes a ticket or other paper. Raises Problem 429. Clerks know what they print."""
        if caller.may("all") or {"clerk", "supervisor"} & set(caller.roles):
            return
        buckets = self._kiosks if caller.is_page and caller.account is None else self._programs
        _refuse(buckets.take(caller.name), "too_many_tickets")

    def phone(self, key: str) -> None:
        """A citizen's phone sends a form. key: the ticket it is about, since many phones share an address.

        Raises ValueError for a key that somebody made up: each would be a bucket more to keep.
        """
        if len(key) > LONGEST_KEY:
            raise ValueError(f"a key of {len(key)} characters")
        _refuse(self._phones.take(key), "too_many_forms")


def _refuse(wait_s: int, code: str) -> None:
    if wait_s:
        raise Problem(429, code, headers={"Retry-After": str(wait_s)}, wait_s=wait_s)
