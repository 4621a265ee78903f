"""One trial of one device: the part for each of its kinds, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

from kioskd.devices.errors import DeviceError
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.devices.trials.cameras import try_camera
from kioskd.devices.trials.cards import try_card_reader
from kioskd.devices.trials.displays import try_display
from kioskd.devices.trials.keys import try_keys
from kioskd.devices.trials.printers import try_printer
from kioskd.devices.trials.report import Said, Verdict
from kioskd.devices.trials.signals import try_signal
from kioskd.devices.trials.speakers import try_speaker

if TYPE_CHECKING:
    from kioskd.devices.device import Device

Part = Callable[["Device", int], Generator[Said, None, None]]
"""Tries one kind. The number is the window the device belongs to, or 1."""

PARTS: dict[Kind, Part] = {
    Kind.PRINTER: try_printer,
    Kind.DISPLAY: try_display,
    Kind.KEYPAD: try_keys,
    Kind.EVALUATOR: try_keys,
    Kind.CAMERA: try_camera,
    Kind.CARD_READER: try_card_reader,
    Kind.SPEAKER: try_speaker,
}

NO_CONTACT = (State.OFFLINE, State.DISABLED)


class TrialRunning(DeviceError):  # noqa: N818 - it says what is
    """Somebody else is trying this device now."""


class Trial(Iterator[Said]):
    """A trial that runs as it is iterated. `close` ends it early and puts everything back."""

    def __init__(self, device: Device, *, window: int | None = None, kind: Kind | None = None) -> None:
        """kind: only this one of the device's kinds. Raises TrialRunning."""
        if not device.under_trial.acquire(blocking=False):
            raise TrialRunning(f"{device.name} is being tried already: wait for that to end")
        self._device = device
        self._said = self._run(window or 1, kind)
        self._open = True

    def __next__(self) -> Said:
        try:
            return next(self._said)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it."""
        if self._open:
            self._open = False
            self._said.close()
            self._device.under_trial.release()

    def _run(self, window: int, only: Kind | None) -> Generator[Said, None, None]:
        device = self._device
        health = device.health()
        if health.state in NO_CONTACT:
            why = ", ".join(reason.code for reason in health.reasons) or str(health.state)
            yield Verdict("device", "failed", "no_contact", {"why": why})
            return
        kinds = [kind for kind in Kind if kind in device.kinds and only in (None, kind)]
        for part in dict.fromkeys(PARTS.get(kind, try_signal) for kind in kinds):
            yield from part(device, window)
