"""Finds the frames in what arrives: any bytes, in any pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drivers.framed.frame import Frame, Layout, Short, Wrong


class Decoder:
    """Takes bytes as they come and gives whole frames. Never raises for anything in the bytes.

    A frame that fails its length, checksum or literals is counted and its first byte dropped, and the search
    goes on at the next: a frame hidden inside a false start is found once the false start's length, or
    silence, disproves it.

    count: told the name of each thing that was wrong.
    """

    def __init__(self, layouts: Iterable[Layout], count: Callable[[str], None]) -> None:
        self._layouts = list(layouts)
        self._count = count
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes."""
        self._buffer += data
        return self._scan(complete=False)

    def silence(self) -> list[Frame]:
        """The frames hidden in what was waiting to be completed and will not be."""
        return self._scan(complete=True)

    def _scan(self, *, complete: bool) -> list[Frame]:
        frames: list[Frame] = []
        at = 0
        while at < len(self._buffer):
            outcome = self._at(bytes(self._buffer[at:]), complete)
            if isinstance(outcome, Short):
                break
            if isinstance(outcome, Frame):
                frames.append(outcome)
                at += len(outcome.raw)
            else:
                if outcome.counter:
                    self._count(outcome.counter)
                at += 1
        del self._buffer[:at]
        return frames

    def _at(self, data: bytes, complete: bool) -> Frame | Short | Wrong:
        """The best that any layout makes of the beginning of `data`: a frame, a hope, a reason."""
        outcomes = [layout.match(data, complete=complete) for layout in self._layouts]
        order = (Frame, Short, Wrong)
        return min(
            outcomes,
            key=lambda outcome: (order.index(type(outcome)), not getattr(outcome, "counter", "")),
            default=Wrong(),
        )
