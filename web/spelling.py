"""Which names are spelt by what somebody typed: pinyin initials, in full, half typed, characters mixed in.

Whatever is typed takes of each character in turn the beginning of a reading, or the character itself. All
names are followed at once: one long row of characters, a bit for each in integers of many thousand bits, and
for every letter typed a few shifts and ands of those.
"""

from __future__ import annotations

import enum
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

LONGEST_READING = 6  # zhuang
MOST_READINGS = 4


class How(enum.IntEnum):
    """How a name is spelt by what was typed; the best first."""

    WHOLE = 0
    START = 1
    PART = 2
    BY_RARER_READING = 3


class Names:
    """Names that can be asked for by their spelling."""

    def __init__(self, names: Iterable[str]) -> None:
        self._owner: list[int] = []
        self._characters: dict[str, list[int]] = defaultdict(list)
        planes, first, last = [_Plane() for _ in range(MOST_READINGS)], [], []
        for line, name in enumerate(map(letters, names)):
            first.append(len(self._owner))
            for character in name:
                at = len(self._owner)
                for plane, reading in zip(planes, readings(character), strict=False):
                    plane.add(at, reading)
                self._characters[character].append(at)
                self._owner.append(line)
            last.append(len(self._owner) - 1)
            self._owner.append(line)  # a place for nothing, so that no spelling runs into the next name
        size = len(self._owner)
        self._planes = [plane.bits(size) for plane in planes]
        self._first, self._last, self._anywhere = _bits(first, size), _bits(last, size), (1 << size) - 1

    def spelt(self, typed: str) -> dict[How, set[int]]:
        """The names, by their places, that are spelt so; one may be in several sets. typed: see `letters`."""
        from_start = self._ends(typed, self._planes[:1], self._first)
        if len(typed) == 1 and typed.isascii():  # half of all names have it somewhere
            return {How.START: self._names_at(from_start)}
        plainly = self._ends(typed, self._planes[:1], self._anywhere)
        somehow = self._ends(typed, self._planes, self._anywhere) & ~plainly
        return {
            How.WHOLE: self._names_at(from_start & self._last),
            How.START: self._names_at(from_start),
            How.PART: self._names_at(plainly & ~from_start),
            How.BY_RARER_READING: self._names_at(somehow),
        }

    def _ends(self, typed: str, planes: list[_Bits], begins: int) -> int:
        """The characters where a spelling of all that was typed can end, having begun at one of `begins`."""
        next_one, reached = begins, [[0] * LONGEST_READING for _ in planes]
        for letter in typed:
            # reached: by how many letters of a character's reading are typed, less one
            reached = [
                _follow(of_plane, next_one, letter, bits)
                for of_plane, bits in zip(reached, planes, strict=True)
            ]
            itself = (
                0
                if letter.isascii()
                else next_one & _bits(self._characters.get(letter, ()), len(self._owner))
            )
            ends = _any_of([itself, *(bits for of_plane in reached for bits in of_plane)])
            next_one = ends << 1
        return ends

    def _names_at(self, characters: int) -> set[int]:
        if not characters:
            return set()
        text = f"{characters:b}"
        owner, top = self._owner, len(text) - 1
        return {owner[top - one.start()] for one in _ONE.finditer(text)}


_ONE = re.compile("1")
_Bits = list[dict[str, int]]


def _follow(reached: list[int], next_one: int, letter: str, bits: _Bits) -> list[int]:
    """How far each character of a plane is typed when this letter is too."""
    return [
        before and before & at.get(letter, 0) for before, at in zip([next_one, *reached], bits, strict=False)
    ]


class _Plane:
    """One reading of every character: where each letter is its first, its second and so on."""

    def __init__(self) -> None:
        self._places: list[dict[str, list[int]]] = [defaultdict(list) for _ in range(LONGEST_READING)]

    def add(self, at: int, reading: str) -> None:
        for of_n, letter in zip(self._places, reading, strict=False):
            of_n[letter].append(at)

    def bits(self, size: int) -> _Bits:
        return [{letter: _bits(at, size) for letter, at in of_n.items()} for of_n in self._places]


def _bits(places: Iterable[int], size: int) -> int:
    made = bytearray(size // 8 + 1)
    for at in places:
        made[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(made, "little")


def _any_of(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def letters(text: str) -> str:
    """What counts in a name and in what is typed: letters and figures, lower case."""
    return "".join(character for character in text.lower() if character.isalnum())


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """Every reading of a character, the commonest first: one alone would miss 银行 for those who type yh."""
    if character.isascii():
        return (character,)
    # The phrase dictionary picks one reading for each character and costs 45 MB; search wants all of them.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    also = [reading.replace("v", "u") for reading in found if "v" in reading]  # 女 is typed nv and nu
    return tuple(dict.fromkeys((*found, *also)))
