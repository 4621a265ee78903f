"""What is known about one device's health, from its port, driver and supervisor, judged into one state."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable

from kioskd.devices.health import Change, Health, Reason, State, state_for

CHANGES = 50
"""How many changes of health are remembered."""


class HealthRecord:
    """Thread-safe. `changed` is called, with no lock held, whenever the state or its reasons are others."""

    def __init__(self, changed: Callable[[], None], *, disabled: bool = False) -> None:
        self._changed = changed
        self._disabled = disabled
        self._lock = threading.Lock()
        self._stuck: Reason | None = None
        self._port: Reason | None = None
        self._trouble: Reason | None = None
        self._known: tuple[Reason, ...] = ()
        self._flood: tuple[Reason, ...] = ()
        self._met = False
        self._counters: Counter[str] = Counter()
        self._facts: dict[str, str] = {}
        self._state, self._reasons = self._judge()
        self._since_unix_s = time.time()
        self._changes: deque[Change] = deque(maxlen=CHANGES)

    def changes(self) -> tuple[Change, ...]:
        """The last changes, the newest first."""
        with self._lock:
            return tuple(reversed(self._changes))

    def read(self) -> Health:
        """The health now."""
        with self._lock:
            return Health(
                state=self._state,
                reasons=self._reasons,
                since_unix_s=self._since_unix_s,
                counters=dict(self._counters),
                facts=dict(self._facts),
            )

    def met(self) -> None:
        """The device answered, or took what it was sent without a word, as its model does."""
        with self._lock:
            self._met = True
            self._port = self._trouble = None
        self._tell()

    def in_trouble(self, reason: Reason) -> None:
        """The last thing asked of the device went wrong."""
        with self._lock:
            self._counters[reason.code] += 1
            self._port, self._trouble = None, reason
        self._tell()

    def knows(self, reasons: tuple[Reason, ...]) -> None:
        """What the driver knows of; all it knew before is replaced."""
        with self._lock:
            self._known = reasons
        self._tell()

    def port_closed(self, reason: Reason) -> None:
        """Nothing that the device once said holds any longer."""
        with self._lock:
            self._port = reason
            self._trouble, self._known, self._flood, self._met = None, (), (), False
            self._facts.clear()
        self._tell()

    def stuck(self, reason: Reason | None) -> None:
        """The thread that owns the port hangs, or (None) came back."""
        with self._lock:
            self._stuck = reason
        self._tell()

    def flooded(self, reason: Reason | None) -> None:
        """Its line brings bytes without end, or (None) no longer does."""
        with self._lock:
            if reason is not None:
                self._counters[reason.code] += 1
            self._flood = (reason,) if reason else ()
        self._tell()

    def fact(self, name: str, value: str) -> None:
        """What the device told about itself."""
        with self._lock:
            self._facts[name] = value

    def count(self, counter: str, amount: int = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self._counters[counter] += amount

    def _tell(self) -> None:
        with self._lock:
            state, reasons = self._judge()
            if (state, reasons) == (self._state, self._reasons):
                return
            now = time.time()
            if state != self._state:
                self._since_unix_s = now
            self._state, self._reasons = state, reasons
            self._changes.append(Change(now, state, reasons))
        self._changed()

    def _judge(self) -> tuple[State, tuple[Reason, ...]]:
        if self._disabled:
            return State.DISABLED, ()
        for reason in (self._stuck, self._port):
            if reason is not None:
                return state_for((reason,)), (reason,)
        if self._trouble is not None and self._trouble.code == "no_answer":
            return State.OFFLINE, (self._trouble, *self._flood)  # what it said earlier may no longer hold
        reasons = (*((self._trouble,) if self._trouble else ()), *self._known, *self._flood)
        if not reasons and not self._met:
            return State.STARTING, ()
        return state_for(reasons), reasons
