"""What is asked of a BX-5K/6K controller, and what its answers mean.

Every data field begins with the command's group and number, a byte that wants an answer (01), and two more.
Source: BX-5K/6K通讯协议用户版本 and the SDK's headers (onbonlab/BX-K, onbonlab/bx.k.java).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable

import msgspec

ANSWER_WANTED = 0x01
ACK = b"\xa0\x00"
NACK = b"\xa0\x01"
ALL_HOURS = 48
"""The brightness command carries one value for each half hour, in force only when it is told to be."""

ERRORS = {
    0x01: "no such group of commands",
    0x02: "no such command",
    0x03: "it is busy",
    0x04: "out of memory",
    0x05: "it heard a wrong checksum",
    0x06: "no such file",
    0x07: "its flash memory fails",
    0x0C: "the character font is not in it",
    0x0D: "another model of controller",
}
"""What a NACK's error code says; those about files alone are left out."""
PASSING_ERRORS = frozenset({0x03, 0x05})
"""Errors that another try may mend."""

MODELS = {
    0x51: "BX-5K1",
    0x53: "BX-5MK2",
    0x54: "BX-5MK1",
    0x58: "BX-5K2",
    0x5C: "BX-5K1Q-YY",
    0x61: "BX-6K1",
    0x62: "BX-6K2",
    0x63: "BX-6K3",
    0x64: "BX-6K1-YY",
    0x65: "BX-6K2-YY",
    0x66: "BX-6K3-YY",
    0x67: "BX-6K1-4G",
    0x68: "BX-6K2-4G",
}
"""Controllers by the device type of their frames; FE is any."""

FACT_CHARACTERS = 60
"""More than this of what a controller says about itself is left out."""

_AREA = struct.Struct("<BHHHHBBBHBBBBBBBBBI")
_PRINTED = re.compile(rb"[\x21-\x7e]{2,}")


class Command(msgspec.Struct, frozen=True):
    """One request. name: what it is called in counters and complaints."""

    name: str
    data: bytes


class Answer(msgspec.Struct, frozen=True):
    """What a controller answers. error: 0, or why it refuses. data: what follows, to a question."""

    accepted: bool
    error: int = 0
    data: bytes = b""


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A dynamic area, kept in memory only: what it shows may be changed as often as one likes.

    x and width in the controller's own units, y and height in pixels; stay in half seconds; run_mode,
    single_line, wrap, display as the document numbers them. text: in the controller's charset.
    """

    number: int
    x: int
    y: int
    width: int
    height: int
    text: bytes
    line_space: int = 0
    run_mode: int = 0
    timeout_s: int = 5
    align: int = 0
    single_line: int = 2
    wrap: int = 1
    display: int = 1
    speed: int = 0
    stay: int = 8


def ping() -> Command:
    """Ask whether it is there."""
    return _command("ping", 0xA2, 0x00)


def ask_firmware() -> Command:
    """Ask what runs in it."""
    return _command("firmware", 0xA2, 0x04)


def ask_status() -> Command:
    """Ask whether it is lit, and how brightly."""
    return _command("status", 0xA1, 0x02)


def power(on: bool) -> Command:
    """Switch the screen on or off."""
    return _command("power", 0xA3, 0x00, b"\x01" if on else b"\x02")


def brightness(level: int, *, table: bool = True) -> Command:
    """How bright, 0 to 15, whatever the hour (01). table: send the half hours' values, too."""
    hours = bytes([level]) * ALL_HOURS if table else b""
    return _command("brightness", 0xA3, 0x02, bytes([0x01, level]) + hours)


def show_areas(areas: Iterable[Area], *, process: int = 0) -> Command:
    """Show these dynamic areas; all others stay. process: the document's ProcessMode."""
    drawn = [_area(area) for area in areas]
    lengths = [struct.pack("<H", len(area)) + area for area in drawn]
    return _command(
        "dynamic area", 0xA3, 0x06, bytes([0, len(drawn)]) + b"".join(lengths), reserved=bytes([process, 0])
    )


def delete_areas(*numbers: int) -> Command:
    """Make these dynamic areas dark."""
    return _command("delete area", 0xA3, 0x06, bytes([len(numbers), *numbers, 0]))


def answer_of(data: bytes) -> Answer | None:
    """What a frame's data field answers; None when it is too short to be an answer."""
    if len(data) < len(ACK) + 1:
        return None
    error = data[2]
    return Answer(accepted=data[:2] != NACK, error=error if data[:2] == NACK else 0, data=data[5:])


def error_text(error: int) -> str:
    """What the error code of a NACK says."""
    return f"error {error}: {ERRORS.get(error, 'not in the document')}"


def firmware_of(data: bytes) -> str:
    """Name, version and date, as far as the answer to `ask_firmware` can be read.

    The SDK gives them as texts of 4, 8 and up to 19 characters; how the answer holds them is not said.
    """
    if len(data) > 12 and data.isascii() and data[:12].decode("ascii").isprintable():
        data = b" ".join((data[:4], data[4:12], data[12:]))
    words = " ".join(word.decode("ascii") for word in _PRINTED.findall(data))
    return words[:FACT_CHARACTERS] or "unknown"


def status_of(data: bytes) -> dict[str, str]:
    """Whether it is lit (power) and how brightly, as far as the answer to `ask_status` can be read."""
    if len(data) < 2 or data[0] not in (1, 2) or data[1] > 15:
        return {}
    return {"power": "on" if data[0] == 1 else "off", "brightness": str(data[1])}


def _command(name: str, group: int, number: int, more: bytes = b"", *, reserved: bytes = b"\0\0") -> Command:
    return Command(name, bytes([group, number, ANSWER_WANTED]) + reserved + more)


def _area(area: Area) -> bytes:
    kind, sound, extensions, leaving = 0, 0, 0, 0
    header = _AREA.pack(
        kind,
        area.x,
        area.y,
        area.width,
        area.height,
        area.number,
        area.line_space,
        area.run_mode,
        area.timeout_s,
        sound,
        extensions,
        area.align,
        area.single_line,
        area.wrap,
        area.display,
        leaving,
        area.speed,
        area.stay,
        len(area.text),
    )
    return header + area.text
