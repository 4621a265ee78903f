"""Which windows have their sign on a screen: its page is read anew every night, and after a restart."""

from __future__ import annotations

import time

RECENT_S = 36 * 3600


class SignsSeen:
    """When each window's page was last asked for. Any thread."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}

    def note(self, window: int) -> None:
        """The page of this window is being served."""
        self._seen[window] = time.monotonic()

    def recent(self) -> frozenset[int]:
        """The windows whose page was asked for within the last day and a half."""
        now = time.monotonic()
        return frozenset(window for window, at in list(self._seen.items()) if now - at < RECENT_S)
