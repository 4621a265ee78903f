"""A thread with one job: it does a turn whenever it is woken, and survives a turn that fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

AFTER_FAILURE_S = 1.0
"""How long a worker rests after a turn that failed, so that a lasting failure does not spin."""


class Worker:
    """Runs `turn` on a thread of its own: at the start, whenever woken, and every `beat_s` seconds."""

    def __init__(self, name: str, turn: Callable[[], None], *, beat_s: float) -> None:
        self._turn = turn
        self._beat_s = beat_s
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; once."""
        self._thread.start()

    def wake(self) -> None:
        """Ask for a turn now. From any thread; never waits."""
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Let the turn under way finish, then end the thread."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._turn()
            except Exception:  # a failed turn must not end the hall's paper or its signs
                log.exception("%s: a turn failed; trying again", self._thread.name)
                self._stopping.wait(AFTER_FAILURE_S)
                continue
            self._woken.wait(self._beat_s)
