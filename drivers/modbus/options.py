"""The [options] of a Modbus display's profile; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kioskd.devices.kinds import SignState
from kioskd.reading import Mistake

Register = Annotated[int, Meta(ge=0, le=0xFFFF)]
Seconds = Annotated[float, Meta(gt=0, le=60)]


class ModbusOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which register means what. Registers are counted as the maker's page counts them; see `base`."""

    digits: Annotated[int, Meta(ge=1, le=16)] = 6
    """How many digits the display has."""
    base: Literal[0, 1] = 0
    """1 where the maker's page counts registers from 1: on the wire they begin at 0."""
    value_register: Register = 0
    """A signed 16-bit number to show."""
    value_function: Literal[6, 16] = 6
    """Write it with function 6 (one register) or 16 (several)."""
    decimal_register: Register | None = None
    """How many digits stand behind the decimal point; written once, 0. None: there is none."""
    text_register: Register = 0x70
    """Where text begins: two characters a register, the first in the high byte."""
    text: bool = False
    """Show signs as text where they have characters for it (A012), not as numbers (12)."""
    texts: dict[SignState, str] = {}
    """What a state shows as text, with {number}, {digits}, {window}, {waiting}. Otherwise the number."""
    blank: Annotated[int, Meta(ge=-0x8000, le=0x7FFF)] = 0
    """The number that is shown when there is none to show, on a display without text."""
    ask: bool = True
    """Read the value register when the display is met and looked after; without it the value is written."""
    address: Annotated[int, Meta(ge=1, le=247)] = 1
    """Where the hall file gives none: the address that displays are delivered with."""
    answer_s: Seconds = 0.5
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    """How often a request is sent again when it was not answered, or refused for a passing reason."""

    def mistakes(self) -> list[Mistake]:
        """Registers that cannot be on a display that counts them from `base`."""
        return [
            Mistake("", name, f"{register}: registers here count from {self.base} (base)")
            for name in ("value_register", "decimal_register", "text_register")
            if (register := getattr(self, name)) is not None and register < self.base
        ]
