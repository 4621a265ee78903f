"""How numbers, letters and text are said: figures one by one, windows as numbers, Chinese as pinyin.

Source: protocols of espeak-ng 1.51. Its voice `cmn` reads characters as English; `cmn-latn-pinyin`, given
pinyin, speaks Mandarin. Figures that are left to it become 十二, which is another number than 一二.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

FIGURES = "零一二三四五六七八九"
YAO = "幺"
PAUSES = {
    "，": ",",
    "、": ",",
    "：": ",",
    "；": ",",
    "。": ".",
    "！": ".",
    "？": ".",
    ",": ",",
    ".": ".",
    ";": ",",
}
"""Punctuation at which a speaker rests, as espeak-ng knows it."""


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reading.toml`: letters and common parts as pinyin, and names of clips in plain letters."""

    letters: dict[str, str]
    syllables: dict[str, str]
    clip_names: dict[str, str]


@cache
def reading() -> Reading:
    """How letters are read aloud."""
    text = resources.files("kioskd.voice").joinpath("reading.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Reading)


def figures_zh(digits: str, one: Literal["yi", "yao"] = "yi") -> str:
    """The figures one by one: 012 is 零一二."""
    said = "".join(FIGURES[int(digit)] for digit in digits)
    return said.replace("一", YAO) if one == "yao" else said


def number_zh(number: int) -> str:
    """A number up to 999 as it is counted: 12 is 十二, 105 is 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{FIGURES[hundreds]}百" if hundreds else ""
    if tens:
        said += f"{FIGURES[tens]}十" if tens > 1 or hundreds else "十"
    elif hundreds and ones:
        said += "零"
    return said + (FIGURES[ones] if ones or not number else "")


def spell_zh(text: str, one: Literal["yi", "yao"] = "yi") -> str:
    """Text for a Chinese speaker: small numbers counted, long ones and those behind a letter one by one."""

    def said(match: re.Match[str]) -> str:
        letters, digits = match.groups()
        if letters or len(digits) > 3 or digits.startswith("0"):
            return letters.upper() + figures_zh(digits, one)
        return number_zh(int(digits))

    return re.sub(r"([A-Za-z]*)([0-9]+)", said, text)


def pinyin(text: str) -> str:
    """Chinese text, with letters in it, as pinyin with tone figures, for espeak-ng; punctuation is a pause.

    What nobody can say is left out.
    """
    known = reading().syllables | reading().letters
    if text in known:
        return known[text]
    from pypinyin import Style, lazy_pinyin  # large, and needed only for what is no part of a usual call

    letters = reading().letters
    words: list[str] = []
    for chinese, letter, pause in re.findall(r"([\u3400-\u9fff〇]+)|([A-Za-z])|([^\s\w])", text):
        if chinese:
            syllables = lazy_pinyin(chinese, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
            words += [syllable for syllable in syllables if re.fullmatch(r"[a-zü]+[1-5]", syllable)]
        elif letter:
            words.append(letters[letter.upper()])
        elif pause in PAUSES and words:
            words.append(PAUSES[pause])
    return " ".join(words)
