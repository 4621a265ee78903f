"""The values that a sign offers to messages."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.framed.fieldtypes import Value
from kioskd.devices import sentences
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.sentences import expand


def sign_values(sign: Sign, texts: Mapping[str, str]) -> dict[str, Value]:
    """Everything a message may say about `sign`, and the profile's further sentences by their names."""
    values: dict[str, Value] = {**sentences.sign_values(sign, texts)}
    return values | {name: expand(text, values) for name, text in texts.items() if name not in set(SignState)}
