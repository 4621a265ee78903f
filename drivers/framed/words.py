"""Sentences for displays, and the values that a sign offers to messages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from drivers.framed.fieldtypes import Value
from kioskd.devices.kinds import Sign, SignState

SIGN_VALUES = ("number", "letter", "digits", "window", "waiting", "text")
"""What a sign offers; docs in README.md."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


class Label(msgspec.Struct, frozen=True):
    """What a key or a fault is called."""

    zh: str
    en: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `words.toml`."""

    texts: dict[SignState, str]
    keys: dict[str, Label]
    ratings: dict[str, Label]
    faults: dict[str, Label]


@cache
def words() -> Words:
    """The words every profile starts with."""
    text = resources.files("drivers.framed").joinpath("words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


def places(sentence: str) -> list[str]:
    """The names in `请{number}到{window}号窗口`."""
    return _PLACE.findall(sentence)


def expand(sentence: str, values: Mapping[str, Value]) -> str:
    """The sentence with its values in place; what has no value stays as it is written."""
    return _PLACE.sub(lambda match: str(values.get(match[1], match[0])), sentence)


def sign_values(sign: Sign, texts: Mapping[str, str]) -> dict[str, Value]:
    """Everything a message may say about `sign`.

    The text is the profile's own for this state, or else what the hall wants said, or else the common words.
    """
    values: dict[str, Value] = {
        "number": sign.number,
        "letter": sign.letter,
        "digits": sign.digits,
        "window": sign.window,
        "waiting": sign.waiting,
        "text": sign.text,
    }
    if sign.state in texts:
        values["text"] = expand(texts[sign.state], values)
    elif not sign.text:
        values["text"] = expand(words().texts[sign.state], values)
    return values | {name: expand(text, values) for name, text in texts.items() if name not in set(SignState)}
