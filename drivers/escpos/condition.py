"""What is the matter with an emulated printer, and the status bytes that say so.

Bits are from the makers' command references for DLE EOT, GS a and GS r (README.md lists them).
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Condition(msgspec.Struct):
    """The state of the printer's sensors and mechanics."""

    paper: Literal["ok", "low", "out"] = "ok"
    cover_open: bool = False
    cutter_error: bool = False
    head_hot: bool = False
    broken: bool = False
    feeding: bool = False
    """The feed button is held down."""

    @property
    def error(self) -> bool:
        """Whether one of the errors of DLE EOT 3 is there."""
        return self.cutter_error or self.head_hot or self.broken

    @property
    def offline(self) -> bool:
        """Whether it prints nothing now."""
        return self.paper == "out" or self.cover_open or self.feeding or self.error

    def words(self) -> list[str]:
        """Its troubles, by the names that `actions` use."""
        troubles = {
            "paper_low": self.paper == "low",
            "paper_out": self.paper == "out",
            "cover_open": self.cover_open,
            "cutter_jam": self.cutter_error,
            "head_hot": self.head_hot,
            "broken": self.broken,
            "feeding": self.feeding,
        }
        return [name for name, there in troubles.items() if there]

    def real_time(self, n: int) -> bytes:
        """The answer to DLE EOT n; bits 1 and 4 are always set. Nothing for an n that does not exist."""
        if n == 1:
            bits = 0x08 * self.offline | 0x40 * self.feeding
        elif n == 2:
            bits = 0x04 * self.cover_open | 0x08 * self.feeding
            bits |= 0x20 * (self.paper == "out") | 0x40 * self.error
        elif n == 3:
            bits = self._errors()
        elif n == 4:
            bits = 0x0C * (self.paper != "ok") | 0x60 * (self.paper == "out")
        else:
            return b""
        return bytes([0x12 | bits])

    def automatic(self) -> bytes:
        """The four bytes of automatic status back; bit 4 of the first is always set."""
        first = 0x10 | 0x08 * self.offline | 0x20 * self.cover_open | 0x40 * self.feeding
        return bytes([first, self._errors(), self.sensor(), 0])

    def sensor(self) -> int:
        """The paper sensors, as GS r 1 and the third byte of automatic status back tell them."""
        return 0x03 * (self.paper != "ok") | 0x0C * (self.paper == "out")

    def _errors(self) -> int:
        return 0x0C * self.cutter_error | 0x20 * self.broken | 0x40 * self.head_hot
