"""The columns of a table of matters, and which one a header means. They stand in `columns.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

MATERIAL = "material_"
"""How the keys of a material's columns begin."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: its headers, what to fill in, and what there is to choose from."""

    zh: str
    en: str
    about_zh: str
    about_en: str
    names: tuple[str, ...] = ()
    example: str = ""
    choices: tuple[str, ...] = ()
    import_only: bool = False
    """Recognised, but never written."""


@cache
def all_columns() -> dict[str, Column]:
    """Every column by its key, in the order of a table."""
    text = resources.files("kioskd.matter_files").joinpath("columns.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Column])


def written_columns() -> dict[str, Column]:
    """Those that a written table has."""
    return {key: column for key, column in all_columns().items() if not column.import_only}


@cache
def _by_header() -> dict[str, str]:
    return {
        _plain(header): key
        for key, column in all_columns().items()
        for header in (key, column.zh, column.en, *column.names)
    }


def column_of(header: str) -> str | None:
    """The key of the column that a header names, in Chinese or English; None for none of them."""
    return _by_header().get(_plain(header))


def _plain(header: str) -> str:
    """Without spaces, marks of needed columns, and what stands in brackets."""
    return re.sub(r"[\s_*＊:：]|[(（].*?[)）]", "", header).lower()
