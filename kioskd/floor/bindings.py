"""Which devices belong to which window, and which printers print the tickets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kioskd.devices.kinds import Kind
from kioskd.devices.supervisor import Device


class Bindings:
    """The hall's devices by their place.

    windows: device name → window number; a device without one is the kiosk's.
    """

    def __init__(self, devices: Iterable[Device], windows: Mapping[str, int]) -> None:
        self._devices = {device.name: device for device in devices}
        self._windows = dict(windows)

    def device(self, name: str) -> Device | None:
        """The device of this name."""
        return self._devices.get(name)

    def window_of(self, name: str) -> int | None:
        """The window that a device belongs to."""
        return self._windows.get(name)

    def displays(self) -> list[tuple[Device, int]]:
        """Every display of a window, pads with digits too, with its window."""
        return [
            (device, self._windows[device.name])
            for device in self._of_kind(Kind.DISPLAY)
            if device.name in self._windows
        ]

    def evaluators(self, window: int) -> list[Device]:
        """The devices at this window that can take a rating."""
        return [
            device for device in self._of_kind(Kind.EVALUATOR) if self._windows.get(device.name) == window
        ]

    def ticket_printers(self) -> list[Device]:
        """The printers that belong to no window, in the order of the hall file."""
        return [device for device in self._of_kind(Kind.PRINTER) if device.name not in self._windows]

    def kiosk_card_readers(self) -> list[Device]:
        """The card readers that belong to no window."""
        return [device for device in self._of_kind(Kind.CARD_READER) if device.name not in self._windows]

    def speakers(self) -> list[tuple[Device, int | None]]:
        """Every loudspeaker with its window; None: it speaks for all of them."""
        return [(device, self._windows.get(device.name)) for device in self._of_kind(Kind.SPEAKER)]

    def _of_kind(self, kind: Kind) -> list[Device]:
        return [device for device in self._devices.values() if kind in device.kinds]
