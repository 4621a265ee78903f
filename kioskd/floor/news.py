"""News is said once, in time or not at all: an invitation to rate, passed on to the window's evaluators."""

from __future__ import annotations

import logging

from kioskd.devices.kinds import Signal
from kioskd.floor.bindings import Bindings
from kioskd.hall.hall import Hall
from kioskd.hall.model import Event

log = logging.getLogger(__name__)

FOLLOWER = "floor-news"
STALE_AFTER_S = 5.0
"""News older than this is dropped: after a restart nobody stands there any more."""
_BATCH = 200


class News:
    """Follows the hall's events with a durable cursor, so that a restart neither repeats nor loses one."""

    def __init__(self, hall: Hall, bindings: Bindings) -> None:
        self._hall = hall
        self._bindings = bindings
        self._seen: int | None = None

    def turn(self) -> None:
        """Pass on what happened since the last turn."""
        if self._seen is None:
            self._seen = self._hall.store.cursor(FOLLOWER)
        while events := self._hall.events(self._seen, _BATCH):
            for event in events:
                self._tell(event)
                self._seen = event.id

    def _tell(self, event: Event) -> None:
        if event.type != "rating_invited" or event.window is None:
            return
        # First: a crash in between says nothing, but never the same thing twice.
        self._hall.store.advance(FOLLOWER, event.id)
        age_s = (self._hall.clock.now() - event.at).total_seconds()
        if age_s > STALE_AFTER_S:
            log.info("window %d: an invitation to rate of %.0f s ago is dropped", event.window, age_s)
            return
        for device in self._bindings.evaluators(event.window):
            device.signal(Signal.INVITE_RATING)
