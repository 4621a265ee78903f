"""The report: every clause, what was found, and what to do."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from kioskd.conform.checks import CHECKS
from kioskd.conform.clauses import Clause, clauses
from kioskd.conform.witness import Witness


class Verdict(enum.StrEnum):
    """Whether a clause is met."""

    MET = "met"
    NOT_MET = "not_met"
    FOR_PEOPLE = "for_people"
    """Not for a machine to say."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One clause's line."""

    clause: Clause
    verdict: Verdict
    zh: str = ""
    """The evidence."""
    en: str = ""

    @property
    def fails(self) -> bool:
        """Whether a "shall" is not met."""
        return self.verdict is Verdict.NOT_MET and self.clause.level == "shall"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The hall against the standard, at one moment."""

    hall: str
    at: datetime
    lines: tuple[Line, ...]

    @property
    def conforms(self) -> bool:
        """Whether every "shall" that a machine can witness is met."""
        return not any(line.fails for line in self.lines)

    def count(self, verdict: Verdict) -> int:
        """How many clauses have this verdict."""
        return sum(line.verdict is verdict for line in self.lines)


def report(hall: Witness, at: datetime) -> Report:
    """Look at the hall, clause by clause."""
    return Report(hall=hall.plan.name, at=at, lines=tuple(_line(clause, hall) for clause in clauses()))


def _line(clause: Clause, hall: Witness) -> Line:
    if not clause.check:
        return Line(clause=clause, verdict=Verdict.FOR_PEOPLE)
    seen = CHECKS[clause.check](hall)
    return Line(clause=clause, verdict=Verdict.MET if seen.met else Verdict.NOT_MET, zh=seen.zh, en=seen.en)
