"""The emulators' process: it keeps every emulated port current and answers on its control socket.

It survives the daemon's death, so that the paper does; it ends when no daemon has used it for a while.
"""

from __future__ import annotations

import base64
import fcntl
import logging
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kioskd.devices.emulated_cable import EmulatedCable
from kioskd.devices.emulation import Emulator
from kioskd.devices.emulator_control import ControlSocket
from kioskd.devices.errors import DeviceError
from kioskd.devices.port_uri import parse_port
from kioskd.devices.registry import emulator_class
from kioskd.devices.specs import DeviceSpec, PortSpec

log = logging.getLogger(__name__)

TICK_S = 0.05
SLOTS = 8
"""The devices of a line tick in so many slots, one after another: real ones have clocks of their own."""
IN_USE_CHECK_S = 2.0


def run_host(
    ports: Sequence[PortSpec], devices: Sequence[DeviceSpec], folder: Path, *, outlive_s: float = 120.0
) -> None:
    """Emulate the devices of all emulated ports until told to stop (control socket, SIGTERM, SIGINT).

    outlive_s: also end when no daemon has had any of the ports open for so long. Raises DeviceError when
    another host already keeps this folder.
    """
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    host = EmulatorHost(ports, devices, folder, outlive_s=outlive_s)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: host.stop())
    host.run()


class EmulatorHost:
    """All emulated ports of a hall, on one thread."""

    def __init__(
        self,
        ports: Sequence[PortSpec],
        devices: Sequence[DeviceSpec],
        folder: Path,
        *,
        outlive_s: float = 120.0,
        find: Callable[[str], type[Emulator]] = emulator_class,
    ) -> None:
        self._lock = _lock(folder)
        for stale in folder.glob("*.uri"):
            stale.unlink()
        self._outlive_s = outlive_s
        self._used_at_s = time.monotonic()
        self._running = True
        self._cables = {
            port.name: EmulatedCable(port, [d for d in devices if d.port == port.name], folder, find)
            for port in ports
            if parse_port(port.at).scheme == "emulator"
        }
        self._control = ControlSocket(folder, self._answer)

    def stop(self) -> None:
        """End soon. May be called from a signal handler."""
        self._running = False

    def run(self) -> None:
        """Work until stopped."""
        for cable in self._cables.values():
            cable.plug()
        tick_at_s = check_at_s = time.monotonic()
        slot = 0
        try:
            while self._running:
                self._wait(tick_at_s)
                for cable in self._cables.values():
                    cable.deliver()
                now_s = time.monotonic()
                if now_s >= tick_at_s:
                    tick_at_s = now_s + TICK_S / SLOTS
                    slot = (slot + 1) % SLOTS
                    for cable in self._cables.values():
                        cable.tick(slot, SLOTS)
                if now_s >= check_at_s:
                    check_at_s = now_s + IN_USE_CHECK_S
                    self._end_if_unused(now_s)
        finally:
            for cable in self._cables.values():
                cable.unplug()
            os.close(self._lock)  # before the last answer, so that whoever waits for silence may start others
            self._control.close()

    def _wait(self, until_s: float) -> None:
        """Wait for bytes from the daemon, for control, or until something on a wire arrives."""
        arrivals = [at for cable in self._cables.values() if (at := cable.next_at_s()) is not None]
        timeout_s = min([until_s, *arrivals]) - time.monotonic()
        poll = select.poll()
        ends = {
            cable.far_end.fileno(): cable
            for cable in self._cables.values()
            if cable.far_end is not None and cable.wants_to_read()
        }
        for fd in [*ends, *self._control.filenos()]:
            poll.register(fd, select.POLLIN)
        for fd, _ in poll.poll(max(0.0, timeout_s) * 1000):
            if fd in ends:
                ends[fd].read()
            else:
                self._control.ready(fd)

    def _end_if_unused(self, now_s: float) -> None:
        if any(cable.far_end is not None and cable.far_end.in_use() for cable in self._cables.values()):
            self._used_at_s = now_s
        elif now_s - self._used_at_s > self._outlive_s:
            log.info("no daemon for %g s: the emulators end", self._outlive_s)
            self.stop()

    # --- control ---

    def _answer(self, request: dict[str, Any]) -> Any:
        """Do what one control request says. Raises KeyError, ValueError or TypeError for a wrong one."""
        match request:
            case {"do": "list"}:
                return [self._shown(c, d) for c in self._cables.values() for d in c.devices]
            case {"do": "ports"}:
                return [_port_shown(cable) for cable in self._cables.values()]
            case {"do": "act", "device": str(name), "action": str(action)}:
                return self._emulator(name).act(action)
            case {"do": "picture", "device": str(name), "index": int(index)}:
                picture = self._emulator(name).picture(index)
                return None if picture is None else base64.b64encode(picture).decode("ascii")
            case {"do": "sound", "device": str(name), "index": int(index)}:
                sound = self._emulator(name).sound(index)
                return None if sound is None else base64.b64encode(sound).decode("ascii")
            case {"do": "line", "port": str(port), "echo": bool(echo)}:
                self._cables[port].echo = echo
            case {"do": "plug", "port": str(port)}:
                self._cables[port].plug()
            case {"do": "unplug", "port": str(port)}:
                self._cables[port].unplug()
            case {"do": "stop"}:
                self.stop()
            case _:
                raise ValueError(f"not a request of the emulators: {request}")
        return None

    def _emulator(self, name: str) -> Emulator:
        for cable in self._cables.values():
            if name in cable.emulators:
                return cable.emulators[name]
        raise KeyError(f"no emulated device is called {name}")

    def _shown(self, cable: EmulatedCable, device: DeviceSpec) -> dict[str, Any]:
        emulator = cable.emulators[device.name]
        return {
            "name": device.name,
            "title": device.title,
            "port": device.port,
            "address": device.address,
            "profile": device.profile.name,
            "kinds": sorted(device.profile.kinds),
            "plugged": cable.far_end is not None,
            "view": emulator.view(),
            "actions": [msgspec.structs.asdict(action) for action in emulator.actions()],
        }


def _port_shown(cable: EmulatedCable) -> dict[str, Any]:
    return {
        "name": cable.spec.name,
        "uri": cable.far_end.uri if cable.far_end else None,
        "plugged": cable.far_end is not None,
        "shared": cable.line.shared,
        "echo": cable.echo,
        "collisions": cable.line.collisions,
    }


def _lock(folder: Path) -> int:
    """One host a folder: the lock is held until the process ends."""
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise DeviceError(f"other emulators already run in {folder}: stop them first") from None
    return fd
