"""How long to wait before the next try: longer each time, up to a cap, and never in step with others."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Exponential back-off with jitter. start_s: the first wait; cap_s: the longest."""

    def __init__(
        self,
        start_s: float,
        cap_s: float,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._start_s = start_s
        self._cap_s = cap_s
        self._chance = chance
        self._tries = 0

    def next_s(self) -> float:
        """The next wait in seconds: between half of this step and all of it."""
        step_s = min(self._cap_s, self._start_s * 2.0 ** min(self._tries, 60))
        self._tries += 1
        return step_s * (0.5 + 0.5 * self._chance())

    def reset(self) -> None:
        """It went well: the next wait is a short one again."""
        self._tries = 0
