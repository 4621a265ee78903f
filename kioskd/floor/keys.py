"""Keys and ratings: what a person presses on a device becomes a hall command, off the port's thread."""

from __future__ import annotations

import logging
import queue
from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from kioskd.devices.kinds import KeyPressed, Rated, Signal
from kioskd.floor.bindings import Bindings
from kioskd.floor.commands import DEFAULT_KEYS, MOST_DIGITS, Press, obey
from kioskd.hall.hall import Hall
from kioskd.hall.model import Refused
from kioskd.hall.seen import Change, Changed

log = logging.getLogger(__name__)

MOST_WAITING = 200
"""Presses kept until the hall takes them; a device that says more than that is broken."""
DIGITS_KEPT_S = 10.0
"""How long digits that were typed wait for the key that uses them."""
_DIGIT = "digit_"
_MAY_REPEAT = ("recall", "ignore")
"""Commands whose second press soon after is a wish of its own; the hall's rules space the recalls."""
_LEADS_TO = {
    "call": ("ticket_called",),
    "call_back": ("ticket_called",),
    "start": ("ticket_started",),
    "finish": ("ticket_finished",),
    "invite_rating": ("rating_invited",),
    "pause": ("window_paused", "window_resumed"),
    "no_show": ("ticket_no_show",),
    "hold": ("ticket_held",),
    "transfer_to_line": ("ticket_transferred",),
    "transfer_to_window": ("ticket_transferred",),
}
"""What a command's last event is: the clerk's page may have done the same a moment ago."""


class Heard(msgspec.Struct, frozen=True):
    """What a device said, and when, in seconds of the monotonic clock."""

    event: KeyPressed | Rated
    at_s: float


class Keys:
    """Turns what keypads and evaluators say into commands of their window.

    keys: what the hall file's [keys] changes of the default map, key → command.
    double_press_s: two presses of one key within so many seconds are one, also one here and one on a page.
    """

    def __init__(
        self,
        hall: Hall,
        bindings: Bindings,
        now_s: Callable[[], float],
        *,
        keys: Mapping[str, str],
        double_press_s: float,
    ) -> None:
        self._hall = hall
        self._bindings = bindings
        self._now_s = now_s
        self._commands = {**DEFAULT_KEYS, **keys}
        self._double_press_s = double_press_s
        self._heard: queue.Queue[Heard] = queue.Queue(MOST_WAITING)
        self._done: dict[tuple[int, str], float] = {}
        self._digits: dict[str, tuple[str, float]] = {}
        self.dropped: Counter[str] = Counter()
        """What changed nothing: no_window, double_press, overrun, unknown_key, refused, rating_refused."""

    def hear(self, event: KeyPressed | Rated) -> None:
        """Take what a device said. From the port's thread: never waits."""
        try:
            self._heard.put_nowait(Heard(event, self._now_s()))
        except queue.Full:
            self.dropped["overrun"] += 1

    def turn(self) -> None:
        """Carry out all that was heard, in its order."""
        while True:
            try:
                heard = self._heard.get_nowait()
            except queue.Empty:
                return
            self._take(heard)

    def _take(self, heard: Heard) -> None:
        event = heard.event
        window = self._bindings.window_of(event.device)
        if window is None:
            self.dropped["no_window"] += 1
            log.warning("%s belongs to no window: what was pressed there does nothing", event.device)
        elif isinstance(event, Rated):
            self._rate(event, window)
        elif event.key.startswith(_DIGIT) and event.key not in self._commands:
            self._type(event.device, event.key.removeprefix(_DIGIT), heard.at_s)
        else:
            self._press(event, window, heard.at_s)

    def _rate(self, event: Rated, window: int) -> None:
        """A rating without a service to rate is no error: people play with the buttons."""
        try:
            self._hall.rate_at(window, event.level, channel="evaluator", by=_by(event.device))
        except Refused as refusal:
            self.dropped["rating_refused"] += 1
            log.info("a rating at window %d was not counted: %s", window, refusal.code)

    def _type(self, device: str, digit: str, at_s: float) -> None:
        typed = self._typed(device, at_s) + digit
        self._digits[device] = (typed[: MOST_DIGITS + 1], at_s)  # one too many is enough to know

    def _typed(self, device: str, at_s: float) -> str:
        digits, typed_s = self._digits.get(device, ("", at_s))
        return digits if at_s - typed_s <= DIGITS_KEPT_S else ""

    def _press(self, event: KeyPressed, window: int, at_s: float) -> None:
        command = self._commands.get(event.key)
        if command is None:
            self.dropped["unknown_key"] += 1
            log.warning("%s: no command for its key %r; name one in [keys]", event.device, event.key)
            return
        digits = self._typed(event.device, at_s)
        if not digits and self._is_double(window, event.key, command, at_s):
            self.dropped["double_press"] += 1
            return
        self._digits.pop(event.device, None)
        press = Press(window, digits, _by(event.device))
        change = self._hall.last_change(window)
        if not digits and self._was_done_on_a_page(change, command, press.by):
            self.dropped["double_press"] += 1
            return
        try:
            obey(self._hall.as_seen(window, 0 if change is None else change.event), press, command)
        except Changed:  # somebody else was faster by a moment: what this press saw is gone
            self.dropped["double_press"] += 1
        except Refused as refusal:
            self._refused(event, window, refusal)
        else:
            self._done[window, event.key] = at_s

    def _is_double(self, window: int, key: str, command: str, at_s: float) -> bool:
        """Whether the same key did its work a moment ago: a nervous finger, not a second wish."""
        done_s = self._done.get((window, key))
        return done_s is not None and at_s - done_s <= self._double_press_s and command not in _MAY_REPEAT

    def _was_done_on_a_page(self, change: Change | None, command: str, by: str) -> bool:
        """Whether the same was done here a moment ago by other means: the clerk has two, and used both."""
        if change is None or change.by == by or change.type not in _LEADS_TO.get(command.split(" ")[0], ()):
            return False
        return 0 <= (self._hall.clock.now() - change.at).total_seconds() <= self._double_press_s

    def _refused(self, event: KeyPressed, window: int, refusal: Refused) -> None:
        self.dropped["refused"] += 1
        log.info("window %d, key %s: refused, %s", window, event.key, refusal.code)
        device = self._bindings.device(event.device)
        if device is not None:
            device.signal(Signal.BEEP)


def _by(device: str) -> str:
    """Who did it, as the event tells it."""
    return f"device:{device}"
