"""Keeps a port that babbles without end from eating the time of all others.

All ports share one Python, so a line full of garbage would slow the whole hall down. A line may bring twice
what its speed allows, and its drivers may think about it for a quarter of the time; what is more
is thrown away, by us or, while the line is left alone, by the kernel.
"""

from __future__ import annotations

FAIR_BYTES_S = 65536.0
"""What a port without a speed of its own, such as USB or a network, may bring in a second."""
BURST_S = 8.0
"""What a line may bring at once, or save up, in seconds at its fair speed."""
FAIR_SHARE = 0.25
"""How much of the processor's time one port's drivers may take for what arrives."""
BURST_CPU_S = 0.5
"""So much of it at once."""
LEAST_BYTES = 256
"""However long the flood, so many bytes at a time are looked at: an answer may be among them."""
MOST_REST_S = 0.25
"""The longest rest, so that an answer in the middle of the garbage is still heard in time."""
JUDGED_S = 5.0
"""A flood is one that has gone on for so long."""
FLOOD_SHARE = 0.8
"""Bytes for so much of a line's own speed are a flood: no device has that much to say."""


class Budget:
    """So much a second, and so much at once. rate, burst: in whatever is spent."""

    def __init__(self, rate: float, burst: float, now_s: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at_s = now_s

    def left(self, now_s: float) -> float:
        """What may be spent now."""
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        return self._left

    def spend(self, amount: float, now_s: float) -> float:
        """Spend it; returns for how many seconds to spend nothing more."""
        self._left = self.left(now_s) - amount
        return max(0.0, -self._left / self._rate)


class Flood:
    """What arrives on one line, judged. character_s: how long a character takes on it; 0: not known."""

    def __init__(self, character_s: float, now_s: float) -> None:
        speed = 1 / character_s if character_s else FAIR_BYTES_S
        fair = 2 * speed if character_s else FAIR_BYTES_S
        self._bytes = Budget(fair, fair * BURST_S, now_s)
        self._thought = Budget(FAIR_SHARE, BURST_CPU_S, now_s)
        self._most_bytes = FLOOD_SHARE * speed * JUDGED_S
        self._heard = 0
        self._judge_at_s = now_s + JUDGED_S
        self.bytes_s = 0.0
        """How many bytes a second came lately, while that is a flood; otherwise 0."""

    def share(self, count: int, now_s: float) -> int:
        """So many bytes came: how many of them the drivers should look at."""
        self._heard += count
        return min(count, max(LEAST_BYTES, int(self._bytes.left(now_s))))

    def looked(self, count: int, thought_s: float, now_s: float) -> float:
        """They did, in so much of the processor's time; returns for how long to leave the line alone."""
        rest_s = max(self._bytes.spend(count, now_s), self._thought.spend(thought_s, now_s))
        return min(rest_s, MOST_REST_S)

    def judge(self, now_s: float) -> bool:
        """Look whether it is a flood, every few seconds; say whether that is news."""
        if now_s < self._judge_at_s:
            return False
        was = self.bytes_s > 0
        taken_s = now_s - self._judge_at_s + JUDGED_S
        much = self._heard > self._most_bytes * taken_s / JUDGED_S
        self.bytes_s = self._heard / taken_s if much else 0.0
        self._heard, self._judge_at_s = 0, now_s + JUDGED_S
        return much != was
