"""Strict reading of TOML into typed structs: every mistake is found in one go, each by its file and key.

msgspec alone stops at the first mistake; a technician with a wrong hall file wants them all.
"""

from __future__ import annotations

import difflib
import enum
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")


class Mistake(msgspec.Struct, frozen=True):
    """One thing wrong in one file. key: where, such as `devices[2].port`; empty for the file as a whole."""

    file: str
    key: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.problem}" + (f" ({self.hint})" if self.hint else "")


class Mistakes(Exception):  # noqa: N818 - the plural says it: one exception, all the mistakes
    """What was read cannot be used. `str()` lists every mistake, one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, choices: Iterable[str]) -> str:
    """A hint naming the choice most like `word`, or an empty one when none is like it."""
    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


def load_toml(path: Path, mistakes: list[Mistake]) -> dict[str, Any] | None:
    """The file's tables, or None after noting what is wrong: unreadable, not UTF-8, or a syntax error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        mistakes.append(Mistake(str(path), "", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(str(path), "", f"is not UTF-8: byte {error.start} cannot be read"))
    except tomllib.TOMLDecodeError as error:
        mistakes.append(Mistake(str(path), "", f"is not TOML: {error}"))
    return None


def read_as(
    value: object, type_: type[T], *, file: str, key: str, mistakes: list[Mistake], label: str = ""
) -> T | None:
    """`value` (from TOML) as `type_`, or None after noting every mistake in it.

    label: a name that helps people find the place, such as the device's; it follows the key.
    """
    before = len(mistakes)
    _Reader(file, mistakes).check(value, type_, key, label)
    if len(mistakes) > before:
        return None
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:  # what only the whole can tell, such as two keys that disagree
        mistakes.append(Mistake(file, f"{key} ({label})" if label and key else key or label, str(error)))
        return None


PRIVATE = msgspec.Meta(extra={"private": True})
"""For `Annotated`: mistakes in this field are told without its value."""


class _Reader:
    """Walks a value beside its type and notes what does not fit."""

    def __init__(self, file: str, mistakes: list[Mistake]) -> None:
        self.file = file
        self.mistakes = mistakes

    def note(self, key: str, label: str, problem: str, hint: str = "") -> None:
        where = f"{key} ({label})" if label and key else key or label
        self.mistakes.append(Mistake(self.file, where, problem, hint))

    def check(self, value: object, type_: Any, key: str, label: str) -> None:
        shape = _shape(type_)
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and isinstance(value, dict):
            self.check_struct(value, shape, key, label)
        elif get_origin(shape) in (list, tuple, frozenset) and isinstance(value, list):
            item = get_args(shape)[0]
            for index, element in enumerate(value):
                self.check(element, item, f"{key}[{index}]", _name_of(element) or label)
        elif get_origin(shape) is dict and isinstance(value, dict):
            for name, element in value.items():
                self.check(element, get_args(shape)[1], _join(key, name), label)
        else:
            self.check_leaf(value, type_, key, label)

    def check_struct(
        self, value: dict[str, object], type_: type[msgspec.Struct], key: str, label: str
    ) -> None:
        fields, hints = _anatomy(type_)
        for name, element in value.items():
            if name in fields:
                self.check(element, hints[fields[name].name], _join(key, name), label)
            else:
                self.note(_join(key, name), label, "unknown key", nearest(name, fields))
        for name, field in fields.items():
            if field.required and name not in value:
                self.note(_join(key, name), label, "is missing")

    def check_leaf(self, value: object, type_: Any, key: str, label: str) -> None:
        try:
            msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            choices = _choices(_shape(type_))
            if is_private(type_):
                self.note(key, label, f"is no {_shape(type_).__name__} of the right form")
            elif choices:
                hint = nearest(value, choices) if isinstance(value, str) else ""
                self.note(key, label, f"{value!r} is not one of {', '.join(choices)}", hint)
            else:
                self.note(key, label, f"{value!r}: {str(error).lower()}")


def is_private(type_: Any) -> bool:
    """Whether a field was declared with `PRIVATE`: what it holds is a person's and stands in no message."""
    metas = get_args(type_)[1:] if get_origin(type_) is Annotated else ()
    return any(isinstance(meta, msgspec.Meta) and (meta.extra or {}).get("private") for meta in metas)


@cache
def _anatomy(
    type_: type[msgspec.Struct],
) -> tuple[dict[str, msgspec.structs.FieldInfo], dict[str, Any]]:
    """A struct's fields by the names they are written under, and their types; working it out is slow."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    return fields, get_type_hints(type_, include_extras=True)


def _shape(type_: Any) -> Any:
    """The type without its Annotated wrapping and without `| None`."""
    if get_origin(type_) is Annotated:
        return _shape(get_args(type_)[0])
    if get_origin(type_) in (Union, UnionType):
        others = [one for one in get_args(type_) if one is not NoneType]
        return _shape(others[0]) if len(others) == 1 else type_
    return type_


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _name_of(value: object) -> str:
    """What people call this table: its name, id, code or number."""
    if not isinstance(value, dict):
        return ""
    return next((str(value[word]) for word in ("name", "id", "code", "number") if word in value), "")


def _choices(type_: Any) -> list[str]:
    if get_origin(type_) is Literal:
        return [str(value) for value in get_args(type_)]
    if isinstance(type_, enum.EnumMeta):
        return [str(member.value) for member in cast("type[enum.Enum]", type_)]
    return []
