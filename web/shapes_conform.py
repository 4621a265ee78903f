"""The JSON shapes of the conformity report."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from web.shapes import Answer


class ClauseJson(Answer, frozen=True, kw_only=True):
    """One clause in our own words. reconstructed: its number was rebuilt by counting headings."""

    number: str
    reconstructed: bool
    level: Literal["shall", "should"]
    title: str
    title_en: str
    verdict: str
    """met, not_met, or for_people: not for a machine to say."""
    evidence: str
    evidence_en: str
    todo: str
    todo_en: str


class ConformJson(Answer, frozen=True, kw_only=True):
    """The report of one moment."""

    hall: str
    at: datetime
    conforms: bool
    items: tuple[ClauseJson, ...]
