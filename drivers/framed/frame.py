"""One kind of frame: from its fields to bytes, and from bytes to its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from drivers.framed.checks import Check
from drivers.framed.fieldtypes import Number, Unfit
from kioskd.devices.escapes import Escapes

Role = Literal["literal", "address", "counts", "check", "open"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of a frame.

    size: bytes; None where the message decides. over: the first and last part of a counted or checked range.
    """

    role: Role
    name: str = ""
    size: int | None
    literal: bytes = b""
    number: Number | None = None
    over: tuple[int, int] = (0, 0)
    check: Check | None = None
    modulo: int | None = None


class Frame(msgspec.Struct, frozen=True):
    """A frame that was found whole. raw: the bytes as they came; fields: what its open fields hold."""

    layout: str
    raw: bytes
    fields: dict[str, bytes]
    address: int | None


class Short(msgspec.Struct, frozen=True):
    """It may become a frame when more bytes come. counter: what it is counted as if they do not."""

    counter: str = "cut_short"


class Wrong(msgspec.Struct, frozen=True):
    """No frame begins here. counter: what to count it as; empty when it did not even begin like one."""

    counter: str = ""


Outcome = Frame | Short | Wrong


class Layout:
    """A compiled frame layout. The compiler (`layouts.py`) has checked that its parts make sense together."""

    def __init__(self, name: str, parts: list[Part], max_bytes: int, escapes: Escapes) -> None:
        self.name = name
        self.parts = parts
        self.escapes = escapes
        self.start = _literals(parts)
        self.head = tuple(self.start) or _addressed_head(parts)
        """How every such frame begins; None where the address is. Empty: it is text up to its end."""
        self.end = b"".join(part.literal for part in _last_literals(parts))
        self._variable = next((index for index, part in enumerate(parts) if part.size is None), None)
        self._fixed_bytes = sum(part.size or 0 for part in parts)
        self.max_bytes = self._fixed_bytes if self._variable is None else max_bytes

    @property
    def open_fields(self) -> dict[str, int | None]:
        """The fields a message fills, with their sizes."""
        return {part.name: part.size for part in self.parts if part.role == "open"}

    @property
    def has_address(self) -> bool:
        """Whether the frame says whom it is for."""
        return any(part.role == "address" for part in self.parts)

    @property
    def longest_bytes(self) -> int:
        """The longest this frame can be on the wire, every byte of it escaped."""
        return self.max_bytes * self.escapes.growth

    # --- from fields to bytes ---

    def build(self, fields: Mapping[str, bytes], address: int) -> bytes:
        """The frame on the wire. Raises Unfit when these fields do not fit it."""
        pieces = [self._piece(part, fields, address) for part in self.parts]
        if sum(map(len, pieces)) > self.max_bytes:
            raise Unfit(f"the frame would be {sum(map(len, pieces))} bytes, {self.max_bytes} is the longest")
        for role in ("counts", "check"):  # a checksum may cover a count that comes after it
            for index, part in enumerate(self.parts):
                if part.role == role:
                    pieces[index] = _numbered(part, _value(part, pieces))
        whole = b"".join(pieces)
        frame = self.start + self.escapes.escape(self._inside(whole)) + self.end if self.escapes else whole
        # Text that holds the end's own bytes would be cut short by every reader.
        if self.match(frame) != Frame(self.name, frame, dict(fields), address if self.has_address else None):
            raise Unfit("the text holds the bytes that end the frame")
        return frame

    def _piece(self, part: Part, fields: Mapping[str, bytes], address: int) -> bytes:
        match part.role:
            case "literal":
                return part.literal
            case "address":
                return _numbered(part, address)
            case "open":
                return fields[part.name]
        return bytes(part.size or 0)

    def _inside(self, whole: bytes) -> bytes:
        return whole[len(self.start) : len(whole) - len(self.end)]

    # --- from bytes to fields ---

    def match(self, data: bytes, *, complete: bool = False) -> Outcome:
        """What begins at the first byte of `data`. complete: no more bytes will come, so nothing is Short."""
        seen = min(len(data), len(self.head))
        if any(byte not in (None, data[at]) for at, byte in enumerate(self.head[:seen])):
            return Wrong()
        outcome = self._match_escaped(data) if self.escapes else self._match_plain(data)
        if isinstance(outcome, Short) and complete:
            return Wrong(outcome.counter if self.head and seen == len(self.head) else "")
        return outcome

    def _match_plain(self, data: bytes) -> Outcome:
        size = self._announced_size(data)
        if isinstance(size, Short | Wrong):
            return size
        if size is None:
            return self._match_to_end(data)
        return self._read(data[:size], data[:size]) if len(data) >= size else Short()

    def _announced_size(self, data: bytes) -> int | Short | Wrong | None:
        """Bytes of the whole frame as its own beginning says; None where only its end will tell."""
        announced = self._fixed_bytes if self._variable is None else None
        at = 0
        for part in self.parts[: self._variable]:
            assert part.size is not None
            piece = data[at : at + part.size]
            if len(piece) < part.size:
                return Short()
            if part.role == "literal" and piece != part.literal:
                return Wrong("bad_frame")
            if part.role == "counts":
                size = self._size_for(part, piece)
                if not self._fixed_bytes <= size <= self.max_bytes or announced not in (None, size):
                    return Wrong("bad_length")
                announced = size
            at += part.size
        return announced

    def _size_for(self, part: Part, piece: bytes) -> int:
        """The whole frame's bytes when `part`, which counts a range, holds `piece`."""
        assert part.number is not None
        first, last = part.over
        others = sum(other.size or 0 for other in self.parts[first : last + 1])
        holds_variable = self._variable is not None and first <= self._variable <= last
        counted = part.number.decode(piece)
        if not holds_variable:
            return self._fixed_bytes if counted == others else -1
        return self._fixed_bytes + counted - others

    def _match_to_end(self, data: bytes) -> Outcome:
        """The frame ends at the first of its end literals at which all else is right, too."""
        failed: Wrong | None = None
        for size in range(self._fixed_bytes, min(len(data), self.max_bytes) + 1):
            if data[:size].endswith(self.end):
                outcome = self._read(data[:size], data[:size])
                if isinstance(outcome, Frame):
                    return outcome
                failed = failed or outcome
        if len(data) < self.max_bytes:
            return Short(failed.counter) if failed else Short()
        return failed or Wrong("bad_length")

    def _match_escaped(self, data: bytes) -> Outcome:
        """Inside, the end literal is always escaped, so its first appearance is the end."""
        at = data.find(self.end, len(self.start), self.longest_bytes)
        if at < 0:
            return Short() if len(data) < self.longest_bytes else Wrong("bad_length")
        inside = self.escapes.unescape(data[len(self.start) : at])
        if inside is None:
            return Wrong("bad_escape")
        outcome = self._match_unescaped(self.start + inside + self.end)
        return (
            msgspec.structs.replace(outcome, raw=data[: at + len(self.end)])
            if isinstance(outcome, Frame)
            else outcome
        )

    def _match_unescaped(self, whole: bytes) -> Frame | Wrong:
        size = self._announced_size(whole)
        if isinstance(size, Wrong):
            return size
        if isinstance(size, Short) or size not in (None, len(whole)) or len(whole) > self.max_bytes:
            return Wrong("bad_length")
        return self._read(whole, whole) if len(whole) >= self._fixed_bytes else Wrong("bad_length")

    def _read(self, whole: bytes, raw: bytes) -> Frame | Wrong:
        """Check everything in a frame of known length."""
        pieces = self._cut(whole)
        address: int | None = None
        for part, piece in zip(self.parts, pieces, strict=True):
            if part.role == "literal" and piece != part.literal:
                return Wrong("bad_frame")
            if part.number is None or part.role == "open":
                continue
            if part.role == "address":
                address = part.number.decode(piece)
            elif part.number.decode(piece) != _value(part, pieces):
                return Wrong("bad_length" if part.role == "counts" else "bad_checksum")
        fields = {
            part.name: piece for part, piece in zip(self.parts, pieces, strict=True) if part.role == "open"
        }
        return Frame(self.name, raw, fields, address)

    def _cut(self, whole: bytes) -> list[bytes]:
        spare = len(whole) - self._fixed_bytes
        pieces, at = [], 0
        for part in self.parts:
            size = spare if part.size is None else part.size
            pieces.append(whole[at : at + size])
            at += size
        return pieces


def _value(part: Part, pieces: list[bytes]) -> int:
    """What a counting or checking part must hold beside these pieces."""
    first, last = part.over
    covered = b"".join(pieces[first : last + 1])
    if part.check is None:
        return len(covered)
    assert part.size is not None
    value = part.check(covered) & ((1 << 8 * part.size) - 1)
    return value % part.modulo if part.modulo else value


def _numbered(part: Part, value: int) -> bytes:
    assert part.number is not None
    return part.number.encode(value)


def _literals(parts: list[Part]) -> bytes:
    out = b""
    for part in parts:
        if part.role != "literal":
            break
        out += part.literal
    return out


def _addressed_head(parts: list[Part]) -> tuple[int | None, ...]:
    """The address, then the literals after it, of a frame that begins so; otherwise nothing."""
    if not parts or parts[0].role != "address":
        return ()
    return (*(None,) * (parts[0].size or 0), *_literals(parts[1:]))


def _last_literals(parts: list[Part]) -> list[Part]:
    """The literals at the very end, in order; none when the frame is nothing but literals."""
    out: list[Part] = []
    for part in reversed(parts):
        if part.role != "literal":
            return out
        out.insert(0, part)
    return []
