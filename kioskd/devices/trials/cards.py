"""Trying a card reader: a card is laid on it, and shown masked. The hall does not hear of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.kinds import CardRead, CardRefused, DeviceEvent, Kind
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device

LAY_S = 20
"""How long somebody has for finding a card."""


def try_card_reader(device: Device, window: int) -> Generator[Said, None, None]:
    """Ask for a card, and show what was read, masked."""
    heard: list[DeviceEvent] = []
    end = device.listen(heard.append)
    try:
        yield Step("lay_a_card", {"seconds": LAY_S})
        yield from until(lambda: heard, LAY_S)
    finally:
        end()
    match heard[:1]:
        case [CardRead(_, card)]:
            facts = {"type": str(card.type), "masked": card.masked}
            yield Verdict(Kind.CARD_READER, "passed", "card_read", facts)
        case [CardRefused(_, problem)]:
            yield Verdict(Kind.CARD_READER, "failed", "card_refused", {"problem": str(problem)})
        case _:
            yield Verdict(Kind.CARD_READER, "failed", "no_card", {"seconds": LAY_S})
