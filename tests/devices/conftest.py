"""A small driver and its profile for the tests of the SDK: a pad on a line, addressed by one byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.emulation import Action, Emulator
from kioskd.devices.kinds import Kind, PrintEnd, PrintJob, Sign, Signal
from kioskd.devices.owner import Pace
from kioskd.devices.profiles import PortSettings, Profile, Timing
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK


class LetterBox(Driver):
    """Speaks `ADDRESS LETTER`: ? → ! (are you there), K a key, S a sign, B a beep, P paper."""

    kinds = frozenset({Kind.DISPLAY, Kind.KEYPAD, Kind.PRINTER})

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.heard = b""
        self.unread = b""

    def probe(self) -> None:
        if self.profile.notes != "mute":
            self.ask(b"?")

    def ask(self, letter: bytes) -> None:
        self.heard = b""
        self.link.write(bytes([self.address]) + letter)
        self.link.wait(lambda: True if b"!" in self.heard else None, timeout_s=0.3)

    def received(self, data: bytes) -> None:
        self.unread += data
        while len(self.unread) >= 2:
            address, letter = self.unread[0], self.unread[1:2]
            self.unread = self.unread[2:]
            if address != self.address:
                continue
            self.heard += letter
            if letter == b"K":
                self.link.pressed("call")

    def silence(self) -> None:
        self.unread = b""

    def show(self, sign: Sign) -> None:
        self.link.write(bytes([self.address]) + b"S" + sign.number.encode())

    def signal(self, signal: Signal) -> None:
        self.link.write(bytes([self.address]) + b"B")

    def print(self, job: PrintJob) -> PrintEnd:
        job.on_first_byte()
        self.link.write(job.data)
        return PrintEnd.SENT


class EmulatedLetterBox(Emulator):
    """Answers ? with !, keeps everything it heard, presses its key when told."""

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.heard = b""

    def received(self, data: bytes) -> None:
        self.heard += data
        if data.endswith(bytes([self.address]) + b"?"):
            self.wire.send(bytes([self.address]) + b"!")

    def view(self) -> dict:
        return {"heard": self.heard.decode("latin-1")}

    def picture(self, index: int = -1) -> bytes | None:
        return b"\x89PNG" + self.heard

    def actions(self) -> list[Action]:
        return [Action("key", "呼叫", "call")]

    def act(self, action: str) -> None:
        if action == "unplug":
            self.wire.unplug()
        elif action == "hold":
            self.wire.hold(True)
        elif action == "key":
            self.wire.send(bytes([self.address]) + b"K")
        else:
            raise KeyError(action)


@pytest.fixture
def letter_box() -> type[Driver]:
    return LetterBox


@pytest.fixture
def emulated_letter_box() -> type[Emulator]:
    return EmulatedLetterBox


@pytest.fixture
def profile() -> Profile:
    return Profile(
        name="letter-box",
        title="Letter box",
        driver="letter-box",
        kinds=LetterBox.kinds,
        port=PortSettings(baud=19200),
        timing=Timing(silence_s=0.1),
    )


@pytest.fixture
def mute_profile() -> Profile:
    """A device that never answers anything, and is not asked."""
    return Profile(
        name="letter-box", title="", driver="letter-box", kinds=frozenset({Kind.DISPLAY}), notes="mute"
    )


@pytest.fixture
def supervise() -> Iterator[Callable[..., Supervisor]]:
    """Makes and starts supervisors of letter boxes; stops them at the end."""
    made: list[Supervisor] = []

    def make(
        ports: list[PortSpec],
        devices: list[DeviceSpec],
        folder: Path | None = None,
        *,
        driver: type[Driver] = LetterBox,
        pace: Pace = QUICK,
        **more,
    ) -> Supervisor:
        supervisor = Supervisor(ports, devices, folder, pace=pace, find=lambda _: driver, **more)
        made.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop()
