"""Trying a loudspeaker: three notes, and whether they came to their end. Only ears can tell the rest."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.errors import DeviceError
from kioskd.devices.kinds import Kind
from kioskd.devices.orders import SOUND_S
from kioskd.devices.sound import test_tune
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device


def try_speaker(device: Device, window: int) -> Generator[Said, None, None]:
    """Play three notes, after whatever is being said at the moment."""
    yield Step("playing")
    tune = test_tune()
    played = device.play(tune)
    yield from until(played.done, 2 * SOUND_S + tune.length_s)
    if not played.done():
        yield Verdict(Kind.SPEAKER, "failed", "not_done", {"why": "late"})
        return
    if error := played.exception():
        why = str(error) if isinstance(error, DeviceError) else type(error).__name__
        yield Verdict(Kind.SPEAKER, "failed", "not_done", {"why": why})
        return
    muted = next((reason.detail for reason in device.health().reasons if reason.code == "muted"), None)
    if muted is not None:
        yield Verdict(Kind.SPEAKER, "failed", "muted", {"why": muted})
    else:
        yield Verdict(Kind.SPEAKER, "look", "played")
