"""The texts of refusals, read from `refusals.toml`."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word in both languages."""

    zh: str
    en: str


class RefusalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a refusal says. The opens_ texts follow when its facts say when it opens again."""

    zh: str
    en: str
    opens_zh: str = ""
    opens_en: str = ""


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: dict[str, Words]
    refusal: dict[str, RefusalText]


def refusal_catalogue() -> dict[str, RefusalText]:
    """Every refusal's text by its code."""
    return _catalogue().refusal


def refusal_text(code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What a refusal says in Chinese and in English. A fact that is not given is left out.

    facts: those of the refusal. NAME_en is what NAME is in English; `opens_at` is a time or its ISO 8601
    text, in the hall's own time zone.
    """
    text = refusal_catalogue()[code]
    opens = facts.get("opens_at") is not None
    return (
        (text.zh + text.opens_zh * opens).format_map(_told(facts, "zh")),
        (text.en + text.opens_en * opens).format_map(_told(facts, "en")),
    )


@cache
def _catalogue() -> _Catalogue:
    text = resources.files("kioskd.hall").joinpath("refusals.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Catalogue)


def _told(facts: Mapping[str, Any], language: str) -> defaultdict[str, str]:
    told = defaultdict(str)
    for name, fact in facts.items():
        in_english = facts.get(f"{name}_en") if language == "en" else None
        told[name] = _tell(name, in_english or fact, language)
    return told


def _tell(name: str, fact: Any, language: str) -> str:
    if name == "opens_at" and fact is not None:
        return _tell_time(fact if isinstance(fact, datetime) else datetime.fromisoformat(fact), language)
    if name == "state" and fact in _catalogue().state:
        word: str = getattr(_catalogue().state[fact], language)
        return word
    return f"{fact:g}" if isinstance(fact, float) else str(fact)


def _tell_time(time: datetime, language: str) -> str:
    return f"{time.month}月{time.day}日{time:%H:%M}" if language == "zh" else f"{time:%H:%M on %d %B}"
