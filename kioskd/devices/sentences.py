"""What a display says in words: sentences with places, and what a sign puts into them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from kioskd.devices.kinds import Sign, SignState

SIGN_VALUES = ("number", "letter", "digits", "window", "waiting", "text")
"""What a sign offers to a sentence: A012, A, 012, 3, 5 and the hall's own sentence."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


@cache
def common_sentences() -> dict[SignState, str]:
    """What a display says where neither its profile nor the hall has words of its own (`sentences.toml`)."""
    text = resources.files("kioskd.devices").joinpath("sentences.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[SignState, str])


def places(sentence: str) -> list[str]:
    """The names in `请{number}到{window}号窗口`."""
    return _PLACE.findall(sentence)


def expand(sentence: str, values: Mapping[str, object]) -> str:
    """The sentence with its values in place; what has no value stays as it is written."""
    return _PLACE.sub(lambda match: str(values.get(match[1], match[0])), sentence)


def sign_values(sign: Sign, texts: Mapping[str, str]) -> dict[str, str | int]:
    """Everything a display may say about `sign`.

    The text is the profile's own for this state, or else what the hall wants said, or else the common words.
    """
    values: dict[str, str | int] = {
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
        values["text"] = expand(common_sentences()[sign.state], values)
    return values
