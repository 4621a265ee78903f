"""Checksums by name: `sum`, `xor`, and every CRC of the crccheck catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from operator import xor
from typing import Any

from crccheck import crc

Check = Callable[[bytes], int]


@cache
def _catalogue() -> dict[str, type[Any]]:
    """Every catalogued CRC under each of its names, such as CRC-16/MODBUS and MODBUS."""
    # crccheck keeps the catalogue's names in `_names`; it has no public way to ask for them.
    return {name.upper(): kind for kind in crc.ALLCRCCLASSES for name in kind._names}


def check_names() -> list[str]:
    """Every name that `check_named` knows."""
    return ["sum", "xor", *_catalogue()]


def check_named(name: str) -> Check:
    """The function that makes this checksum of some bytes, not yet cut to a field's size. Raises KeyError."""
    if name == "sum":
        return sum
    if name == "xor":
        return lambda data: reduce(xor, data, 0)
    kind = _catalogue()[name.upper()]
    return lambda data: int(kind.calc(data))
