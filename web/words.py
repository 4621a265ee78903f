"""Every text of the pages and of the API's problems, in Chinese and English: the files in `texts/`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from markupsafe import Markup, escape

from web.languages import Language, language


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
    found: dict[str, dict[str, Word]] = {}
    for file in sorted(resources.files("web").joinpath("texts").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            sections = tomllib.loads(file.read_text(encoding="utf-8"))
            found |= msgspec.convert(sections, dict[str, dict[str, Word]])
    return found


def word(name: str, **facts: Any) -> Word:
    """One text by its name, such as `kiosk.take`. Raises KeyError for a name that is not in the catalogue."""
    section, key = name.split(".", 1)
    return all_words()[section][key].filled(facts)


def say(name: str, **facts: Any) -> Markup:
    """One text for a page: Chinese first, English beside it."""
    return both(word(name, **facts))


def named(zh: str, en: str = "") -> Markup:
    """A name from the hall's own files in both languages, or the one that there is."""
    return (
        both(Word(zh, en)) if en and en != zh else Markup('<span lang="zh-CN">{}</span>').format(escape(zh))
    )


def both(text: Word) -> Markup:
    """Both languages, each marked as such: the style sheet shows the one that was chosen, or both."""
    return Markup('<span class="zh" lang="zh-CN">{}</span> <span class="en" lang="en">{}</span>').format(
        escape(text.zh), escape(text.en)
    )


def chosen(text: Word) -> str:
    """The text in the language that this browser chose: for a title, or what no script changes."""
    return text.en if language() is Language.EN else text.zh


def labelled(name: str, attribute: str = "aria-label", **facts: Any) -> Markup:
    """An attribute in the chosen language; the other stands beside it for when the language is switched.

    name: the text's, such as `clerk.transfer`.
    attribute: one that `static/language.js` knows: aria-label, placeholder, title, alt, label.
    """
    text = word(name, **facts)
    return Markup('{0}="{1}" data-zh-{0}="{2}" data-en-{0}="{3}"').format(
        attribute, chosen(text), text.zh, text.en
    )
