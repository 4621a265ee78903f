"""The clauses of the standard, read from `clauses.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clause in our own words. number: `4.3 f`, the letter is ours."""

    number: Annotated[str, Meta(pattern=r"^\d+(\.\d+)*( [a-z])?$")]
    level: Literal["shall", "should"]
    zh: str
    en: str
    reconstructed: bool = True
    """Whether the number was rebuilt by counting headings."""
    check: str = ""
    """The function of `checks` that witnesses it; empty: for people to judge."""
    todo_zh: str = ""
    todo_en: str = ""

    @property
    def order(self) -> list[str]:
        """Sorts clauses as the standard has them."""
        return [part.zfill(3) for part in re.split(r"[. ]", self.number)]


@cache
def clauses() -> tuple[Clause, ...]:
    """All of them, in the standard's order."""
    text = resources.files("kioskd.conform").joinpath("clauses.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["clauses"], tuple[Clause, ...])
