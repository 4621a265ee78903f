"""What a driver is. Notes for driver authors are in `drivers/README.md`.

A driver speaks one protocol to one device at one address. All of its methods but `render` run on the one
thread that owns the port, so a driver needs no locks. Devices on a shared line have one driver object each;
every one of them is handed every byte that arrives, and takes what is addressed to it.

A driver object lives from the opening of its port to the loss of it: a new opening starts with a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

import msgspec

from kioskd.devices.cards import Card
from kioskd.devices.errors import CannotExpress
from kioskd.devices.explain import Explainer, TextExplainer
from kioskd.devices.health import Health, Reason
from kioskd.devices.kinds import CardProblem, Document, Kind, Picture, PrintEnd, PrintJob, Sign, Signal

if TYPE_CHECKING:
    from kioskd.devices.ports import Port
    from kioskd.devices.profiles import Profile
    from kioskd.devices.sound import Sound
    from kioskd.reading import Mistake

T = TypeVar("T")


class Link(Protocol):
    """A driver's hold on its port, given by the port's owner. Every call has a deadline."""

    @property
    def local_echo(self) -> bool | None:
        """Whether the port reads back what it sends (two-wire adapters); None: nobody said, find out."""

    @property
    def port(self) -> Port:
        """The open port itself, for one that carries more than bytes, such as a camera's frames.

        Ask for it anew before each of its calls, none of which may last longer than a second: that is how
        the supervisor sees the thread move. Raises PortError when the port is gone, Stopping at the end.
        """

    def write(self, data: bytes, *, timeout_s: float = 2.0) -> None:
        """Send bytes; on a shared line, once the line has been quiet for a moment.

        Raises WriteTimeout when the device stops taking bytes, PortError when the port is gone.
        """

    def wait(self, until: Callable[[], T | None], *, timeout_s: float) -> T:
        """Hand arriving bytes to `received` until `until()` answers something other than None; return that.

        Time that bytes still need to leave the port is added to the deadline. Raises NoAnswer at the
        deadline, PortError when the port is gone, Stopping when the daemon stops. Not for use in `received`.
        """

    def pause(self, seconds: float) -> None:
        """Let time pass while arriving bytes are still handled."""

    def now_s(self) -> float:
        """A monotonic clock, in seconds."""

    def pressed(self, key: str) -> None:
        """Tell the floor that a key was pressed."""

    def rated(self, level: int) -> None:
        """Tell the floor that a rating key was pressed; level 5 (best) to 1."""

    def card(self, card: Card) -> None:
        """Tell the floor that a person's card was read."""

    def card_refused(self, problem: CardProblem) -> None:
        """Tell the floor that a card lies there that cannot be used."""

    def health(self, *reasons: Reason) -> None:
        """Set the reasons the driver now knows of; none means the device is well."""

    def fact(self, name: str, value: str) -> None:
        """Note what the device says about itself, such as its model or its firmware."""

    def count(self, counter: str) -> None:
        """Add one to a counter, such as bad_checksum."""


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a driver that has none."""


class Driver:
    """One device. Subclasses say their kinds and override what the device can do."""

    kinds: ClassVar[frozenset[Kind]] = frozenset()
    """Every kind this driver can serve; the profile may say fewer."""

    Options: ClassVar[type[msgspec.Struct]] = NoOptions
    """The type of the profile's [options] table, which may be overridden per device in the hall file."""

    Wire: ClassVar[type[msgspec.Struct] | None] = None
    """The type of the profile's [wire] table, for a driver whose protocol is the profile."""

    schemes: ClassVar[frozenset[str]] = frozenset({"serial", "tcp", "lp", "usb"})
    """The kinds of port it can be reached by; unless a driver says otherwise, those that carry bytes."""

    private_bytes: ClassVar[bool] = False
    """Whether its wire carries what belongs to a person: then nobody is shown the bytes, only how many."""

    @classmethod
    def check(cls, profile: Profile) -> list[str]:
        """What is wrong with a profile that only this driver can tell, such as a golden vector that fails."""
        return []

    @classmethod
    def check_options(cls, options: msgspec.Struct) -> list[Mistake]:
        """What is wrong with options whose types fit; each key as it is within [options], no file."""
        return []

    @classmethod
    def key_names(cls, profile: Profile, options: msgspec.Struct) -> frozenset[str]:
        """What the keys of such a pad are called when it tells of them (`Link.pressed`)."""
        return frozenset()

    @classmethod
    def line_protocol(cls, profile: Profile) -> str | None:
        """The protocol in which devices on one shared line are told apart by their address.

        None: this model needs a port of its own. Two devices on one port may have the same address only if
        these answers differ. The profile's options are those of the very device.
        """
        return None

    @classmethod
    def explainer(cls, profile: Profile, options: msgspec.Struct) -> Explainer:
        """What puts the bytes on such a device's port into words, for people who watch them."""
        return TextExplainer()

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        self.link = link
        self.profile = profile
        self.options = options
        self.address = address

    # --- life cycle ---

    def probe(self) -> None:
        """Meet the device after its port was opened. Raise NoAnswer if it should have answered."""

    def poll(self) -> None:
        """Look after the device, every `poll_s` seconds of its profile. Raise NoAnswer if it went silent."""

    def received(self, data: bytes) -> None:
        """Bytes arrived on the port. May write, must not wait, must not raise for anything in `data`."""

    def silence(self) -> None:
        """The line has been quiet for the profile's `silence_s`: an unfinished frame will not be finished."""

    # --- displays, keypads, evaluators ---

    def show(self, sign: Sign) -> None:
        """Show the sign. Raise CannotExpress for what this device cannot show in any way."""
        raise CannotExpress(f"{self.profile.name} shows nothing")

    def signal(self, signal: Signal) -> None:
        """Do something once, now. A device that cannot raises CannotExpress."""
        raise CannotExpress(f"{self.profile.name} cannot {signal}")

    # --- printers ---

    def render(self, document: Document) -> bytes:
        """The document in this printer's language. Pure: no I/O, may be called from any thread."""
        raise CannotExpress(f"{self.profile.name} prints nothing")

    def test_page(self, health: Health) -> Document:
        """A page that proves this printer, such as `test_page.compose` makes. Pure, like render."""
        raise CannotExpress(f"{self.profile.name} prints nothing")

    def print(self, job: PrintJob) -> PrintEnd:
        """Put rendered bytes on paper and stay until their end is known.

        While a reachable printer reports a fault the job is neither lost nor finished: report health, stay.
        Calls job.on_first_byte before the first byte leaves. Raises NothingSent or PrintUnknown.
        """
        raise CannotExpress(f"{self.profile.name} prints nothing")

    # --- cameras ---

    def capture(self) -> Picture:
        """Take one picture, as good as the device can. Raises NoAnswer when no whole frame came in time."""
        raise CannotExpress(f"{self.profile.name} takes no pictures")

    def preview(self) -> Picture:
        """The next frame of the live picture; begins it. Called again and again while somebody looks."""
        raise CannotExpress(f"{self.profile.name} takes no pictures")

    def end_preview(self) -> None:
        """Nobody looks any more: stop the stream."""

    # --- speakers ---

    def play(self, sound: Sound) -> None:
        """Play a sound, and stay until its end. Raises NoAnswer when it does not end in its time."""
        raise CannotExpress(f"{self.profile.name} makes no sound")
