"""What a field of a message holds: `0A 0A {digits:digits:3:0A}`, read both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from drivers.framed.fieldtypes import FieldType, Unfit, Value, field_type

_TOKEN = re.compile(r"\{(?P<name>[a-z_][a-z0-9_]*):(?P<type>[a-z0-9:+A-F]+)\}|(?P<literal>[0-9A-Fa-f]{2})")


class Place(msgspec.Struct, frozen=True):
    """Where a value goes. name: of the value; type: how it is written."""

    name: str
    type: FieldType


class Template:
    """Literal bytes and places for values, in order; at most one place has no size of its own."""

    def __init__(self, written: str) -> None:
        """Read `written`. Raises ValueError saying what is wrong with it."""
        self.items: list[bytes | Place] = [_item(token) for token in written.split()]
        sizes = [_size(item) for item in self.items]
        if sizes.count(None) > 1:
            raise ValueError("two places without a size: nobody could tell where the first ends")
        self._fixed_bytes = sum(size for size in sizes if size is not None)
        self.size = None if None in sizes else self._fixed_bytes
        """Bytes on the wire; None where a value decides."""

    @property
    def names(self) -> list[str]:
        """The values it needs."""
        return [item.name for item in self.items if isinstance(item, Place)]

    def encode(self, values: Mapping[str, Value]) -> bytes:
        """The bytes for these values. Raises Unfit."""
        for name in self.names:
            if name not in values:
                raise Unfit(f"nobody says {name}")
        return b"".join(
            item if isinstance(item, bytes) else item.type.encode(values[item.name]) for item in self.items
        )

    def decode(self, data: bytes) -> dict[str, Value]:
        """The values in these bytes. Raises Unfit."""
        spare = len(data) - self._fixed_bytes
        if spare < 0 or (spare and self.size is not None):
            raise Unfit(f"{len(data)} bytes")
        values: dict[str, Value] = {}
        at = 0
        for item in self.items:
            size = _size(item)
            piece = data[at : at + (spare if size is None else size)]
            at += len(piece)
            if isinstance(item, bytes):
                if piece != item:
                    raise Unfit(f"{piece.hex(' ')} is not {item.hex(' ')}")
            elif values.setdefault(item.name, item.type.decode(piece)) != item.type.decode(piece):
                raise Unfit(f"{item.name} is said twice, differently")
        return values


def _item(token: str) -> bytes | Place:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ValueError(f"{token!r} is neither two hex digits nor {{value:type}}")
    if match["literal"]:
        return bytes.fromhex(match["literal"])
    return Place(match["name"], field_type(match["type"]))


def _size(item: bytes | Place) -> int | None:
    return len(item) if isinstance(item, bytes) else item.type.size
