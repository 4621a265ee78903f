"""One emulated port with its devices: what passes between the daemon's end and the emulators, and when."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from kioskd.devices.emulated_line import HOST, EmulatedLine
from kioskd.devices.emulated_port import CallsEnd, FarEnd, PtyEnd, TcpEnd
from kioskd.devices.emulation import Emulator
from kioskd.devices.port_uri import emulated_uri_file
from kioskd.devices.ports import character_s
from kioskd.devices.profile_files import all_options
from kioskd.devices.registry import emulator_class
from kioskd.devices.specs import DeviceSpec, PortSpec

log = logging.getLogger(__name__)

BACKLOG_BYTES = 4096
"""More than this is not read ahead of the line's own speed: it waits in the kernel, as in an adapter."""


class EmulatedCable:
    """A port that can be unplugged. Runs on the host's one thread."""

    def __init__(
        self,
        spec: PortSpec,
        devices: Sequence[DeviceSpec],
        folder: Path,
        find: Callable[[str], type[Emulator]] = emulator_class,
    ) -> None:
        self.spec = spec
        self.echo = spec.local_echo is True
        self.devices = tuple(devices)
        self.far_end: FarEnd | None = None
        over_tcp = spec.at == "emulator:tcp"
        ends = {find(device.profile.driver).far_end for device in self.devices} - {"line"}
        self._make_end: Callable[[], FarEnd] = TcpEnd if over_tcp else PtyEnd
        if ends:
            self._make_end = lambda: CallsEnd(min(ends))
        shared = len(self.devices) > 1
        serial = not over_tcp and all(find(device.profile.driver).serial for device in self.devices)
        self.line = EmulatedLine(character_s(spec.settings) if serial else 0.0, shared=shared)
        self._uri_file = emulated_uri_file(folder, spec.name)
        self._held = False
        self.emulators = {device.name: self._build(device, find) for device in self.devices}

    def _build(self, device: DeviceSpec, find: Callable[[str], type[Emulator]]) -> Emulator:
        profile = msgspec.structs.replace(device.profile, options=all_options(device.profile, device.options))
        emulator = find(profile.driver)
        return emulator(DeviceWire(self, device.name), profile, device.address)

    # --- the cable ---

    def plug(self) -> None:
        """Push the cable in: the daemon finds a port at a new place."""
        if self.far_end is None:
            self.far_end = self._make_end()
            self.far_end.hold(self._held)
            draft = self._uri_file.with_suffix(".new")
            draft.write_text(self.far_end.uri + "\n", encoding="utf-8")
            draft.replace(self._uri_file)

    def unplug(self) -> None:
        """Pull the cable: the daemon loses the port, and what was on its way is lost."""
        if self.far_end is not None:
            self._uri_file.unlink(missing_ok=True)
            self.far_end.close()
            self.far_end = None
            self.line.clear()

    def hold(self, held: bool) -> None:
        """Take no more bytes from the daemon, or go on."""
        self._held = held
        if self.far_end is not None:
            self.far_end.hold(held)

    # --- what passes on it ---

    def wants_to_read(self) -> bool:
        """Whether bytes of the daemon are welcome now."""
        return self.far_end is not None and not self._held and self.line.waiting(HOST) < BACKLOG_BYTES

    def read(self) -> None:
        """The daemon's end is readable."""
        if isinstance(self.far_end, CallsEnd):  # a sound is no line of bytes, each at its time
            self._hand_over(self.far_end.read(), list(self.emulators))
        elif self.far_end is not None:
            self.line.send(HOST, self.far_end.read(), time.monotonic())

    def _hand_over(self, data: bytes, names: Sequence[str]) -> None:
        for name in names if data else ():
            with self._contained(name) as emulator:
                emulator.received(data)

    def next_at_s(self) -> float | None:
        """When something arrives that is on its way."""
        return self.line.next_at_s()

    def deliver(self) -> None:
        """Hand over everything that has arrived by now."""
        for sender, data in self.line.arrived(time.monotonic()):
            if self.far_end is not None and (sender != HOST or self.echo):
                self.far_end.write(data)
            if sender == HOST or self.line.shared:
                self._hand_over(data, [name for name in self.emulators if name != sender])

    def tick(self, slot: int, slots: int) -> None:
        """Some time has passed for the devices of this slot: every so many-th."""
        if isinstance(self.far_end, CallsEnd):
            self.far_end.flush()
        for name in list(self.emulators)[slot::slots]:
            with self._contained(name) as emulator:
                emulator.tick()

    @contextlib.contextmanager
    def _contained(self, name: str) -> Iterator[Emulator]:
        """An emulator that fails must not take the others with it."""
        try:
            yield self.emulators[name]
        except Exception:
            log.exception("the emulator of %s failed", name)


class DeviceWire:
    """One emulator's hold on its cable (`emulation.EmulatedWire`)."""

    def __init__(self, cable: EmulatedCable, name: str) -> None:
        self._cable = cable
        self._name = name

    def send(self, data: bytes) -> None:
        """Put bytes on the wire towards the host, at the wire's baud rate."""
        if isinstance(self._cable.far_end, CallsEnd):
            self._cable.far_end.write(data)  # answers: no wire that is timed by the byte
        elif self._cable.far_end is not None:
            self._cable.line.send(self._name, data, time.monotonic())

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""
        return time.monotonic()

    def unplug(self) -> None:
        """Pull this cable."""
        self._cable.unplug()

    def plug(self) -> None:
        """Push it in again."""
        self._cable.plug()

    def hold(self, held: bool) -> None:
        """Stop (or go on) taking bytes from the host."""
        self._cable.hold(held)
