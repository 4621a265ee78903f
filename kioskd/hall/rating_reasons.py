"""The reasons that may be ticked with a rating, read from `rating_reasons.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec

from kioskd.hall.model import Refused

LOWEST_GOOD_LEVEL = 3


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reason. good: it goes with levels 3 to 5, otherwise with 1 and 2."""

    code: str
    zh: str
    en: str
    good: bool


@cache
def rating_reasons() -> tuple[Reason, ...]:
    """All of them, in the file's order."""
    text = resources.files("kioskd.hall").joinpath("rating_reasons.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["reasons"], tuple[Reason, ...])


def check_reasons(level: int, reasons: Iterable[str]) -> list[str]:
    """The reasons once each, in the file's order. Raises Refused for one that does not go with the level."""
    ticked = set(reasons)
    fitting = [each.code for each in rating_reasons() if each.good == (level >= LOWEST_GOOD_LEVEL)]
    if wrong := sorted(ticked - set(fitting)):
        raise Refused("wrong_reason", reason=wrong[0], level=level)
    return [code for code in fitting if code in ticked]
