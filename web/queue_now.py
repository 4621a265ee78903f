"""The queue as it is now, read once for all who ask: after a call every screen of the hall does, at once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from web.telling import queue_json

if TYPE_CHECKING:
    from kioskd.hall.hall import Hall
    from kioskd.hall.model import QueueView

KEPT = timedelta(seconds=1)
"""How long one reading is good while nothing happens: lines open and close by the clock alone."""


class QueueNow:
    """Keeps the newest reading. It always includes the last event committed before it was asked for."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._lock = threading.Lock()
        self._kept: tuple[datetime, QueueView, bytes] | None = None

    def view(self) -> QueueView:
        """The whole hall. Raises StoreFailed."""
        return self._read()[0]

    def json(self) -> bytes:
        """The same as the API tells it, encoded. Raises StoreFailed."""
        return self._read()[1]

    def _read(self) -> tuple[QueueView, bytes]:
        with self._lock:  # whoever comes meanwhile waits for this reading instead of making another
            now = self._hall.clock.now()
            if self._kept is not None:
                at, view, encoded = self._kept
                fresh = timedelta() <= now - at < KEPT
                if fresh and view.event_id == self._hall.store.last_event():
                    return view, encoded
            view = self._hall.queue()
            encoded = msgspec.json.encode(queue_json(view, self._hall.plan))
            self._kept = (now, view, encoded)
            return view, encoded
