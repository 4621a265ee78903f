"""Trying a keypad or an evaluator: what comes when somebody presses a key. The hall does not hear of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.kinds import DeviceEvent, KeyPressed, Kind, Rated
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device

PRESS_S = 20
"""How long somebody has for finding a key."""
TOLD = (
    "bad_checksum",
    "bad_frame",
    "bad_length",
    "cut_short",
    "other_address",
    "unknown_frame",
    "unknown_key",
)
"""Counters that say what is wrong with what arrives instead of a key."""


def try_keys(device: Device, window: int) -> Generator[Said, None, None]:
    """Ask for a key, and show which one came."""
    heard: list[DeviceEvent] = []
    kind = Kind.KEYPAD if Kind.KEYPAD in device.kinds else Kind.EVALUATOR
    before = device.health().counters
    end = device.listen(heard.append)
    try:
        yield Step("press_a_key", {"seconds": PRESS_S})
        yield from until(lambda: heard, PRESS_S)
    finally:
        end()
    if not heard:
        yield _silence(kind, before, device.health().counters)
    for event in heard[:1]:
        match event:
            case KeyPressed(_, key):
                yield Verdict(kind, "passed", "key_came", {"key": key})
            case Rated(_, level):
                yield Verdict(kind, "passed", "rating_came", {"level": level})


def _silence(kind: Kind, before: dict[str, int], after: dict[str, int]) -> Verdict:
    """No key came: whether nothing at all arrived, or what it was counted as."""
    more = {name: after.get(name, 0) - before.get(name, 0) for name in ("received_bytes", *TOLD)}
    if not more["received_bytes"]:
        return Verdict(kind, "failed", "nothing_came", {"seconds": PRESS_S})
    counted = ", ".join(f"{name} {more[name]}" for name in TOLD if more[name]) or "nothing that is a frame"
    return Verdict(kind, "failed", "no_key_came", {"bytes": more["received_bytes"], "counted": counted})
