"""What is wrong with a matter by itself, whatever file it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from kioskd.hall.matter import SIX_UNITS, Material, Matter

LONGEST_NAME = 100
LONGEST_TEXT = 4000
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

_INSTANT = re.compile("即办|即时|当场|当日|随到随办")
_SPAN = re.compile(r"(\d+)\s*个?(工作日|自然日|日|天|月|年|小时)")
_DAYS = {"工作日": 1.4, "自然日": 1.0, "日": 1.0, "天": 1.0, "月": 30.0, "年": 365.0, "小时": 1 / 24}
_PLAIN_SPACES = "\n"  # in texts of several lines
_STEERING = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\ufeff") | {
    chr(code) for span in (range(0x202A, 0x202F), range(0x2060, 0x2070)) for code in span
}

Problem = tuple[str, str]
"""A field, such as `promise` or `materials[2].copies`, and what is wrong with it."""


def problems(matter: Matter) -> Iterator[Problem]:
    """Everything that cannot be."""
    if not CODE.fullmatch(matter.code):
        yield "code", "is letters, digits, - and _, 64 at most, and begins with a letter or digit"
    for unit in SIX_UNITS:
        if not _filled(getattr(matter, unit)):
            yield unit, "is empty: the standard asks for all six units"
    for name in ("area", "department", "line"):
        if not getattr(matter, name).strip():
            yield name, "is empty"
    for name in Matter.__struct_fields__:
        value = getattr(matter, name)
        if isinstance(value, str):
            yield from _text_problems(name, value, _longest(name))
    for n, synonym in enumerate(matter.synonyms):
        yield from _text_problems(f"synonyms[{n}]", synonym, LONGEST_NAME)
    yield from _time_problems(matter)
    if matter.visits and not matter.visits_reason:
        yield "visits_reason", f"is empty, but one must come {matter.visits} times: say why"
    yield from _url_problems("guide_url", matter.guide_url)
    yield from _material_problems(matter.materials)


def hidden_characters(text: str) -> list[str]:
    """The characters of a text that nobody sees and that turn or break what is shown: U+202E, each once."""
    found = (one for one in text if one not in _PLAIN_SPACES and (one in _STEERING or _is_control(one)))
    return [f"U+{ord(one):04X}" for one in dict.fromkeys(found)]


def visible(text: str) -> str:
    """The text with such characters made visible: so it may be shown, printed or lit."""
    if not hidden_characters(text):
        return text
    return "".join(f"[U+{ord(one):04X}]" if hidden_characters(one) else one for one in text)


def harmless(matter: Matter) -> Matter:
    """The matter with every such character made visible."""
    return msgspec.convert(_visible_in(msgspec.to_builtins(matter)), Matter)


def _visible_in(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _visible_in(item) for key, item in value.items()}
    return [_visible_in(item) for item in value] if isinstance(value, list | tuple) else value


def limit_days(text: str) -> float | None:
    """About how many days a time as shown is, 0 for at once; None where it cannot be told."""
    if match := _SPAN.search(text):
        return int(match[1]) * _DAYS[match[2]]
    return 0.0 if _INSTANT.search(text) else None


def _is_control(character: str) -> bool:
    code = ord(character)
    no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return no_character or unicodedata.category(character) in ("Cc", "Cs", "Co")


def _longest(name: str) -> int:
    short = ("name", "name_en", "area", "department", "line", "promise")
    return LONGEST_NAME if name in short else LONGEST_TEXT


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _text_problems(name: str, text: str, longest: int) -> Iterator[Problem]:
    if hidden := hidden_characters(text):
        yield name, f"has characters that nobody sees: {', '.join(hidden)}; type the text anew"
    if len(text) > longest:
        yield name, f"has {len(text)} characters, more than {longest}"


def _time_problems(matter: Matter) -> Iterator[Problem]:
    promised, legal = limit_days(matter.promise), limit_days(matter.legal_limit)
    if promised is not None and legal is not None and promised > legal:
        yield "promise", f"{matter.promise} is longer than the law allows, {matter.legal_limit}"
    if matter.project_type == "即办件" and promised:
        yield "project_type", f"is 即办件, but {matter.promise} is promised"


def _url_problems(name: str, url: str) -> Iterator[Problem]:
    if not url:
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        good = False
    if not good:
        yield name, f"{visible(url)!r} is not an address: it begins with https://"


def _material_problems(materials: tuple[Material, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, row in enumerate(materials):
        place = f"materials[{n}]"
        if not row.name.strip():
            yield f"{place}.name", "is empty"
        if row.name in seen:
            yield f"{place}.name", f"{row.name!r} is given twice"
        seen.add(row.name)
        if not row.needed and not row.note:
            yield f"{place}.note", "is empty: say in which cases this material is needed"
        for name in ("name", "type", "format", "source", "note"):
            longest = LONGEST_NAME * 2 if name == "name" else LONGEST_TEXT
            yield from _text_problems(f"{place}.{name}", getattr(row, name), longest)
        for name in ("form_url", "example_url"):
            yield from _url_problems(f"{place}.{name}", getattr(row, name))
