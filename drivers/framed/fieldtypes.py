"""How a value becomes bytes and bytes a value: the types of `{value:type}`."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, Protocol

import msgspec

Value = int | str | bytes

MARKUP = re.compile(r"<(\d{1,3})>")
"""`<2>` inside a text: from here on the attribute (mostly the colour) is 2."""

_TYPE = re.compile(
    r"(?P<word>[a-z0-9]+)(\+(?P<attribute>[0-9A-Fa-f]{2}))?(:(?P<size>[1-9]\d{0,3})(:(?P<pad>[0-9A-Fa-f]{2}))?)?"
)


class Unfit(ValueError):  # noqa: N818 - read as "this value is unfit for that field"
    """A value that this field cannot hold exactly, or bytes that this field does not hold."""


class FieldType(Protocol):
    """One type. size: bytes on the wire, None where the value decides."""

    @property
    def size(self) -> int | None:
        """Bytes on the wire; None where the value decides."""

    def encode(self, value: Value) -> bytes:
        """The value on the wire. Raises Unfit rather than shorten or change it."""

    def decode(self, data: bytes) -> Value:
        """The value of these bytes. Raises Unfit."""


class Number(msgspec.Struct, frozen=True):
    """`u8`, `u16be`, `u16le`: an unsigned number."""

    size: int
    order: Literal["big", "little"] = "big"

    def encode(self, value: Value) -> bytes:
        """The number, from an int, from decimal digits, or from the bytes of a code."""
        if isinstance(value, bytes):
            value = int.from_bytes(value, self.order)
        if not (str(value).isascii() and str(value).isdecimal()):
            raise Unfit(f"{value!r} is not a number")
        if int(value) >= 1 << 8 * self.size:
            raise Unfit(f"{value} is more than {self.size} bytes hold")
        return int(value).to_bytes(self.size, self.order)

    def decode(self, data: bytes) -> int:
        """The number as an int."""
        return int.from_bytes(data, self.order)


class Pairs(msgspec.Struct, frozen=True):
    """`pairs:N`: exactly 2·N decimal digits, two in a byte: 1234 is 0C 22."""

    size: int

    def encode(self, value: Value) -> bytes:
        """The digits. Fewer are unfit: they would be shown with other zeros than on the paper."""
        digits = _digits(value)
        if len(digits) != 2 * self.size:
            raise Unfit(f"{digits!r} is not {2 * self.size} digits")
        return bytes(int(digits[at : at + 2]) for at in range(0, len(digits), 2))

    def decode(self, data: bytes) -> str:
        """The digits with their leading zeros."""
        if any(byte > 99 for byte in data):
            raise Unfit(f"{data.hex(' ')} is not decimal pairs")
        return "".join(f"{byte:02d}" for byte in data)


class Digits(msgspec.Struct, frozen=True):
    """`digits:N:PAD`: one digit a byte, 00 to 09, PAD before them; without PAD exactly N digits.

    The int 0 is a count of nothing: it is blank, as in the makers' examples. The text "0" is the digit.
    """

    size: int
    pad: int | None = None

    def encode(self, value: Value) -> bytes:
        """The digits, right-aligned."""
        digits = "" if value == 0 and self.pad is not None else _digits(value)
        missing = self.size - len(digits)
        if missing < 0 or (missing and self.pad is None):
            raise Unfit(f"{digits!r} does not fit {self.size} digits")
        return bytes([self.pad or 0] * missing) + bytes(int(digit) for digit in digits)

    def decode(self, data: bytes) -> str:
        """The digits without the blanks before them."""
        shown = data if self.pad is None else data.lstrip(bytes([self.pad]))
        if any(byte > 9 for byte in shown):
            raise Unfit(f"{data.hex(' ')} is not digits")
        return "".join(str(byte) for byte in shown)


class Raw(msgspec.Struct, frozen=True):
    """`bytes` or `bytes:N`: as they are, such as key codes."""

    size: int | None = None

    def encode(self, value: Value) -> bytes:
        """The bytes; text is read as hex."""
        data = bytes.fromhex(value) if isinstance(value, str) else value
        if not isinstance(data, bytes) or (self.size is not None and len(data) != self.size):
            raise Unfit(f"{value!r} is not {self.size or 'any'} bytes")
        return data

    def decode(self, data: bytes) -> bytes:
        """The bytes."""
        return data


class Text(msgspec.Struct, frozen=True):
    """`ascii`, `gb2312`, `gbk`, `gb18030`: text; `:N:PAD` makes it N bytes, filled with PAD after the text.

    With `+AA` every character is followed by an attribute byte, AA at first and then what `<n>` in the text
    says. Without it `<n>` is left out. Control characters are unfit: in a frame they could mean anything.
    """

    charset: str
    size: int | None = None
    pad: int | None = None
    attribute: int | None = None

    def encode(self, value: Value) -> bytes:
        """The text, whole, or Unfit."""
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
        data = self._bare(MARKUP.sub("", text)) if self.attribute is None else self._attributed(text)
        if self.size is None:
            return data
        if len(data) > self.size or (len(data) < self.size and self.pad is None):
            raise Unfit(f"{text!r} is {len(data)} bytes, the field {self.size}")
        return data.ljust(self.size, bytes([self.pad or 0]))

    def decode(self, data: bytes) -> str:
        """The text without its padding, with `<n>` where the attribute changes."""
        shown = data if self.pad is None else data.rstrip(bytes([self.pad]))
        if self.attribute is not None:
            return self._from_attributed(shown, self.attribute)
        return self._character_checked(self._decoded(shown))

    def _bare(self, text: str) -> bytes:
        try:
            return self._character_checked(text).encode(self.charset)
        except UnicodeEncodeError as error:
            raise Unfit(f"{text[error.start : error.end]!r} is not in {self.charset}") from None

    def _attributed(self, text: str) -> bytes:
        attribute = self.attribute or 0
        out = bytearray()
        # re.split with one group gives text, attribute, text, attribute, … text.
        for index, piece in enumerate(MARKUP.split(text)):
            if index % 2:
                attribute = Number(1).encode(piece)[0]
            else:
                for character in piece:
                    out += self._bare(character) + bytes([attribute])
        return bytes(out)

    def _from_attributed(self, data: bytes, attribute: int) -> str:
        text, at = "", 0
        while at < len(data):
            size = _character_size(data, at)
            if at + size >= len(data):
                raise Unfit("a character without its attribute")
            if data[at + size] != attribute:
                attribute = data[at + size]
                text += f"<{attribute}>"
            text += self._character_checked(self._decoded(data[at : at + size]))
            at += size + 1
        return text

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode(self.charset)
        except UnicodeDecodeError:
            raise Unfit(f"{data.hex(' ')} is not {self.charset}") from None

    @staticmethod
    def _character_checked(text: str) -> str:
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise Unfit("control characters are never shown")
        return text


def field_type(written: str) -> FieldType:
    """The type that `u8`, `pairs:2`, `digits:3:0A`, `gbk+00` … name. Raises ValueError, saying why."""
    match = _TYPE.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is not TYPE, TYPE:BYTES or TYPE:BYTES:PAD, PAD in two hex digits")
    word, attribute = match["word"], match["attribute"]
    size = int(match["size"]) if match["size"] else None
    pad = int(match["pad"], 16) if match["pad"] else None
    if word in ("ascii", "gb2312", "gbk", "gb18030"):
        return Text(word, size, pad, int(attribute, 16) if attribute else None)
    if attribute:
        raise ValueError(f"{written!r}: only text has an attribute after each character")
    match word, size, pad:
        case "u8", None, None:
            return Number(1)
        case "u16be", None, None:
            return Number(2)
        case "u16le", None, None:
            return Number(2, "little")
        case "bytes", _, None:
            return Raw(size)
        case "pairs", int(), None:
            return Pairs(size)
        case "digits", int(), _:
            return Digits(size, pad)
    raise ValueError(
        f"{written!r} is none of the types u8, u16be, u16le, pairs:N, digits:N:PAD, ascii, gbk …"
    )


def code(value: Value) -> bytes:
    """A key's or a rating's code as the profile's tables have it: bytes, or the byte of a number."""
    return value if isinstance(value, bytes) else bytes([int(value) & 0xFF])


def _digits(value: Value) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    if text and not (text.isascii() and text.isdigit()):
        raise Unfit(f"{text!r} is not digits")
    return text


def _character_size(data: bytes, at: int) -> int:
    """Bytes of the character at `at`: GB 18030 has one, two, or (second byte 30 to 39) four."""
    if data[at] < 0x80:
        return 1
    return 4 if at + 1 < len(data) and 0x30 <= data[at + 1] <= 0x39 else 2
