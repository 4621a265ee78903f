"""The device's side of a wire protocol, for the demo, for tests and for training.

Emulators run in a process of their own (`emulator_host`), so that killing the daemon does not kill the paper.
An emulator is written from the protocol, not from the driver's code. Its methods run on the host's thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from kioskd.devices.profiles import Profile


class EmulatedWire(Protocol):
    """An emulator's hold on its emulated line or cable."""

    def send(self, data: bytes) -> None:
        """Put bytes on the wire towards the host, at the wire's baud rate."""

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""

    def unplug(self) -> None:
        """Pull this cable: the host loses the port."""

    def plug(self) -> None:
        """Push the cable in again."""

    def hold(self, held: bool) -> None:
        """Stop (or go on) taking bytes from the host, as a printer does that is busy or off line."""


class Action(msgspec.Struct, frozen=True):
    """Something a person can do to the emulated device: press a key, open a cover, pull the cable."""

    name: str
    zh: str
    en: str
    group: str = "key"
    """key, rating or fault: how a page sorts its buttons."""


class Emulator:
    """One emulated device at one address of one wire."""

    serial: ClassVar[bool] = True
    """Whether its bytes take the time of a serial line. What the kernel hands over whole takes none."""

    far_end: ClassVar[Literal["line", "video", "alsa"]] = "line"
    """What it is attached by: a line or network of bytes, or the port of a camera or of a sound card."""

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        self.wire = wire
        self.profile = profile
        self.address = address

    def received(self, data: bytes) -> None:
        """Bytes arrived: the host's, and on a shared line also those of the other devices."""

    def tick(self) -> None:
        """Called some twenty times a second: time for late answers, resent keys, burning light bulbs."""

    def view(self) -> dict[str, Any]:
        """What a person standing before the device sees now, as plain JSON values."""
        return {}

    def picture(self, index: int = -1) -> bytes | None:
        """A PNG of what the device shows or has printed: paper `index` from the first, -1 the last."""
        return None

    def sound(self, index: int = -1) -> bytes | None:
        """A WAV of what the device was heard to say: `index` from the first, -1 the last."""
        return None

    def actions(self) -> list[Action]:
        """What a person can do to it."""
        return []

    def act(self, action: str) -> None:
        """Do one of `actions`. Raises KeyError for an unknown one."""
        raise KeyError(action)
