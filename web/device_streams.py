"""Streams about one device: its live bytes, a trial while it runs. Each counts toward the stream budget."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from kioskd.devices.device import Device
from kioskd.devices.followers import Noted, Tapped
from kioskd.devices.trials import Said, Step, Trial, Verdict, trial_texts

if TYPE_CHECKING:
    from web.events import LiveEvents

WAITING = 512
"""How many pieces of a port's conversation may wait for a slow reader; older ones are left out."""
BEAT_S = 2.0
"""How often a stream with no news says that it is there; so soon it notices that its reader has gone."""
STILL_HERE = b": still here\n\n"


def sse(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {msgspec.json.encode(data).decode()}\n\n".encode()


class LiveBytes(Iterator[bytes]):
    """What passes a device's port, explained. `close` is called by the server when the reader has gone."""

    def __init__(self, live: LiveEvents, device: Device) -> None:
        """Raises Problem 503 when there are too many streams already."""
        self._live = live
        self._explainer = device.explainer()
        self._waiting: deque[Tapped | Noted] = deque()
        self._missed = 0
        self._changed = threading.Condition()
        self._ended = False
        self._first = True
        live.join(self)
        self._unfollow = device.followers.follow(self._passed)

    def _passed(self, piece: Tapped | Noted) -> None:
        """Called on the port's thread: be quick."""
        with self._changed:
            if len(self._waiting) >= WAITING:
                self._waiting.popleft()
                self._missed += 1
            self._waiting.append(piece)
            self._changed.notify()

    def end(self) -> None:
        """The daemon stops."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def __next__(self) -> bytes:
        if self._first:
            self._first = False
            return STILL_HERE  # so that the reader knows at once that it is heard
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, BEAT_S)
            if self._ended:
                raise StopIteration
            missed, self._missed = self._missed, 0
            pieces = list(self._waiting)
            self._waiting.clear()
        told = [sse("missed", {"count": missed})] if missed else []
        told += [self._told(piece) for piece in pieces]
        return b"".join(told) or STILL_HERE

    def _told(self, piece: Tapped | Noted) -> bytes:
        at = datetime.fromtimestamp(piece.at_unix_s, UTC)
        if isinstance(piece, Noted):
            return sse(piece.kind, {"at": at, "text": piece.text})
        passed = {
            "at": at,
            "direction": piece.direction,
            "hex": piece.data.hex(" ").upper(),
            "size": len(piece.data) or piece.hidden_bytes,
            "words": self._explainer.explain(piece.direction, piece.data, piece.at_unix_s),
        }
        return sse("bytes", passed)

    def close(self) -> None:
        """Nobody reads any more."""
        self._unfollow()
        self._live.leave(self)


class LiveTrial(Iterator[bytes]):
    """A trial as it runs. `close` ends it."""

    def __init__(self, live: LiveEvents, trial: Trial) -> None:
        """Raises Problem 503 when there are too many streams already."""
        self._live = live
        self._trial = trial
        self._ended = False
        try:
            live.join(self)
        except BaseException:
            trial.close()
            raise

    def end(self) -> None:
        """The daemon stops."""
        self._ended = True

    def __next__(self) -> bytes:
        beat_s = time.monotonic() + BEAT_S
        while time.monotonic() < beat_s and not self._ended:
            said = next(self._trial)
            if said is not None:
                return _told(said)
        if self._ended:
            raise StopIteration
        return STILL_HERE

    def close(self) -> None:
        """Nobody waits for it any more, or it is over."""
        self._trial.close()
        self._live.leave(self)


def _told(said: Said) -> bytes:
    match said:
        case Step(code, facts):
            return sse("step", {"code": code, "facts": facts, **_text(code, facts)})
        case Verdict(kind, outcome, code, facts):
            return sse(
                "verdict",
                {"kind": kind, "outcome": outcome, "code": code, "facts": facts, **_text(code, facts)},
            )
    return STILL_HERE


def _text(code: str, facts: dict[str, Any]) -> dict[str, str]:
    return msgspec.to_builtins(trial_texts()[code].filled(facts))  # type: ignore[no-any-return]
