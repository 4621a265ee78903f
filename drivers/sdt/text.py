"""A card's answer as a Card. The photograph is left where it is, and no error says what was read.

Identity card, 256 bytes UTF-16LE: name 30, sex 2, nation 4, birth 16, address 70, number 36, authority 30,
from 16, to 16, spare 36. Residence permits of people from Hong Kong, Macao and Taiwan have the same up to
there, and in the spare bytes their pass and a type letter, J, at byte 248. The letter is I (2017) or Y (2023)
on foreigners' cards, which are laid out differently. Source: the structures that users of makers' libraries
publish.
"""

from __future__ import annotations

from kioskd.devices.cards import Card, CardType, born, date_of, number_is_right

HEAD_BYTES = 4
"""Length of the text, length of the photograph, each be16; what follows in this order."""
TEXT_BYTES = 256
TYPE_AT = 248
_TYPES = {" ": CardType.IDENTITY, "\0": CardType.IDENTITY, "J": CardType.RESIDENCE}


class UnsupportedCard(Exception):  # noqa: N818 - says what happened
    """A card of another kind, whose text we do not claim to understand."""


class Misread(Exception):  # noqa: N818
    """What was read contradicts itself. The message names the field, never its value."""


def card_of(data: bytes) -> Card:
    """The card in the data of a read answer. Raises UnsupportedCard, Misread."""
    if len(data) < HEAD_BYTES or len(data) < HEAD_BYTES + int.from_bytes(data[:2], "big"):
        raise Misread("shorter than it says")
    if int.from_bytes(data[:2], "big") != TEXT_BYTES:
        raise UnsupportedCard(f"a text of {int.from_bytes(data[:2], 'big')} bytes")
    text = data[HEAD_BYTES : HEAD_BYTES + TEXT_BYTES]
    kind = _TYPES.get(_read(text, TYPE_AT, 2, strip=False))
    if kind is None:
        raise UnsupportedCard("a card of another type")
    name, number = _read(text, 0, 30), _read(text, 122, 36)
    if not name or min(name) < " ":  # rare characters may be of a private use, and then are not `printable`
        raise Misread("name")
    if not number_is_right(number):
        raise Misread("number")
    birth = date_of(_read(text, 36, 16))
    if birth is None or birth != born(number):
        raise Misread("birth")
    return Card(type=kind, name=name, number=number, born=birth)


def _read(text: bytes, at: int, size: int, *, strip: bool = True) -> str:
    """One field. What is no UTF-16 becomes U+FFFD, since a decoder's own error would quote the bytes."""
    found = text[at : at + size].decode("utf-16-le", errors="replace")
    if "\N{REPLACEMENT CHARACTER}" in found:
        raise Misread("not UTF-16")
    return found.strip(" \0\N{IDEOGRAPHIC SPACE}") if strip else found
