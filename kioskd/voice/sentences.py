"""Sentences are data: `sentences.toml`, or the hall's own file; a call fills them in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kioskd.reading import Mistake, Mistakes, load_toml, read_as
from kioskd.voice.spoken import figures_zh, number_zh, pinyin, spell_zh
from kioskd.voice.table import Language

Parts = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...], Meta(min_length=1, max_length=30)
]


class CallSentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[call]: the parts of a call in each language."""

    zh: Parts
    en: Parts


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All the sentences of a hall."""

    call: CallSentence


class Utterance(msgspec.Struct, frozen=True):
    """Something to say. parts: what it is joined of, each a clip; empty for text that is no sentence of ours.

    text: the same as one text, with figures in words.
    """

    language: Language
    text: str
    parts: tuple[str, ...] = ()

    @property
    def pinyin(self) -> str:
        """Chinese text as pinyin, part by part where it has parts."""
        return " ".join(pinyin(part) for part in self.parts or (self.text,))


def builtin_sentences() -> Sentences:
    """Those that come with kioskd."""
    text = resources.files("kioskd.voice").joinpath("sentences.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Sentences)


def read_sentences(file: Path) -> Sentences:
    """A hall's own. Raises Mistakes, with all of them."""
    mistakes: list[Mistake] = []
    raw = load_toml(file, mistakes)
    read = None if raw is None else read_as(raw, Sentences, file=str(file), key="", mistakes=mistakes)
    if read is not None:
        for language, parts in (("zh", read.call.zh), ("en", read.call.en)):
            for index, part in enumerate(parts):
                if "{" in part and part not in ("{number}", "{window}"):
                    where, hint = (
                        f"call.{language}[{index}]",
                        "a part is plain words, {number} or {window}",
                    )
                    mistakes.append(Mistake(str(file), where, f"{part!r} cannot be filled in", hint))
            if "{number}" not in parts:
                mistakes.append(Mistake(str(file), f"call.{language}", "it does not say {number}", ""))
    if mistakes:
        raise Mistakes(mistakes)
    assert read is not None
    return read


class Speaker:
    """Makes utterances of calls, and of any text, as this hall says them."""

    def __init__(self, sentences: Sentences, one: Literal["yi", "yao"]) -> None:
        self._sentences = sentences
        self._one = one

    def call(self, number: str, window: int, language: Language) -> Utterance:
        """The call of a ticket to a window."""
        if language == "zh":
            parts = self._filled(self._sentences.call.zh, self._figures(number), list(number_zh(window)))
            return Utterance("zh", "".join(parts), parts)
        parts = self._filled(self._sentences.call.en, list(number), [str(window)])
        # A comma behind every letter: without it "A 012" begins with the article "a".
        text = re.sub(r"\b([A-Z])\b", r"\1,", " ".join(parts))
        return Utterance("en", text, parts)

    def text(self, text: str, language: Language) -> Utterance:
        """Any text."""
        return Utterance(language, spell_zh(text, self._one) if language == "zh" else text)

    def all_parts(self, language: Language, letters: Iterable[str], windows: Iterable[int]) -> list[str]:
        """Every part that a call with one of these letters to one of these windows may have."""
        number = "".join(letters) + "0123456789"
        found: dict[str, None] = {}
        for window in windows:
            found |= dict.fromkeys(self.call(number, window, language).parts)
        return list(found)

    def _figures(self, number: str) -> list[str]:
        return [figures_zh(sign, self._one) if sign.isdigit() else sign for sign in number]

    @staticmethod
    def _filled(parts: tuple[str, ...], number: list[str], window: list[str]) -> tuple[str, ...]:
        fill = {"{number}": number, "{window}": window}
        return tuple(said for part in parts for said in fill.get(part, [part]))
