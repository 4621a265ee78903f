"""Starts the owners of all ports, hands out the devices, and sees when one of the threads hangs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kioskd.devices.device import Device
from kioskd.devices.driver import Driver
from kioskd.devices.hotplug import Hotplug
from kioskd.devices.kinds import DeviceEvent
from kioskd.devices.owner import Pace, PortOwner
from kioskd.devices.plugged import SUBSYSTEMS
from kioskd.devices.port_uri import PortUri, parse_port, resolve
from kioskd.devices.ports import Port, open_port
from kioskd.devices.profile_files import options_of
from kioskd.devices.profiles import PortSettings
from kioskd.devices.registry import driver_class
from kioskd.devices.specs import DeviceSpec, PortSpec

__all__ = ["Device", "Supervisor"]

log = logging.getLogger(__name__)


class Supervisor:
    """All devices of a hall. emulator_dir: the folder of the emulator host, where there is one.

    Raises DriverMissing, reading.Mistakes (wrong options), ValueError (a port that is none) before anything
    is opened; a hall file that was checked has none of these.
    """

    def __init__(
        self,
        ports: Sequence[PortSpec],
        devices: Sequence[DeviceSpec],
        emulator_dir: Path | None = None,
        *,
        pace: Pace = Pace(),  # noqa: B008 - frozen
        find: Callable[[str], type[Driver]] = driver_class,
        opener: Callable[[PortUri, PortSettings], Port] = open_port,
    ) -> None:
        self._emulator_dir = emulator_dir
        self._pace = pace
        self._opener = opener
        self._subscribers: tuple[Callable[[DeviceEvent], None], ...] = ()
        self._stop = threading.Event()
        self._hotplug = Hotplug(self._plugged_in)
        self._watcher = threading.Thread(target=self._watch, name="device supervisor", daemon=True)
        self._watched_at_s = time.monotonic()
        self._ports = {port.name: port for port in ports}
        self._devices = {}
        for spec in devices:
            driver = find(spec.profile.driver)
            options = options_of(spec.profile, driver, spec.options, label=spec.name)
            self._devices[spec.name] = Device(spec, driver, options, self._publish)
        self.owners = tuple(
            PortOwner(port, on_it, self._opening(port), pace)
            for port in ports
            if (
                on_it := [
                    d for d in self._devices.values() if d.spec.port == port.name and not d.spec.disabled
                ]
            )
        )
        self._pluggable = tuple(
            owner for owner in self.owners if parse_port(owner.spec.at).scheme in SUBSYSTEMS
        )
        """The owners of what can be plugged in: a printer on the network gains nothing from a USB event."""

    @property
    def ports(self) -> Mapping[str, PortSpec]:
        """All ports by name."""
        return MappingProxyType(self._ports)

    @property
    def devices(self) -> Mapping[str, Device]:
        """All devices by name, in the order of the hall file."""
        return MappingProxyType(self._devices)

    def subscribe(self, callback: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Hear KeyPressed, Rated and HealthChanged; returns the function that ends it.

        Called on the port's thread: be quick.
        """
        self._subscribers += (callback,)

        def end() -> None:
            self._subscribers = tuple(one for one in self._subscribers if one is not callback)

        return end

    def start(self) -> None:
        """Start the owners and the watch, and listen for what is plugged in where that can matter."""
        for owner in self.owners:
            owner.start()
        self._watcher.start()
        if self._pluggable:
            self._hotplug.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Stop all owners. One that hangs is left behind: its thread ends with the process."""
        self._stop.set()
        self._hotplug.stop()
        for owner in self.owners:
            owner.stop()
        deadline_s = time.monotonic() + timeout_s
        for owner in self.owners:
            if not owner.join(max(0.0, deadline_s - time.monotonic())):
                log.warning("port %s still hangs while %s", owner.spec.name, owner.doing)

    def turning(self, within_s: float = 10.0) -> bool:
        """Whether the watch has turned lately: for the systemd watchdog, which no device may gate."""
        return time.monotonic() - self._watched_at_s < within_s

    def _plugged_in(self) -> None:
        for owner in self._pluggable:
            owner.nudge()

    def _opening(self, port: PortSpec) -> Callable[[], Port]:
        uri = parse_port(port.at)
        return lambda: self._opener(resolve(uri, port.name, self._emulator_dir), port.settings)

    def _publish(self, event: DeviceEvent) -> None:
        for callback in self._subscribers:
            try:
                callback(event)
            except Exception:
                log.exception("a listener to device events failed on %s", type(event).__name__)

    def _watch(self) -> None:
        while not self._stop.wait(self._pace.watch_s):
            self._watched_at_s = time.monotonic()
            for owner in self.owners:
                owner.watch()
