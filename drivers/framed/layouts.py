"""Compiles the [wire.frames] tables: every mistake is noted, with the key it is at."""

from __future__ import annotations

import re
from collections.abc import Callable

from drivers.framed.checks import check_named, check_names
from drivers.framed.fieldtypes import Number
from drivers.framed.frame import Layout, Part
from drivers.framed.spec import FieldSpec, FrameSpec
from kioskd.devices.escapes import Escapes
from kioskd.reading import nearest

Note = Callable[[str, str, str], None]
"""Told of a mistake: the key below the frame's own, the problem, a hint."""

_NUMBERS = {"u8": Number(1), "u16be": Number(2), "u16le": Number(2, "little")}


class _Refused(Exception):  # noqa: N818 - raised and caught in this module only
    """One mistake. key: below the frame's own key."""

    def __init__(self, key: str, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.key, self.problem, self.hint = key, problem, hint


def compile_layout(name: str, spec: FrameSpec, note: Note) -> Layout | None:
    """The layout that `spec` describes, or None after telling `note` what is wrong with it."""
    words = spec.layout.split()
    parts: list[Part] = []
    try:
        _check_words(words, spec)
    except _Refused as refused:
        note(refused.key, refused.problem, refused.hint)
        return None
    for word in words:
        try:
            parts.append(_part(word, spec.fields.get(word, FieldSpec()), words))
        except _Refused as refused:
            note(refused.key, refused.problem, refused.hint)
    if len(parts) < len(words):
        return None
    try:
        _check_parts(parts)
        layout = Layout(name, parts, spec.max_bytes, _escapes(spec))
        _check_ends(layout, parts)
    except _Refused as refused:
        note(refused.key, refused.problem, refused.hint)
        return None
    return layout


def _is_literal(word: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{2}", word) is not None


def _check_words(words: list[str], spec: FrameSpec) -> None:
    names = [word for word in words if not _is_literal(word)]
    for word in names:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", word):
            raise _Refused("layout", f"{word!r} is neither two hex digits nor a field's name")
        if names.count(word) > 1:
            raise _Refused("layout", f"the field {word} appears twice; give each its own name")
    for word in spec.fields:
        if word not in names:
            raise _Refused(f"fields.{word}", "the layout has no such field", nearest(word, names))


def _part(word: str, field: FieldSpec, words: list[str]) -> Part:
    if _is_literal(word):
        return Part(role="literal", size=1, literal=bytes.fromhex(word))
    key = f"fields.{word}"
    roles = [
        role
        for role, said in [
            ("literal", field.literal), ("address", field.address),
            ("counts", field.counts), ("check", field.check),
        ]
        if said
    ]  # fmt: skip
    if len(roles) > 1:
        raise _Refused(key, f"is {' and '.join(roles)} at once; a field has one purpose")
    if (field.over or field.modulo) and not field.check:
        raise _Refused(key, "over and modulo belong to a check, and there is none")
    if field.literal is not None:
        literal = _hex(key, field.literal)
        return Part(role="literal", name=word, size=len(literal), literal=literal)
    number = _NUMBERS[field.type] if field.type else None
    if roles and number is None:
        raise _Refused(key, "needs a type: u8, u16be or u16le")
    size = number.size if number else None
    if field.address:
        return Part(role="address", name=word, size=size, number=number)
    if field.counts:
        return Part(role="counts", name=word, size=size, number=number, over=_range(key, field.counts, words))
    if field.check:
        return _check_part(word, field, words)
    return Part(role="open", name=word, size=size, number=number)


def _check_part(word: str, field: FieldSpec, words: list[str]) -> Part:
    key = f"fields.{word}"
    assert field.check is not None
    assert field.type is not None
    if field.over is None:
        raise _Refused(f"{key}.over", "is missing: which range is the checksum made over, such as LEN..DATA?")
    try:
        check = check_named(field.check)
    except KeyError:
        raise _Refused(
            f"{key}.check", f"{field.check!r} is no checksum", nearest(field.check, check_names())
        ) from None
    number = _NUMBERS[field.type]
    first, last = _range(key, field.over, words)
    if first <= words.index(word) <= last:
        raise _Refused(f"{key}.over", f"{field.over} holds the checksum itself")
    return Part(
        role="check", name=word, size=number.size, number=number,
        over=(first, last), check=check, modulo=field.modulo,
    )  # fmt: skip


def _range(key: str, written: str, words: list[str]) -> tuple[int, int]:
    """The first and last part of `ADDR..DATA`."""
    ends = written.split("..")
    if len(ends) > 2:
        raise _Refused(key, f"{written!r} is not a range such as ADDR..DATA")
    for end in ends:
        if end not in words or _is_literal(end):
            names = [word for word in words if not _is_literal(word)]
            raise _Refused(
                key, f"the range {written} names {end}, which is no field of the layout", nearest(end, names)
            )
    first, last = words.index(ends[0]), words.index(ends[-1])
    if first > last:
        raise _Refused(key, f"the range {written} ends before it begins")
    return first, last


def _check_parts(parts: list[Part]) -> None:
    if not _can_be_found(parts):
        raise _Refused("layout", "a frame begins with a literal byte, or nobody could find it in the stream")
    variable = [index for index, part in enumerate(parts) if part.size is None]
    if len(variable) > 1:
        names = " and ".join(parts[index].name for index in variable)
        raise _Refused(
            "layout", f"{names} have no fixed length: nobody could tell where the first ends; give a type"
        )
    for index, part in enumerate(parts):
        covered = range(part.over[0], part.over[1] + 1)
        if part.role == "check" and any(parts[at].role == "check" and at > index for at in covered):
            raise _Refused(
                f"fields.{part.name}.over", "covers a checksum that comes later: which is made first?"
            )
        if part.role == "counts" and variable and index > variable[0] and variable[0] in covered:
            raise _Refused(
                f"fields.{part.name}.counts", "comes after what it counts; a reader needs it before"
            )


def _can_be_found(parts: list[Part]) -> bool:
    """Whether a reader sees where such a frame begins.

    At a literal, or at the address if a literal follows it; or it is all the text up to literals at its end.
    """
    begins = [part.role for part in parts[:2]]
    is_line = begins == ["open", "literal"] and parts[0].size is None
    return is_line or begins[:1] == ["literal"] or begins == ["address", "literal"]


def _check_ends(layout: Layout, parts: list[Part]) -> None:
    variable = next((index for index, part in enumerate(parts) if part.size is None), None)
    counted = any(
        part.role == "counts" and variable is not None and part.over[0] <= variable <= part.over[1]
        for part in parts
    )
    if variable is not None and not counted and not layout.end:
        name = parts[variable].name
        raise _Refused(
            "layout", f"nothing tells how long {name} is: neither a count nor literal bytes at the end"
        )
    if layout.escapes and not layout.start:
        raise _Refused("escapes", "need a literal at the beginning of the frame, too")
    if layout.escapes and not layout.end:
        raise _Refused("escapes", "need a literal at the end of the frame, which they keep out of its inside")


def _escapes(spec: FrameSpec) -> Escapes:
    table: dict[bytes, bytes] = {}
    for plain, escaped in spec.escapes.items():
        key = f"escapes.{plain}"
        byte = _hex(key, plain)
        if len(byte) != 1 or len(_hex(key, escaped)) < 2:
            raise _Refused(key, "says one byte and the two or more that stand for it")
        if _hex(key, escaped) in table.values():
            raise _Refused(key, f"{escaped} stands for two bytes at once")
        table[byte] = _hex(key, escaped)
    return Escapes(table)


def _hex(key: str, written: str) -> bytes:
    try:
        data = bytes.fromhex(written)
    except ValueError:
        data = b""
    if not data:
        raise _Refused(key, f"{written!r} is not bytes in hex, such as 1B 40")
    return data
