"""A driver's hold on its port (`driver.Link`), given to it by the port's owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from kioskd.devices.cards import Card
from kioskd.devices.errors import NoAnswer, PortError, WriteTimeout
from kioskd.devices.health import Reason, reason_catalogue
from kioskd.devices.kinds import CardProblem, CardRead, CardRefused, KeyPressed, Rated
from kioskd.devices.line import Line
from kioskd.devices.ports import Port

if TYPE_CHECKING:
    from kioskd.devices.device import Device

T = TypeVar("T")


class Turns(Protocol):
    """What a link needs of its owner: the line, and letting time pass on it."""

    @property
    def line(self) -> Line:
        """The open line. Raises PortError when there is none."""

    @property
    def local_echo(self) -> bool | None:
        """Whether the port reads back what it sends; None: nobody said."""

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""

    def turn(self, timeout_s: float) -> None:
        """Wait for bytes or until the time has passed, and hand over what arrived."""

    def touch(self) -> None:
        """The thread moves. Raises Stopping when the daemon stops, PortError when given up as stuck."""

    def woken(self, device: Device) -> None:
        """The device spoke of its own accord."""


class DeviceLink:
    """One device's link. Without an owner (for `render`) it has no port."""

    def __init__(self, device: Device, owner: Turns | None = None) -> None:
        self._device = device
        self._owner = owner

    def _turns(self) -> Turns:
        if self._owner is None:
            raise PortError("port_missing", "rendering has no port")
        self._owner.touch()
        return self._owner

    @property
    def local_echo(self) -> bool | None:
        """Whether the port reads back what it sends; None: nobody said."""
        return self._owner.local_echo if self._owner else None

    @property
    def port(self) -> Port:
        """The open port itself: see `driver.Link.port`."""
        return self._turns().line.port

    def write(self, data: bytes, *, timeout_s: float = 2.0) -> None:
        """Send bytes: see `driver.Link.write`."""
        line = self._turns().line
        try:
            line.send(data, timeout_s)
        except WriteTimeout as error:
            self._device.passed("sent", data[: error.accepted])
            raise
        self._device.passed("sent", data)

    def wait(self, until: Callable[[], T | None], *, timeout_s: float) -> T:
        """Wait for an answer: see `driver.Link.wait`."""
        owner = self._turns()
        deadline_s = max(owner.now_s(), owner.line.sent_until_s) + timeout_s
        owner.turn(0)
        while (answer := until()) is None:
            left_s = deadline_s - owner.now_s()
            if left_s <= 0:
                raise NoAnswer(f"{self._device.name} did not answer within {timeout_s:g} s")
            owner.turn(left_s)
        return answer

    def pause(self, seconds: float) -> None:
        """Let time pass while arriving bytes are still handled."""
        owner = self._turns()
        until_s = owner.now_s() + seconds
        while (left_s := until_s - owner.now_s()) > 0:
            owner.turn(left_s)

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""
        return self._turns().now_s()

    def pressed(self, key: str) -> None:
        """A key was pressed."""
        self._device.record.count("keys")
        self._turns().woken(self._device)
        self._device.said(KeyPressed(self._device.name, key))

    def rated(self, level: int) -> None:
        """A rating key was pressed; level 5 (best) to 1."""
        if level not in range(1, 6):
            raise ValueError(f"rating level {level} is not one of 5 to 1")
        self._device.record.count("ratings")
        self._turns().woken(self._device)
        self._device.said(Rated(self._device.name, level))

    def card(self, card: Card) -> None:
        """A person's card was read."""
        self._device.record.count("cards")
        self._device.said(CardRead(self._device.name, card))

    def card_refused(self, problem: CardProblem) -> None:
        """A card lies there that cannot be used."""
        self._device.record.count(problem)
        self._device.said(CardRefused(self._device.name, problem))

    def health(self, *reasons: Reason) -> None:
        """The reasons the driver now knows of."""
        for reason in reasons:
            if reason.code not in reason_catalogue():
                raise ValueError(f"{reason.code!r} is not in the catalogue of reasons (reasons.toml)")
        self._device.record.knows(reasons)

    def fact(self, name: str, value: str) -> None:
        """What the device says about itself."""
        self._device.record.fact(name, value)

    def count(self, counter: str) -> None:
        """Add one to a counter."""
        self._device.record.count(counter)
