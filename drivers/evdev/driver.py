"""The driver of call keypads and evaluators that the computer takes for USB keyboards.

Which key means what is the profile's; README.md beside this file is the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from drivers.evdev.keycodes import KEY_CODES, key_name
from drivers.evdev.options import EvdevOptions
from drivers.evdev.records import PRESSED, RELEASED, Dropped, KeyMoved, Records
from drivers.evdev.strokes import Strokes
from kioskd.devices.driver import Driver, Link
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Kind
from kioskd.devices.profiles import Profile
from kioskd.reading import Mistake, nearest


class EvdevPad(Driver):
    """One number pad, keyboard or evaluator on USB. It is only listened to: nothing is ever sent."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.KEYPAD, Kind.EVALUATOR})
    Options: ClassVar[type[msgspec.Struct]] = EvdevOptions
    schemes: ClassVar[frozenset[str]] = frozenset({"evdev"})

    @classmethod
    def check(cls, profile: Profile) -> list[str]:
        """A kind that the profile promises and no key serves, or keys that belong to no kind of it."""
        problems = []
        for kind, table in ((Kind.KEYPAD, "keys"), (Kind.EVALUATOR, "ratings")):
            has_keys = any(profile.options.get(table, {}).values())
            if kind in profile.kinds and not has_keys:
                problems.append(f"kinds: {kind}, but [options.{table}] names no key")
            if kind not in profile.kinds and has_keys:
                problems.append(f"options.{table}: has keys, but kinds has no {kind}")
        return problems

    @classmethod
    def check_options(cls, options: msgspec.Struct) -> list[Mistake]:
        """Names that the kernel has for no key, and keys that mean two things."""
        assert isinstance(options, EvdevOptions)
        tables: dict[str, Mapping[str, object]] = {"keys": options.keys, "ratings": options.ratings}
        wrong = [
            Mistake("", f"{table}.{name}", f"the kernel knows no key {name!r}", nearest(name, KEY_CODES))
            for table, names in tables.items()
            for name in names
            if name not in KEY_CODES
        ]
        both = _by_code(options.keys).keys() & _by_code(options.ratings).keys()
        return wrong + [
            Mistake("", f"ratings.{key_name(code)}", "is one of [options.keys] already") for code in both
        ]

    @classmethod
    def key_names(cls, profile: Profile, options: msgspec.Struct) -> frozenset[str]:
        """What the layout's keys are for."""
        assert isinstance(options, EvdevOptions)
        return frozenset(options.keys.values()) - {""}

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        assert isinstance(options, EvdevOptions)
        self._held_s = options.held_s
        self._keys = _by_code(options.keys)
        self._ratings = _by_code(options.ratings)
        self._records = Records(link.count)
        self._strokes = Strokes(
            bounce_s=options.bounce_s,
            gap_s=profile.timing.silence_s,
            most=options.scanner_keys,
            count=link.count,
        )
        self._down: dict[int, float] = {}

    def received(self, data: bytes) -> None:
        """Records arrived."""
        for said in self._records.feed(data):
            if isinstance(said, Dropped):
                self._down.clear()
                self._strokes.lost(said.at_s)
            elif self._keys.get(said.code) != "":
                self._note(said)
                self._tell(self._strokes.take(said))

    def silence(self) -> None:
        """There was a gap: what was typed before it was typed by a person, or it would go on."""
        self._records.silence()
        self._tell(self._strokes.end())

    def poll(self) -> None:
        """See whether something lies on the keys."""
        long_ago_s = self.link.now_s() - self._held_s
        held = [code for code, since_s in self._down.items() if since_s < long_ago_s]
        self.link.health(*(Reason("key_held", key_name(code)) for code in held[:1]))

    def _note(self, key: KeyMoved) -> None:
        """Which keys are down, and since when."""
        if key.value == PRESSED:
            self._down[key.code] = self.link.now_s()
        elif key.value == RELEASED and self._down.pop(key.code, None) is not None:
            self.poll()

    def _tell(self, codes: list[int]) -> None:
        """Tell the floor what was typed. Two ratings in one moment are nobody's opinion."""
        levels = {self._ratings[code] for code in codes if code in self._ratings}
        if len(levels) > 1:
            self.link.count("unclear_rating")
            return
        for code in codes:
            if level := self._ratings.get(code):
                self.link.rated(level)
            elif key := self._keys.get(code):
                self.link.pressed(key)
            else:
                self.link.count("unknown_key")
                self.link.fact("unknown_key", key_name(code))


def _by_code(names: Mapping[str, Any]) -> dict[int, Any]:
    return {KEY_CODES[name]: value for name, value in names.items() if name in KEY_CODES}
