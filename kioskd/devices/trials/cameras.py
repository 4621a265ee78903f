"""Trying a camera: one picture, of which only the size is told."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.errors import DeviceError
from kioskd.devices.kinds import Kind
from kioskd.devices.orders import CAPTURE_S
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device


def try_camera(device: Device, window: int) -> Generator[Said, None, None]:
    """Take a picture and forget it."""
    yield Step("taking_a_picture")
    taken = device.capture()
    yield from until(taken.done, CAPTURE_S + 1)
    if not taken.done():
        yield Verdict(Kind.CAMERA, "failed", "not_done", {"why": "late"})
    elif error := taken.exception():
        why = str(error) if isinstance(error, DeviceError) else type(error).__name__
        yield Verdict(Kind.CAMERA, "failed", "not_done", {"why": why})
    else:
        picture = taken.result()
        facts = {
            "width": picture.width_px,
            "height": picture.height_px,
            "kilobytes": len(picture.data) // 1024,
        }
        yield Verdict(Kind.CAMERA, "passed", "picture_taken", facts)
