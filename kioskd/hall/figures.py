"""The arithmetic of statistics: from what was counted to figures. docs/statistics.md defines each.

Spans are counted in whole microseconds, as the events are written, and divided once, at the end: so any other
exact computation comes to the same last digit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

_SECOND_US = 1_000_000


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took, over `count` times. None where it never happened."""

    count: int
    median_s: float | None
    p90_s: float | None
    mean_s: float | None
    longest_s: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a hall, a day, an hour, a line, a window, a clerk or a matter."""

    taken: int
    served: int
    no_shows: int
    cancelled: int
    unfinished: int
    """Neither served nor gone when it was counted: waiting, called, being served or held."""
    transfers: int
    waits: Spread
    waits_in_target: int
    services: Spread
    levels: tuple[int, int, int, int, int]
    """Ratings of 5, 4, 3, 2 and 1, without those that an appeal set aside."""

    @property
    def rated(self) -> int:
        """Ratings of all levels."""
        return sum(self.levels)

    @property
    def coverage(self) -> float | None:
        """Ratings for each finished service."""
        return self.rated / self.served if self.served else None

    @property
    def satisfaction(self) -> float | None:
        """The share of the ratings that are 5, 4 or 3."""
        return sum(self.levels[:3]) / self.rated if self.rated else None

    @property
    def in_target(self) -> float | None:
        """The share of the waits that were not longer than the target."""
        return self.waits_in_target / self.waits.count if self.waits.count else None


@dataclass
class Tally:
    """Counts for one row of the statistics."""

    counts: dict[str, int] = field(default_factory=dict)
    waits_us: list[int] = field(default_factory=list)
    services_us: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=lambda: [0] * 5)

    def count(self, what: str, times: int = 1) -> None:
        """It happened so often."""
        self.counts[what] = self.counts.get(what, 0) + times

    def rated(self, level: int) -> None:
        """A rating of this level, 5 to 1."""
        self.levels[5 - level] += 1

    def figures(self, target_us: int) -> Figures:
        """What comes of it. target_us: how long nobody should wait."""
        five, four, three, two, one = self.levels
        return Figures(
            taken=self.counts.get("taken", 0),
            served=self.counts.get("done", 0),
            no_shows=self.counts.get("no-show", 0),
            cancelled=self.counts.get("cancelled", 0),
            unfinished=sum(self.counts.get(state, 0) for state in ("waiting", "called", "serving", "held")),
            transfers=self.counts.get("transfers", 0),
            waits=spread(self.waits_us),
            waits_in_target=sum(wait_us <= target_us for wait_us in self.waits_us),
            services=spread(self.services_us),
            levels=(five, four, three, two, one),
        )


def spread(spans_us: list[int]) -> Spread:
    """Median, 90th percentile, mean and longest.

    The median of an even number is the mean of the middle two. The 90th percentile is the nearest rank: the
    smallest span that nine tenths of all do not exceed; it is always a span that was measured.
    """
    count = len(spans_us)
    if not count:
        return Spread(count=0, median_s=None, p90_s=None, mean_s=None, longest_s=None)
    ordered = sorted(spans_us)
    middle_us = ordered[(count - 1) // 2] + ordered[count // 2]
    return Spread(
        count=count,
        median_s=middle_us / (2 * _SECOND_US),
        p90_s=ordered[(9 * count + 9) // 10 - 1] / _SECOND_US,
        mean_s=sum(ordered) / (count * _SECOND_US),
        longest_s=ordered[-1] / _SECOND_US,
    )
