"""What commands have set on an emulated printer."""

from __future__ import annotations

from typing import Literal

import msgspec

from drivers.escpos.strip import Style

LINE_SPACING = 30
"""Dots from line to line after power-on and ESC @: 1/6 inch of 180 dots an inch."""


class Modes(msgspec.Struct):
    """What ESC @ puts back: everything that commands set and later characters obey."""

    style: Style = Style()
    chinese: bool = False
    chinese_utf8: bool = False
    chinese_size: tuple[int, int] = (1, 1)
    chinese_underline: bool = False
    align: Literal["left", "center", "right"] = "left"
    spacing: int = LINE_SPACING
    margin: int = 0
    area: int = 0
    """Dots of a line, as GS W sets it; 0: all there are."""
    code_page: int = 0
    country: int = 0
    defined: dict[bytes, bytes] = {}
    """Characters that FS 2 has taught: their dots by their codes."""
