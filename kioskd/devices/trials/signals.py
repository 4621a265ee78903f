"""Trying a device of any other kind: a beep."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.errors import CannotExpress, DeviceError
from kioskd.devices.kinds import Signal
from kioskd.devices.orders import SIGNAL_S
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device


def try_signal(device: Device, window: int) -> Generator[Said, None, None]:
    """Let it beep."""
    yield Step("beeping")
    done = device.signal(Signal.BEEP)
    yield from until(done.done, SIGNAL_S + 1)
    if not done.done():
        yield Verdict("device", "failed", "not_done", {"why": "late"})
        return
    match done.exception():
        case None:
            yield Verdict("device", "look", "beeped")
        case CannotExpress():
            yield Verdict("device", "look", "nothing_to_try")
        case DeviceError() as error:
            yield Verdict("device", "failed", "not_done", {"why": str(error)})
        case error:
            yield Verdict("device", "failed", "not_done", {"why": type(error).__name__})
