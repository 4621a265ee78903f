"""What is heard of an unknown pad while somebody presses its keys, and what a learner makes of it.

A learner works out a protocol: it is found by its entry point (`kioskd.learners`), as a driver is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import msgspec

from kioskd.devices.profiles import Profile


class Heard(msgspec.Struct, frozen=True):
    """Bytes that arrived together. at_s: when, on a clock that does not jump."""

    at_s: float
    data: bytes


class Press(msgspec.Struct, frozen=True):
    """One press of one key, and everything that arrived after it.

    key: its name. answered: whether we sent a frame back as soon as one was recognised.
    """

    key: str
    heard: tuple[Heard, ...]
    answered: bool = False


class Known(msgspec.Struct, frozen=True):
    """The pad speaks what this profile says already.

    presses: in how many of them it did. address: the pad's, where the protocol has one.
    others: keys that the profile calls by another name: ours, then the profile's.
    """

    profile: Profile
    presses: int
    address: int | None
    others: tuple[tuple[str, str], ...] = ()


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What was worked out. sure, unsure: sentences for the technician. toml: the profile, which is whole.

    frame: one byte or field after the other, such as `AA 55 ADDR KEY SUM`.
    """

    frame: str
    sure: tuple[str, ...]
    unsure: tuple[str, ...]
    toml: str


class Recogniser(Protocol):
    """Finds frames of the format learned so far in what arrives, for answering them at once."""

    def feed(self, data: bytes) -> list[bytes]:
        """The whole frames that these bytes complete."""


@runtime_checkable
class Learner(Protocol):
    """Works out one family of protocols. Pure: it opens nothing and writes nothing."""

    def sensible(self, presses: Sequence[Press]) -> bool:
        """Whether what was heard of the same key several times has anything in common."""

    def known(self, presses: Sequence[Press], profiles: Sequence[Profile]) -> Known | None:
        """The profile whose protocol this is, if one of them is."""

    def recogniser(self, presses: Sequence[Press]) -> Recogniser | None:
        """What recognises frames to be answered; None while there is no telling, or nothing waits for it."""

    def learn(
        self, presses: Sequence[Press], *, name: str, title: str, baud: int, address: int | None
    ) -> Learned:
        """The format, as a profile. address: as set on the pad, where somebody knows. Raises NotLearned."""


class NotLearned(Exception):  # noqa: N818 - it says what happened
    """What was heard has no format that could be worked out. The message says what to do."""
