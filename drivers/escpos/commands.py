"""Splits a stream of ESC/POS bytes into single commands and characters, for the emulated printer.

Lengths are from the makers' command references; `drivers/escpos/README.md` names them. A command that is
not in the table is taken as two bytes, which is what a printer without it does: its parameters then come out
as text.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Character(msgspec.Struct, frozen=True):
    """One character to print, still encoded: one byte, or two to four bytes of Chinese or UTF-8."""

    raw: bytes


class Command(msgspec.Struct, frozen=True):
    """One control code or command. code: its first bytes, such as 1D 56; known: whether the table has it."""

    code: bytes
    args: bytes = b""
    known: bool = True

    @property
    def raw(self) -> bytes:
        """The bytes as they came."""
        return self.code + self.args


FIXED: dict[bytes, int] = {
    # control codes
    b"\x00": 0, b"\x09": 0, b"\x0a": 0, b"\x0c": 0, b"\x0d": 0, b"\x18": 0,
    # DLE: real-time commands; their work is done when they arrive, here they are only stepped over
    b"\x10\x04": 1, b"\x10\x05": 1, b"\x10\x14": 3,
    # ESC
    b"\x1b@": 0, b"\x1b!": 1, b"\x1b ": 1, b"\x1b$": 2, b"\x1b%": 1, b"\x1b-": 1, b"\x1b2": 0, b"\x1b3": 1,
    b"\x1b=": 1, b"\x1b?": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1bJ": 1, b"\x1bM": 1, b"\x1bR": 1, b"\x1bS": 0,
    b"\x1bT": 1, b"\x1bV": 1, b"\x1b\\": 2, b"\x1ba": 1, b"\x1bc": 2, b"\x1bd": 1, b"\x1be": 1, b"\x1bi": 0,
    b"\x1bm": 0, b"\x1bp": 3, b"\x1br": 1, b"\x1bt": 1, b"\x1b{": 1,
    # FS: Chinese and Japanese characters
    b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1, b"\x1cW": 1, b"\x1c-": 1, b"\x1cS": 2, b"\x1cC": 1, b"\x1cp": 2,
    b"\x1c2": 74,
    # GS
    b"\x1d!": 1, b"\x1d$": 2, b"\x1d/": 1, b"\x1d:": 0, b"\x1dB": 1, b"\x1dH": 1, b"\x1dI": 1, b"\x1dL": 2,
    b"\x1dP": 2, b"\x1dT": 1, b"\x1dW": 2, b"\x1d\\": 2, b"\x1d^": 3, b"\x1da": 1, b"\x1db": 1, b"\x1df": 1,
    b"\x1dh": 1, b"\x1dj": 1, b"\x1dr": 1, b"\x1dw": 1, b"\x1dz": 2,
}  # fmt: skip
"""Parameter bytes of each command whose length never varies."""


def _counted(data: bytes) -> int:
    """ESC ( x, FS ( x, GS ( x: a function letter, a count of two bytes, that many bytes."""
    return 3 + int.from_bytes(data[1:3], "little")


def _counted_long(data: bytes) -> int:
    """GS 8 L: as above, with a count of four bytes."""
    return 5 + int.from_bytes(data[1:5], "little")


def _raster(data: bytes) -> int:
    """GS v 0: mode, width in bytes, height in dots, the picture."""
    return 6 + int.from_bytes(data[2:4], "little") * int.from_bytes(data[4:6], "little")


def _columns(data: bytes) -> int:
    """ESC *: mode, number of columns, then one byte a column, or three in the 24-dot modes."""
    return 3 + int.from_bytes(data[1:3], "little") * (3 if data[0] >= 32 else 1)


def _cut(data: bytes) -> int:
    """GS V: the modes that feed first carry a distance."""
    return 1 if data[0] in (0, 1, 48, 49) else 2


def _barcode(data: bytes) -> int:
    """GS k: the old form ends with a NUL, the new one counts."""
    if data[0] > 6:
        return 2 + data[1]
    return data.index(0, 1) + 1


def _tab_stops(data: bytes) -> int:
    """ESC D: up to 32 positions and a NUL."""
    return data.index(0) + 1


VARIABLE: dict[bytes, Callable[[bytes], int]] = {
    b"\x1b(": _counted, b"\x1c(": _counted, b"\x1d(": _counted, b"\x1d8": _counted_long, b"\x1dv": _raster,
    b"\x1b*": _columns, b"\x1dV": _cut, b"\x1dk": _barcode, b"\x1bD": _tab_stops,
}  # fmt: skip
"""How long the parameters are, by their beginning; IndexError or ValueError where more of it is needed."""

PREFIXES = b"\x10\x1b\x1c\x1d"
LONGEST_TERMINATED = 300
"""A list that should end with a NUL and does not inside so many bytes is no list."""
_HEADER = {b"\x1b(": 3, b"\x1c(": 3, b"\x1d(": 3, b"\x1d8": 5, b"\x1dv": 6, b"\x1b*": 3}
"""How many parameter bytes must be there before the length can be told."""


def take(stream: bytes | bytearray, *, chinese: bool, encoding: str) -> Command | Character | None:
    """The first command or character of `stream`, or None while its end has not come yet. Removes nothing.

    chinese: whether double-byte mode is on; encoding: gbk, gb18030 or utf-8.
    """
    if not stream:
        return None
    if stream[0] >= 0x20:
        return _character(stream, chinese, encoding)
    if stream[0] not in PREFIXES:
        code = bytes(stream[:1])
        return Command(code, known=code in FIXED)
    if len(stream) < 2:
        return None
    code = bytes(stream[:2])
    length = _length(code, stream)
    if length is None or len(stream) < 2 + length:
        return None
    return Command(code, bytes(stream[2 : 2 + length]), known=code in FIXED or code in VARIABLE)


def _length(code: bytes, stream: bytes | bytearray) -> int | None:
    """How many parameter bytes this command has here, or None while that cannot be told."""
    if code not in VARIABLE:
        return FIXED.get(code, 0)
    if len(stream) < 2 + _HEADER.get(code, 1):
        return None
    parameters = bytes(stream[2 : 2 + LONGEST_TERMINATED])
    try:
        return VARIABLE[code](parameters)
    except (IndexError, ValueError):
        return 0 if len(parameters) == LONGEST_TERMINATED else None


def _character(stream: bytes | bytearray, chinese: bool, encoding: str) -> Character | None:
    length = _character_length(stream, chinese, encoding)
    if length is None or len(stream) < length:
        return None
    return Character(bytes(stream[:length]))


def _character_length(stream: bytes | bytearray, chinese: bool, encoding: str) -> int | None:
    first = stream[0]
    if first < 0x80:
        return 1
    if encoding == "utf-8":
        return 1 if first < 0xC2 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if not chinese or first in (0x80, 0xFF):
        return 1
    if len(stream) < 2:
        return None
    return 4 if encoding == "gb18030" and 0x30 <= stream[1] <= 0x39 else 2
