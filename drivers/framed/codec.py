"""A compiled [wire] table: messages to bytes and bytes to messages, on both sides of the wire."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping

import msgspec

from drivers.framed.fieldtypes import Unfit, Value
from drivers.framed.frame import Frame, Layout
from drivers.framed.spec import ReceiveSpec, SendSpec
from drivers.framed.template import Template
from drivers.framed.words import sign_values
from kioskd.devices.errors import CannotExpress
from kioskd.devices.kinds import Sign, Signal, SignState

FACTORY_ADDRESS = 1
"""The address of a device that the hall file gives none: what strips and pads are delivered with."""


SEQUENCE = "sequence"
"""The value that counts the messages sent, from 1, modulo 256."""


class Message(msgspec.Struct, frozen=True):
    """A message of either direction: which frame it is, and what the frame's open fields hold."""

    name: str
    layout: Layout
    templates: dict[str, Template]
    spec: SendSpec | ReceiveSpec

    def encode(self, values: Mapping[str, Value], address: int | None) -> bytes:
        """The frame on the wire. Raises Unfit when it cannot say exactly these values."""
        fields = {name: template.encode(values) for name, template in self.templates.items()}
        return self.layout.build(fields, FACTORY_ADDRESS if address is None else address)

    def decode(self, frame: Frame) -> dict[str, Value] | None:
        """The values in a frame, or None when it is not this message."""
        if frame.layout != self.layout.name:
            return None
        values: dict[str, Value] = {}
        try:
            for name, template in self.templates.items():
                values |= template.decode(frame.fields[name])
        except Unfit:
            return None
        return values

    def reads(self, data: bytes) -> bool:
        """Whether these bytes are this message."""
        frame = self.layout.match(data)
        return isinstance(frame, Frame) and self.decode(frame) is not None

    @property
    def names(self) -> set[str]:
        """The values it carries."""
        return {name for template in self.templates.values() for name in template.names}


class Heard(msgspec.Struct, frozen=True):
    """A frame understood."""

    message: Message
    values: dict[str, Value]


class Outgoing(msgspec.Struct, frozen=True):
    """A message and its bytes."""

    message: Message
    frame: bytes


class Codec(msgspec.Struct, frozen=True):
    """One profile's protocol, checked. `compile.py` makes it; docs of each table are in `spec.py`."""

    send: dict[str, Message]
    receive: dict[str, Message]
    show: dict[SignState, list[list[Message]]]
    signals: dict[Signal, Message]
    start: list[Message]
    poll: list[Message]
    keys: dict[bytes, str]
    ratings: dict[bytes, int]
    texts: dict[str, str]
    constants: dict[str, int]
    """The profile's `options.values`."""

    def for_sign(self, sign: Sign, address: int | None, *, sequence: int = 1) -> list[Outgoing]:
        """The first of the state's alternatives that says the sign exactly. sequence: of its first message.

        Where the hall's own words cannot be said, the common words are: a strip must never go on showing an
        old number. Raises CannotExpress with the reason against each alternative.
        """
        try:
            return self._said(sign, address, sequence)
        except CannotExpress:
            if not sign.text:
                raise
            with contextlib.suppress(CannotExpress):
                return self._said(msgspec.structs.replace(sign, text=""), address, sequence)
            raise

    def _said(self, sign: Sign, address: int | None, sequence: int) -> list[Outgoing]:
        values = self.constants | sign_values(sign, self.texts)
        reasons: list[str] = []
        for messages in self.show.get(sign.state, []):
            try:
                return [
                    Outgoing(message, message.encode({**values, SEQUENCE: number % 256}, address))
                    for number, message in enumerate(messages, sequence)
                ]
            except Unfit as unfit:
                reasons.append(f"{' + '.join(message.name for message in messages)}: {unfit}")
        why = "; ".join(reasons) or "the profile names no message for it"
        raise CannotExpress(f"cannot show {sign.state} {sign.number}: {why}")

    def for_signal(self, signal: Signal) -> Message:
        """The message of a signal. Raises CannotExpress where the profile has none."""
        if signal not in self.signals:
            raise CannotExpress(f"the profile names no message for {signal}")
        return self.signals[signal]

    def outgoing(self, message: Message, values: Mapping[str, Value], address: int | None) -> Outgoing:
        """A message with these values beside the profile's own. Raises CannotExpress."""
        try:
            return Outgoing(message, message.encode({**self.constants, **values}, address))
        except Unfit as unfit:
            raise CannotExpress(f"cannot send {message.name}: {unfit}") from None


def understand(frame: Frame, messages: Iterable[Message]) -> Heard | None:
    """The first of `messages` that `frame` is, or None."""
    for message in messages:
        values = message.decode(frame)
        if values is not None:
            return Heard(message, values)
    return None


def layouts_of(messages: Iterable[Message]) -> list[Layout]:
    """The layouts these messages use, each once."""
    return list({message.layout.name: message.layout for message in messages}.values())
