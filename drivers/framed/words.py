"""The values that a sign offers to messages, and what faults are called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from drivers.framed.fieldtypes import Value
from kioskd.devices import sentences
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.labels import Label
from kioskd.devices.sentences import expand


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `words.toml`."""

    faults: dict[str, Label]


@cache
def words() -> Words:
    """The words every profile starts with."""
    text = resources.files("drivers.framed").joinpath("words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


def sign_values(sign: Sign, texts: Mapping[str, str]) -> dict[str, Value]:
    """Everything a message may say about `sign`, and the profile's further sentences by their names."""
    values: dict[str, Value] = {**sentences.sign_values(sign, texts)}
    return values | {name: expand(text, values) for name, text in texts.items() if name not in set(SignState)}
