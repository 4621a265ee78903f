"""An emulated device with faults that a person switches on and off, and a cable that can be pulled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from kioskd.devices.emulation import Action, EmulatedWire, Emulator
from kioskd.devices.labels import Label, cable_actions
from kioskd.devices.profiles import Profile


class FaultyEmulator(Emulator):
    """Keeps which faults are on; what each does is its subclass's affair."""

    FAULTS: ClassVar[Mapping[str, Label]] = {}
    """The faults that are on or off, with their names."""

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self.faults: set[str] = set()
        """Those that are on."""

    def switches(self) -> list[Action]:
        """Every fault, to be switched on or off."""
        return [Action(name=name, zh=it.zh, en=it.en, group="fault") for name, it in self.FAULTS.items()]

    def actions(self) -> list[Action]:
        """Its faults and its cable."""
        return [*self.switches(), *cable_actions()]

    def act(self, action: str) -> None:
        """Switch a fault on or off, pull the cable or push it in. Raises KeyError."""
        if action in self.FAULTS:
            self.faults ^= {action}
        elif action == "unplug":
            self.wire.unplug()
        elif action == "plug":
            self.wire.plug()
        else:
            raise KeyError(action)
