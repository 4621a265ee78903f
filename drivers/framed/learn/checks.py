"""Finds the checksum that fits a set of frames: which kind, over which bytes, written where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import msgspec
from crccheck import crc

from drivers.framed.checks import check_named

MODULO = 100
"""平安力合 takes the sum modulo 100; nobody else was seen to take any other."""


class Fit(msgspec.Struct, frozen=True):
    """A checksum that is right in every frame.

    at: its first byte; type: u8, u16be or u16le; first, last: the bytes it is made over.
    """

    at: int
    type: str
    check: str
    first: int
    last: int
    modulo: int | None = None

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return 1 if self.type == "u8" else 2

    def holds(self, frame: bytes) -> bool:
        """Whether it is right in this frame."""
        value = check_named(self.check)(frame[self.first : self.last + 1]) & ((1 << 8 * self.size) - 1)
        if self.modulo:
            value %= self.modulo
        order: Literal["little", "big"] = "little" if self.type == "u16le" else "big"
        return frame[self.at : self.at + self.size] == value.to_bytes(self.size, order)

    @property
    def name(self) -> str:
        """What to call it, such as `sum modulo 100`."""
        return self.check + (f" modulo {self.modulo}" if self.modulo else "")


def fits(frames: Sequence[bytes], key_at: int, varying: Sequence[int]) -> list[Fit]:
    """Every checksum after the key that fits all these frames, the plainest first.

    frames: of one size. varying: the places that are not always the same: a checksum is at one of them.
    A checksum over bytes that never change proves nothing, so it covers the key.
    """
    distinct = sorted(set(frames))
    found = list(_fits(distinct, key_at, set(varying)))
    plain = {(fit.at, fit.first, fit.last) for fit in found if fit.check == "sum" and not fit.modulo}
    # Where no sum came to so much, its remainder is the sum itself: no second answer.
    return [fit for fit in found if not fit.modulo or (fit.at, fit.first, fit.last) not in plain]


def _fits(frames: list[bytes], key_at: int, varying: set[int]) -> Iterator[Fit]:
    size = len(frames[0])
    for name, modulo, widths in _kinds():
        for at in reversed(range(key_at + 1, size)):
            for type_ in ("u8", "u16be", "u16le"):
                width = 1 if type_ == "u8" else 2
                if width not in widths or at + width > size or not varying & set(range(at, at + width)):
                    continue
                for last in range(at - 1, key_at - 1, -1):
                    for first in range(key_at + 1):
                        fit = Fit(at, type_, name, first, last, modulo)
                        if all(map(fit.holds, frames)):
                            yield fit


@cache
def _kinds() -> list[tuple[str, int | None, tuple[int, ...]]]:
    """Each kind once, under its first name: its modulo, and the sizes it is written in."""
    found: list[tuple[str, int | None, tuple[int, ...]]] = [
        ("sum", None, (1, 2)), ("xor", None, (1,)), ("sum", MODULO, (1,)),
    ]  # fmt: skip
    for kind in crc.ALLCRCCLASSES:
        if kind._width in (8, 16):
            found.append((kind._names[0], None, (kind._width // 8,)))
    return found
