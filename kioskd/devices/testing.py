"""What a driver's test is written with: a conversation on the wire, over a real pseudo-terminal.

    with Conversation(StripDriver, profile=profile, address=3) as talk:
        talk.host(lambda device: device.show(sign))
        talk.expect("A0 07 28 03 01 0C 22 03 42 42 FF")
        talk.device("FF 68 03 03 68 01 01 0C 0E 16")
        assert talk.events == [KeyPressed("device", "call")]

Bytes are written as the makers' documents write them: hex, with blanks for the eye.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import select
import threading
import time
import tty
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from kioskd.devices.device import Device
from kioskd.devices.driver import Driver
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import run_host
from kioskd.devices.errors import PortError
from kioskd.devices.health import State
from kioskd.devices.kinds import DeviceEvent, HealthChanged
from kioskd.devices.owner import Pace
from kioskd.devices.port_uri import PortUri
from kioskd.devices.ports import Port, open_port
from kioskd.devices.profiles import PortSettings, Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor

T = TypeVar("T")

PATIENCE_S = 10.0
"""How long a test waits for what must come; generous, for slow machines."""
QUICK = Pace(
    reopen_start_s=0.02, reopen_cap_s=0.2, silent_start_s=0.1, silent_cap_s=0.5, stuck_s=5.0, watch_s=0.05
)
"""A supervisor's pace for tests."""


def until(condition: Callable[[], T], *, timeout_s: float = PATIENCE_S, what: str = "it") -> T:
    """Ask again and again until the answer is true, and return it. Fails at the deadline."""
    deadline_s = time.monotonic() + timeout_s
    while not (answer := condition()):
        if time.monotonic() > deadline_s:
            raise AssertionError(f"waited {timeout_s:g} s in vain for {what}")
        time.sleep(0.005)
    return answer


class Conversation:
    """A test that plays the device's side of the wire; on the other side are the real owner and the driver.

    echo: the wire gives the host its own bytes back, as a two-wire adapter does. local_echo: what the hall
    file says about that. The device's name is "device".
    """

    def __init__(
        self,
        driver: type[Driver],
        *,
        profile: Profile,
        address: int | None = None,
        options: dict[str, Any] | None = None,
        local_echo: bool | None = None,
        echo: bool = False,
        pace: Pace = QUICK,
    ) -> None:
        self._echo = echo
        self._wire = Wire(echo)
        port = PortSpec(name="wire", at="serial:/dev/null", settings=profile.port, local_echo=local_echo)
        spec = DeviceSpec(
            name="device", title="", profile=profile, port="wire", address=address, options=options or {}
        )
        self._supervisor = Supervisor([port], [spec], pace=pace, find=lambda _: driver, opener=self._open)
        self._events: list[DeviceEvent] = []
        self._supervisor.subscribe(self._events.append)
        self._given = 0

    def __enter__(self) -> Self:
        self._supervisor.start()
        until(lambda: self.handle.health().counters.get("opened"), what="the port to open")
        return self

    def __exit__(self, *_: object) -> None:
        self._supervisor.stop(timeout_s=PATIENCE_S)
        self._wire.close()

    @property
    def handle(self) -> Device:
        """The device as the floor has it."""
        return self._supervisor.devices["device"]

    def host(self, what: Callable[[Device], T]) -> T:
        """Let the host do something with the device: show, signal, print. Gives what that gives."""
        return what(self.handle)

    def expect(self, wire_bytes: str, *, timeout_s: float = PATIENCE_S) -> None:
        """The next bytes that the device hears must be these, hex."""
        wanted = bytes.fromhex(wire_bytes)
        heard = self._wire.hear(len(wanted), timeout_s)
        if heard != wanted:
            raise AssertionError(
                f"expected {wanted.hex(' ').upper()}, heard {heard.hex(' ').upper() or 'nothing'}"
            )

    def hear(self, count: int, *, timeout_s: float = PATIENCE_S) -> bytes:
        """The next `count` bytes that the device hears; fewer at the deadline."""
        return self._wire.hear(count, timeout_s)

    def expect_nothing(self, *, for_s: float = 0.2) -> None:
        """For a while the device hears nothing."""
        heard = self._wire.hear(1, for_s)
        if heard:
            time.sleep(0.05)
            heard += self._wire.hear(4096, 0)
            raise AssertionError(f"expected silence, heard {heard.hex(' ').upper()}")

    def device(self, wire_bytes: str | bytes) -> None:
        """The device sends these bytes, hex."""
        data = bytes.fromhex(wire_bytes) if isinstance(wire_bytes, str) else wire_bytes
        self._given += len(data)
        self._wire.say(data)

    @property
    def events(self) -> list[DeviceEvent]:
        """What the device told the floor (but for changes of health), once all that was said was heard."""
        self.settle()
        return self.events_so_far

    @property
    def events_so_far(self) -> list[DeviceEvent]:
        """The same without waiting, for a device that is asked again and again and never rests."""
        return [event for event in list(self._events) if not isinstance(event, HealthChanged)]

    def settle(self) -> None:
        """Wait until the host has heard all that was said, and the silence after it, and rests."""
        until(self._settled, what="the host to settle")

    def _settled(self) -> bool:
        heard = self.handle.health().counters.get("received_bytes", 0)
        said = self._given + (self._wire.echoed if self._echo else 0)
        return heard >= said and self._supervisor.owners[0].resting

    def expect_state(self, state: State, *reasons: str) -> None:
        """The device's health comes to be this, for exactly these reasons."""

        def so() -> bool:
            health = self.handle.health()
            return health.state == state and tuple(reason.code for reason in health.reasons) == reasons

        until(so, what=f"{state} {reasons}, it is {self.handle.health()}")

    def unplug(self) -> None:
        """Pull the cable. What was on its way is lost."""
        self._wire.close()
        self._given = 0

    def plug(self) -> None:
        """Push it in again."""
        before = self.handle.health().counters.get("received_bytes", 0)
        self._wire = Wire(self._echo)
        self._given = before
        self._wire.echoed = 0

    def _open(self, _: PortUri, settings: PortSettings) -> Port:
        path = self._wire.path
        if not path:
            raise PortError("port_missing", "the test has unplugged it")
        return open_port(PortUri("serial", path), settings)


@contextlib.contextmanager
def running_emulators(
    ports: Sequence[PortSpec], devices: Sequence[DeviceSpec], folder: Path
) -> Iterator[EmulatorClient]:
    """Emulators of these devices in a process of their own, as the demo has them; stopped at the end."""
    process = multiprocessing.get_context("spawn").Process(
        target=run_host, args=(tuple(ports), tuple(devices), folder), daemon=True
    )
    process.start()
    client = EmulatorClient(folder)
    try:
        until(client.answers, timeout_s=30, what="the emulators to start")
        yield client
    finally:
        client.stop()
        process.join(PATIENCE_S)
        if process.is_alive():
            process.kill()


class Wire:
    """The device's end of a pseudo-terminal, read by a thread so that an echo comes at once."""

    def __init__(self, echo: bool) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.echoed = 0
        self._echo = echo
        self._heard = bytearray()
        self._news = threading.Condition()
        self._end_r, self._end_w = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="the wire's far end", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._end_r], [], [])
            if self._end_r in ready:
                return
            data = os.read(self._master, 4096)
            if self._echo:
                self.echoed += len(data)
                os.write(self._master, data)
            with self._news:
                self._heard += data
                self._news.notify_all()

    def hear(self, count: int, timeout_s: float) -> bytes:
        """The next `count` bytes from the host; fewer at the deadline."""
        with self._news:
            self._news.wait_for(lambda: len(self._heard) >= count, timeout_s)
            data = bytes(self._heard[:count])
            del self._heard[:count]
            return data

    def say(self, data: bytes) -> None:
        """Send to the host."""
        while data:
            data = data[os.write(self._master, data) :]

    def close(self) -> None:
        """Pull the cable."""
        if self.path:
            self.path = ""
            os.write(self._end_w, b".")
            self._thread.join()
            for fd in (self._master, self._slave, self._end_r, self._end_w):
                os.close(fd)
