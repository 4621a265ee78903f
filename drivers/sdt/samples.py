"""The made-up cards beside the emulated reader (cards.toml), as the bytes a card holds."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from kioskd.devices.cards import check_character

PHOTO = b"\x57\x4c\x66\x00".ljust(1024, b"\x5a")
"""In place of a photograph: no face is in it."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One card. number: the first seventeen figures of a citizen's number, or a foreigner's whole one."""

    zh: str
    en: str
    layout: Literal["identity", "residence", "foreigner", "damaged"]
    name: str
    sex: str
    nation: str
    number: str
    address: str

    @property
    def whole_number(self) -> str:
        """The number with its check character."""
        return self.number + check_character(self.number) if len(self.number) == 17 else self.number

    @property
    def text(self) -> bytes:
        """The 256 bytes of text."""
        if self.layout == "foreigner":
            fields = (self.name, 120), (self.sex, 2), (self.number, 30), ("UTO", 6), ("", 30)
            rest = (
                ("20250101", 16),
                ("20350101", 16),
                ("19900101", 16),
                ("02", 4),
                ("0000", 8),
                ("I", 2),
                ("", 6),
            )
            return b"".join(_field(*each) for each in (*fields, *rest))
        spare = ("660000001", 18), ("01", 4), ("", 6), ("J", 2), ("", 6)
        return b"".join(
            _field(*each)
            for each in (
                (self.name, 30),
                (self.sex, 2),
                (self.nation, 4),
                (self.number[6:14], 16),
                (self.address, 70),
                (self.whole_number, 36),
                ("样例市公安局青溪分局", 30),
                ("20200101", 16),
                ("20400101", 16),
                *(spare if self.layout == "residence" else (("", 36),)),
            )
        )

    @property
    def data(self) -> bytes:
        """What a read answers with, after its three status bytes."""
        return (256).to_bytes(2, "big") + (1024).to_bytes(2, "big") + self.text + PHOTO


@cache
def samples() -> dict[str, Sample]:
    """The cards by their names."""
    text = resources.files("drivers.sdt").joinpath("cards.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Sample])


def _field(text: str, size: int) -> bytes:
    return text.ljust(size // 2).encode("utf-16-le")
