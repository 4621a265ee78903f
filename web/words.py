"""Every text of the pages and of the API's problems, in Chinese and English, read from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from markupsafe import Markup, escape


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages. `{name}` in it is filled from the facts."""

    zh: str
    en: str

    def filled(self, facts: dict[str, Any]) -> Word:
        """The same text with its facts in place; a fact that is not known shows as a dash."""
        known = _Known(facts)
        return Word(self.zh.format_map(known), self.en.format_map(known))


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


@cache
def all_words() -> dict[str, dict[str, Word]]:
    """The catalogue: section, then key."""
    text = resources.files("web").joinpath("words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, dict[str, Word]])


def word(name: str, **facts: Any) -> Word:
    """One text by its name, such as `kiosk.take`. Raises KeyError for a name that is not in the catalogue."""
    section, key = name.split(".", 1)
    return all_words()[section][key].filled(facts)


def say(name: str, **facts: Any) -> Markup:
    """One text for a page: Chinese first, English beside it."""
    return both(word(name, **facts))


def both(text: Word) -> Markup:
    """Both languages, each marked as such so that a style sheet and a screen reader can tell them apart."""
    return Markup('<span class="zh" lang="zh-CN">{}</span> <span class="en" lang="en">{}</span>').format(
        escape(text.zh), escape(text.en)
    )
