"""From keys that move to what a person typed: bounce, repeats and barcode scanners are left out."""

from __future__ import annotations

from collections.abc import Callable

from drivers.evdev.records import PRESSED, REPEATED, KeyMoved

REMEMBERED = 64
"""So many keys are remembered for their bounce; no person uses more within its time."""


class Strokes:
    """Collects keys until there is a gap: what a person types stands alone, a scanner types without a pause.

    bounce_s: a key that goes down within so many seconds of its own last move has bounced.
    gap_s: keys that follow each other faster than this belong together.
    most: if more than so many belong together, a scanner typed them, and none of them counts.
    Times are the kernel's, so a busy computer changes nothing.
    """

    def __init__(self, *, bounce_s: float, gap_s: float, most: int, count: Callable[[str], None]) -> None:
        self._bounce_s = bounce_s
        self._gap_s = gap_s
        self._most = most
        self._count = count
        self._moved_s: dict[int, float] = {}
        self._typed: list[int] = []
        self._downs = 0
        self._down_s = 0.0
        self._scanning = False

    def take(self, key: KeyMoved) -> list[int]:
        """A key moved. Returns the codes of those that stand alone now that it did."""
        if key.value == REPEATED:
            return []
        bounced = self._within(self._bounce_s, self._moved_s.pop(key.code, None), key.at_s)
        self._moved_s[key.code] = key.at_s
        if len(self._moved_s) > REMEMBERED:
            del self._moved_s[next(iter(self._moved_s))]
        if key.value != PRESSED:
            return []
        before = [] if self._within(self._gap_s, self._down_s, key.at_s) else self.end()
        self._down_s = key.at_s
        self._downs += 1
        if bounced:
            self._count("bounced")
        elif not self._scanning:
            self._typed.append(key.code)
        if self._downs > self._most and not self._scanning:  # of 0000012 all noughts but one seem to bounce
            self._count("scanner")
            self._typed, self._scanning = [], True
        return before

    def end(self) -> list[int]:
        """There was a gap: what was collected is what a person typed."""
        typed = self._typed
        self._typed, self._downs, self._scanning = [], 0, False
        return typed

    def lost(self, at_s: float) -> None:
        """Something was lost, which only happens when keys come faster than anybody types."""
        self._moved_s.clear()
        self._down_s = at_s
        self._typed, self._scanning = [], True

    def _within(self, seconds: float, before_s: float | None, now_s: float) -> bool:
        """Whether so little time has passed; a clock that was set back says nothing."""
        return before_s is not None and 0 <= now_s - before_s < seconds
