"""The [wire] table of a profile as it is written: `drivers/framed/README.md` explains every key."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kioskd.devices.kinds import Sign, SignState

FieldType = Literal["u8", "u16be", "u16le"]


class FieldSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One named field of a frame. What is not said comes from the message."""

    type: FieldType | None = None
    """A number of this size; absent: bytes, as many as the message brings."""
    literal: str | None = None
    """Always these bytes, in hex: a literal that a range may name."""
    address: bool = False
    """The device's address."""
    counts: str | None = None
    """The number of bytes in this range, such as `ADDR..DATA`."""
    check: str | None = None
    """A checksum: `sum`, `xor`, or the name of a catalogued CRC such as `CRC-16/MODBUS`."""
    over: str | None = None
    """The range that the checksum is made over."""
    modulo: Annotated[int, Meta(ge=2)] | None = None
    """The checksum is the remainder of a division by this."""


class FrameSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of frame: its bytes in order, two hex digits for a literal byte, a word for a field."""

    layout: str
    max_bytes: Annotated[int, Meta(ge=1, le=4096)] = 255
    """The longest frame, before escaping. A longer one is never sent, and never waited for."""
    escapes: dict[str, str] = {}
    """Bytes that stand for another between the first and the last literals: `"A5" = "A6 02"`."""
    fields: dict[str, FieldSpec] = {}


class SendSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message from the host to the device."""

    frame: str
    fields: dict[str, str] = {}
    """What the frame's open fields hold: hex literals and `{value:type}`."""
    shows: str | None = None
    """What people then read on the device, where it is not the text that was sent. For the emulator."""
    line: Annotated[int, Meta(ge=1)] = 1
    """The line of the display this message writes, from the top. For the emulator."""
    clears: bool = False
    """Whether the device goes dark. For the emulator."""
    expect: str = ""
    """The message by which the device says that it got this one."""
    timeout_s: Annotated[float, Meta(gt=0, le=10)] = 0.5
    retries: Annotated[int, Meta(ge=0, le=10)] = 2


class ReceiveSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message from the device to the host. `{key:…}` holds key codes, `{rating:…}` a rating's code."""

    frame: str
    fields: dict[str, str] = {}
    acknowledge: str = ""
    """What the host answers: `echo` for the same bytes, or the name of a message it sends."""


class GoldenSign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sign, as a golden vector writes it."""

    state: SignState
    window: int = 1
    number: str = ""
    waiting: int = 0
    text: str = ""

    def sign(self) -> Sign:
        """The same as the floor would give it."""
        return Sign(
            state=self.state, window=self.window, number=self.number, waiting=self.waiting, text=self.text
        )


class Golden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes of a maker's document, and what they mean: a message with its values, or a sign."""

    says: str
    bytes: str
    address: int | None = None
    message: str = ""
    values: dict[str, int | str] = {}
    sign: GoldenSign | None = None


class WireSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole wire protocol."""

    protocol: str = ""
    """Models of one protocol cannot have the same address on one line; absent: the profile's name."""
    frames: dict[str, FrameSpec] = {}
    send: dict[str, SendSpec] = {}
    receive: dict[str, ReceiveSpec] = {}
    show: dict[str, list[str]] = {}
    """For each state of a sign the messages that can say it, best first; `a + b` is two in a row."""
    signals: dict[str, str] = {}
    """Which message makes a beep, and which invites a rating."""
    start: list[str] = []
    """Messages sent once after the port was opened."""
    poll: list[str] = []
    """Messages sent every `poll_s`; they should expect an answer."""
    keys: dict[str, str] = {}
    """Each key's name and its code; several codes in a row are a sequence, such as a digit and confirm."""
    ratings: dict[str, Annotated[int, Meta(ge=1, le=5)]] = {}
    """Each rating key's code and the level it stands for: 5 very satisfied … 1 very dissatisfied."""
    texts: dict[str, str] = {}
    """Sentences: under a state's name what is shown in that state, under any other name a value."""
    golden: list[Golden] = []
