"""What a trial says: steps while it runs, and at its end a verdict for each kind that was tried."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

TURN_S = 0.1
"""How often a waiting trial looks."""


class Step(msgspec.Struct, frozen=True):
    """Something is done, or is asked of the technician. code: its text in `trials.toml`."""

    code: str
    facts: dict[str, Any] = {}


class Verdict(msgspec.Struct, frozen=True):
    """What the trial proved of one kind.

    outcome: passed, failed, or look: the device took it all, and only a person can see whether it is right.
    """

    kind: str
    outcome: Literal["passed", "look", "failed"]
    code: str
    facts: dict[str, Any] = {}


Said = Step | Verdict | None
"""None: nothing new, some time has passed."""


class TrialText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages; `{name}` in it is filled from the facts."""

    zh: str
    en: str

    def filled(self, facts: dict[str, Any]) -> TrialText:
        """The same with its facts in place."""
        return TrialText(self.zh.format_map(facts), self.en.format_map(facts))


@cache
def trial_texts() -> dict[str, TrialText]:
    """Every text by its code."""
    text = resources.files("kioskd.devices.trials").joinpath("trials.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, TrialText])


def until(condition: Callable[[], object], timeout_s: float) -> Iterator[Said]:
    """Let time pass until the condition holds or the deadline passes. `yield from` it, then ask again."""
    deadline_s = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline_s:
        yield None
        time.sleep(TURN_S)


def rest(seconds: float) -> Iterator[Said]:
    """Let time pass, so that people can look."""
    return until(lambda: False, seconds)
