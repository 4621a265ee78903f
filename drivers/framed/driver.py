"""The driver whose protocol is the profile: strips, pads, evaluators and pole displays of many makers.

README.md beside this file is the reference of the [wire] table; docs/new-strip.md walks through writing one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from drivers.framed.codec import (
    FACTORY_ADDRESS,
    SEQUENCE,
    Codec,
    Heard,
    Message,
    Outgoing,
    layouts_of,
    understand,
)
from drivers.framed.compile import compile_wire
from drivers.framed.decoder import Decoder
from drivers.framed.echo import Echo
from drivers.framed.explain import FramedExplainer
from drivers.framed.fieldtypes import Value, code
from drivers.framed.frame import Frame
from drivers.framed.golden import check_golden
from drivers.framed.options import FramedOptions
from drivers.framed.presses import KeyTable, Presses
from drivers.framed.spec import ReceiveSpec, SendSpec, WireSpec
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import NoAnswer, ProfileError
from kioskd.devices.explain import Explainer
from kioskd.devices.kinds import Kind, Sign, Signal
from kioskd.devices.profiles import Profile
from kioskd.reading import Mistake, read_as

BITS_A_BYTE = 10
"""Start bit, eight data bits, stop bit."""


def codec_of(profile: Profile, values: dict[str, int]) -> Codec:
    """The codec of a profile, `values` laid over its own `options.values`.

    Raises ProfileError with all mistakes.
    """
    mistakes: list[Mistake] = []
    constants = profile.options.get("values", {}) | values
    codec = compile_wire(profile.wire, constants, str(profile.file), mistakes)
    if codec is None:
        raise ProfileError("\n".join(map(str, mistakes)))
    return codec


class FramedDevice(Driver):
    """One device that speaks what its profile's [wire] table says."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.DISPLAY, Kind.KEYPAD, Kind.EVALUATOR})
    Options: ClassVar[type[msgspec.Struct]] = FramedOptions
    Wire: ClassVar[type[msgspec.Struct] | None] = WireSpec

    @classmethod
    def check(cls, profile: Profile) -> list[str]:
        """Every mistake in the [wire] table, or every golden vector that fails."""
        mistakes: list[Mistake] = []
        options = read_as(profile.options, FramedOptions, file="", key="options", mistakes=mistakes)
        codec = compile_wire(profile.wire, options.values if options else {}, "", mistakes)
        if codec is None or mistakes:
            return [str(mistake).removeprefix(": ") for mistake in mistakes]
        problems = _unserved(profile, codec)
        return problems + [
            f"wire.golden[{index}] ({golden.says}): {problem}"
            for index, golden in enumerate(msgspec.convert(profile.wire, WireSpec).golden)
            for problem in check_golden(golden, codec)
        ]

    @classmethod
    def key_names(cls, profile: Profile, options: msgspec.Struct) -> frozenset[str]:
        """The names of [wire.keys]."""
        return frozenset(profile.wire.get("keys", {}))

    @classmethod
    def line_protocol(cls, profile: Profile) -> str | None:
        """What the profile calls its protocol, where its frames carry an address."""
        frames: dict[str, Any] = profile.wire.get("frames", {})
        addressed = any(
            field.get("address") for frame in frames.values() for field in frame.get("fields", {}).values()
        )
        return str(profile.wire.get("protocol") or profile.name) if addressed else None

    @classmethod
    def explainer(cls, profile: Profile, options: msgspec.Struct) -> Explainer:
        """The messages of the profile, by name."""
        assert isinstance(options, FramedOptions)
        return FramedExplainer(codec_of(profile, options.values), profile.timing.silence_s)

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, FACTORY_ADDRESS if address is None else address)
        assert isinstance(options, FramedOptions)
        self._codec = codec_of(profile, options.values)
        self._receive = [message for message in self._codec.receive.values() if _concerns(message, profile)]
        self._decoder = Decoder(layouts_of(self._receive), link.count)
        self._echo = Echo(link.local_echo, life_s=options.echo_life_s, known_life_s=options.resend_s)
        self._presses = Presses(options.resend_s)
        self._keys = KeyTable(self._codec.keys, options.sequence_s)
        self._answer = ""
        self._sequence = 1

    # --- from the host ---

    def probe(self) -> None:
        """Send what the profile wants sent first. Raises NoAnswer."""
        for message in self._codec.start:
            self._send(self._outgoing(message))

    def poll(self) -> None:
        """Ask the device how it is, where the profile knows how. Raises NoAnswer."""
        for message in self._codec.poll:
            self._send(self._outgoing(message))

    def show(self, sign: Sign) -> None:
        """Show the sign in the best way this device has. Raises CannotExpress, NoAnswer."""
        for outgoing in self._codec.for_sign(sign, self.address, sequence=self._sequence):
            self._send(outgoing)

    def signal(self, signal: Signal) -> None:
        """Beep, or invite a rating. Raises CannotExpress, NoAnswer."""
        self._send(self._outgoing(self._codec.for_signal(signal)))

    def _outgoing(self, message: Message, values: Mapping[str, Value] | None = None) -> Outgoing:
        return self._codec.outgoing(message, {SEQUENCE: self._sequence % 256, **(values or {})}, self.address)

    def _send(self, outgoing: Outgoing) -> None:
        spec = outgoing.message.spec
        assert isinstance(spec, SendSpec)
        if not spec.expect:
            self._write(outgoing.frame)
            return
        for _ in range(1 + spec.retries):
            self._answer = ""
            self._write(outgoing.frame)
            try:
                self.link.wait(lambda: self._answer == spec.expect or None, timeout_s=spec.timeout_s)
            except NoAnswer:
                continue
            return
        raise NoAnswer(
            f"{self.profile.title} at address {self.address} was sent {outgoing.message.name} "
            f"{1 + spec.retries} times and never answered {spec.expect}: "
            "check its power, its cable and its address"
        )

    def _write(self, frame: bytes) -> None:
        self._sequence += 1
        certain = not any(message.reads(frame) for message in self._receive)
        self.link.write(frame)
        leaves_s = self.link.now_s() + len(frame) * BITS_A_BYTE / self.profile.port.baud
        self._echo.sent(frame, leaves_s, certain=certain)

    # --- from the device ---

    def received(self, data: bytes) -> None:
        """Take what this device sent out of what arrived on its line."""
        for frame in self._decoder.feed(data):
            self._take(frame)

    def silence(self) -> None:
        """An unfinished frame stays unfinished; what it hid is taken."""
        for frame in self._decoder.silence():
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        now_s = self.link.now_s()
        if frame.address not in (None, self.address):
            self.link.count("other_address")
        elif self._echo.takes(frame.raw, now_s):
            self.link.count("echo")
        elif (heard := understand(frame, self._receive)) is None:
            self.link.count("unknown_frame")
        else:
            self._answer = heard.message.name
            self._hear(heard, frame.raw, now_s)

    def _hear(self, heard: Heard, raw: bytes, now_s: float) -> None:
        if not {"key", "rating"} & heard.values.keys():
            self._acknowledge(heard, raw)
            return
        if self._presses.is_new(raw, now_s):
            self._announce(heard.values, now_s)
        else:
            self.link.count("resent")
        if self._presses.answerable:
            self._acknowledge(heard, raw)

    def _announce(self, values: dict[str, Value], now_s: float) -> None:
        if "key" in values:
            key = self._keys.name(code(values["key"]), now_s)
            if key is None:
                self.link.count("unknown_key")
            else:
                self.link.pressed(key)
        if "rating" in values:
            level = self._codec.ratings.get(code(values["rating"]))
            if level is None:
                self.link.count("unknown_rating")
            else:
                self.link.rated(level)

    def _acknowledge(self, heard: Heard, raw: bytes) -> None:
        spec = heard.message.spec
        assert isinstance(spec, ReceiveSpec)
        if spec.acknowledge == "echo":
            self._write(raw)
        elif spec.acknowledge:
            message = self._codec.send[spec.acknowledge]
            self._write(self._outgoing(message, heard.values).frame)


def _concerns(message: Message, profile: Profile) -> bool:
    """Whether a model of these kinds sends this message: an evaluator has no keys, a keypad no ratings."""
    needs = {"key": Kind.KEYPAD, "rating": Kind.EVALUATOR}
    return all(kind in profile.kinds for name, kind in needs.items() if name in message.names)


def _unserved(profile: Profile, codec: Codec) -> list[str]:
    """The kinds that a profile promises and its [wire] table does not serve."""
    heard = {name for message in codec.receive.values() for name in message.names}
    served = {
        Kind.DISPLAY: (bool(codec.show), "[wire.show] says how to show no state"),
        Kind.KEYPAD: ("key" in heard and bool(codec.keys), "no received {key:…}, or no [wire.keys]"),
        Kind.EVALUATOR: (
            "rating" in heard and bool(codec.ratings),
            "no received {rating:…}, or no [wire.ratings]",
        ),
    }
    return [
        f"kinds: {kind}, but {problem}"
        for kind, (is_served, problem) in served.items()
        if kind in profile.kinds and not is_served
    ]
