"""What somebody saw of a window when they decided to press a key: two presses are one.

A window is known by the last event that changed it. A command that says which one it saw is refused when
there is a newer one, whoever made it: a second press, another page, the pad.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from kioskd.hall.command import Command
from kioskd.hall.model import Refused
from kioskd.hall.store import Transaction
from kioskd.hall.times import from_text

CHANGING = """(
    'ticket_called', 'ticket_recalled', 'ticket_started', 'ticket_finished', 'ticket_no_show', 'ticket_held',
    'ticket_resumed', 'ticket_transferred', 'ticket_requeued', 'ticket_cancelled', 'rating_invited',
    'window_opened', 'window_paused', 'window_resumed', 'window_closed', 'clerk_signed_in', 'clerk_signed_out'
)"""
"""The types of events that change a window, for SQL's IN. A citizen's rating is not among them: it comes when
it likes, and must not eat a clerk's press."""

_LAST = f"""
    SELECT id, type, at, done_by FROM events WHERE window = ? AND type IN {CHANGING} ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - no words of others


class Change(msgspec.Struct, frozen=True):
    """The last thing that changed a window: which event, of what type, when, by whom."""

    event: int
    type: str
    at: datetime
    by: str


class Changed(Refused):
    """The window is no longer what the one who pressed saw. Nothing was done."""


def last_change(tx: Transaction, window: int) -> Change | None:
    """What changed the window last; None when nothing ever did."""
    row = tx.one(_LAST, window)
    return None if row is None else Change(row["id"], row["type"], from_text(row["at"]), row["done_by"])


class AsSeen:
    """The window as somebody saw it. Holds for one command: what follows it saw what that one did."""

    def __init__(self, window: int, event: int) -> None:
        self._window = window
        self._event: int | None = event

    def check(self, command: Command) -> None:
        """Raises Changed when the window has changed since."""
        if self._event is None:
            return
        change = last_change(command.tx, self._window)
        if (0 if change is None else change.event) != self._event:
            raise Changed("window_changed", window=self._window)
        self._event = None
