"""Finding a matter by what a citizen types: part of its code, its name, or its pinyin, initials or full."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable
from functools import lru_cache

from kioskd.hall.plan import Matter

Readings = list[list[str]]
"""For each character its readings, the commonest first."""


def search(matters: Iterable[Matter], query: str) -> tuple[Matter, ...]:
    """The matters that fit, those that fit only by a rarer reading last; all of them for an empty query."""
    wanted = "".join(query.lower().split())
    fits = [(how_it_fits(matter.code, matter.name, wanted), matter) for matter in matters]
    return tuple(matter for way in (Fit.PLAINLY, Fit.BY_RARER_READING) for fit, matter in fits if fit is way)


class Fit(enum.Enum):
    """How a matter fits what was typed."""

    PLAINLY = enum.auto()
    BY_RARER_READING = enum.auto()
    NOT = enum.auto()


def how_it_fits(code: str, name: str, wanted: str) -> Fit:
    """Whether `wanted` (lower case, no spaces) is part of code or name, or spells part of the name."""
    if wanted in code.lower() or wanted in name.lower():
        return Fit.PLAINLY
    if not wanted.isascii():
        return Fit.NOT
    readings = _readings(name)
    if _spells_part([options[:1] for options in readings], wanted):
        return Fit.PLAINLY
    return Fit.BY_RARER_READING if _spells_part(readings, wanted) else Fit.NOT


def _spells_part(readings: Readings, wanted: str) -> bool:
    return any(_spells(wanted, readings[start:]) for start in range(len(readings)))


def _spells(wanted: str, readings: Readings) -> bool:
    """Whether `wanted` spells the first of these characters, in full or by initials; the last half typed."""
    reached = {0}
    for options in readings:
        if any(reading.startswith(wanted[at:]) for at in reached for reading in options):
            return True
        steps = {step for reading in options for step in (reading, reading[0])}
        reached = {at + len(step) for at in reached for step in steps if wanted.startswith(step, at)}
    return False


@lru_cache(maxsize=4096)
def _readings(name: str) -> Readings:
    """Every reading of every character: one alone would miss 银行 for those who type yh."""
    # The phrase dictionary picks one reading for each character and costs 45 MB; search wants all of them.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    letters = [character for character in name.lower() if character.isalnum()]
    return [pinyin(letter, style=Style.NORMAL, heteronym=True)[0] for letter in letters]
