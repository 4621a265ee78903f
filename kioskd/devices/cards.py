"""What a card reader tells of a person, as little as can be, and shown masked wherever it is shown at all.

Nothing in here may reach a log: the texts of these structs are masked, and no error carries a value.
"""

from __future__ import annotations

import enum
import re
from datetime import date
from typing import Any

import msgspec

_NUMBER = re.compile("[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class CardType(enum.StrEnum):
    """What kind of card it is, as far as its text tells."""

    IDENTITY = "identity"  # 居民身份证
    RESIDENCE = "residence"  # 港澳台居民居住证
    FOREIGNER = "foreigner"  # 外国人永久居留身份证


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: no more than recognising a person and knowing the age needs.

    number: 18 characters, checked. Neither the address nor the photograph is here: nobody asked for them.
    """

    type: CardType
    name: str
    number: str
    born: date

    @property
    def masked(self) -> str:
        """The person as a page may show it: 张* 330***********1234."""
        return f"{masked_name(self.name)} {masked_number(self.number)}"

    def __repr__(self) -> str:
        return f"<Card {self.type}: {self.masked}>"

    __str__ = __repr__

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # msgspec's own tells every field
        return [("type", self.type), ("masked", self.masked)]


def masked_name(name: str) -> str:
    """The first character, and a star for each other: 张*."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_number(number: str) -> str:
    """The first three and the last four figures: 330***********1234. Shorter numbers show less."""
    if len(number) < 10:
        return "*" * (len(number) - 2) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def number_is_right(number: str) -> bool:
    """Whether this is a citizen's number: its form, its date, its check character (GB 11643, MOD 11-2)."""
    return (
        _NUMBER.fullmatch(number) is not None and check_character(number) == number[17] and bool(born(number))
    )


def check_character(number: str) -> str:
    """The 18th character that belongs to the first seventeen figures."""
    return _CHECKS[sum(weight * int(figure) for weight, figure in zip(_WEIGHTS, number, strict=False)) % 11]


def born(number: str) -> date | None:
    """The date of birth in a citizen's number; None when it holds none."""
    return date_of(number[6:14])


def date_of(figures: str) -> date | None:
    """YYYYMMDD as a date; None for anything else."""
    if not (len(figures) == 8 and figures.isascii() and figures.isdigit()):
        return None
    try:
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))
    except ValueError:
        return None
