"""Displays are state: what the hall is now, worked out anew after every change, sent where it differs."""

from __future__ import annotations

from kioskd.devices.kinds import Sign
from kioskd.floor.bindings import Bindings
from kioskd.floor.signs import sign_of
from kioskd.hall.hall import Hall


class Displays:
    """Follows the hall with every window's displays."""

    def __init__(self, hall: Hall, bindings: Bindings) -> None:
        self._hall = hall
        self._bindings = bindings
        self._shown: dict[str, Sign] = {}

    def turn(self) -> None:
        """Give each display its sign where it is another than the one it was given last.

        Losing contact is no concern of this: the device's owner keeps the sign and sends it again by itself.
        """
        signs = {window.number: sign_of(window) for window in self._hall.queue().windows}
        for device, window in self._bindings.displays():
            sign = signs.get(window)
            if sign is not None and self._shown.get(device.name) != sign:
                device.show(sign)
                self._shown[device.name] = sign
