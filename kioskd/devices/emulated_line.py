"""The emulated wire: every byte takes its time; on a shared line senders that overlap garble each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

import msgspec

HOST = "host"
"""The sender at the computer's end."""


class _Byte(msgspec.Struct):
    """One byte on its way. heard: what arrives of it, which differs from `value` after a collision."""

    start_s: float
    end_s: float
    value: int
    heard: int


class EmulatedLine:
    """Bytes on their way between the host and the devices of one port. Times are in seconds of one clock.

    character_s: how long a character takes; 0 for a network. shared: one pair of wires for all senders
    (RS-485), on which two bytes that overlap in time garble each other; otherwise each direction has its own
    wire (RS-232).
    """

    def __init__(self, character_s: float, *, shared: bool) -> None:
        self.character_s = character_s
        self.shared = shared
        self.collisions = 0
        self._on_their_way: dict[Hashable, deque[_Byte]] = {}
        self._free_at_s: dict[Hashable, float] = {}

    def send(self, sender: Hashable, data: bytes, now_s: float) -> None:
        """The sender begins now, or after its own bytes that are on their way; it does not listen first."""
        queue = self._on_their_way.setdefault(sender, deque())
        start_s = max(now_s, self._free_at_s.get(sender, 0.0))
        for value in data:
            byte = _Byte(start_s, start_s + self.character_s, value, value)
            if self.shared:
                self._collide(sender, byte)
            queue.append(byte)
            start_s = byte.end_s
        self._free_at_s[sender] = start_s

    def _collide(self, sender: Hashable, byte: _Byte) -> None:
        for other_sender, others in self._on_their_way.items():
            if other_sender == sender:
                continue
            for other in others:
                if byte.start_s < other.end_s and other.start_s < byte.end_s:
                    byte.heard = byte.value ^ (other.value | 1)  # never what was sent
                    other.heard = other.value ^ (byte.value | 1)
                    self.collisions += 1

    def arrived(self, now_s: float) -> list[tuple[Hashable, bytes]]:
        """What has arrived by now, in order: who sent it, and what is heard of it."""
        due: list[tuple[float, Hashable, int]] = []
        for sender, queue in self._on_their_way.items():
            while queue and queue[0].end_s <= now_s:
                byte = queue.popleft()
                due.append((byte.end_s, sender, byte.heard))
        due.sort(key=lambda one: one[0])
        pieces: list[tuple[Hashable, bytearray]] = []
        for _, sender, heard in due:
            if not pieces or pieces[-1][0] != sender:
                pieces.append((sender, bytearray()))
            pieces[-1][1].append(heard)
        return [(sender, bytes(data)) for sender, data in pieces]

    def next_at_s(self) -> float | None:
        """When the next byte arrives; None when nothing is on its way."""
        return min((queue[0].end_s for queue in self._on_their_way.values() if queue), default=None)

    def waiting(self, sender: Hashable) -> int:
        """How many bytes of this sender are on their way."""
        return len(self._on_their_way.get(sender, ()))

    def clear(self) -> None:
        """The cable was pulled: what was on its way is lost."""
        self._on_their_way.clear()
        self._free_at_s.clear()
