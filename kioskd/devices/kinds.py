"""The words between the floor and a driver: what a device can do, and the values that pass between them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Literal

import msgspec

from kioskd.devices.cards import Card


class Kind(enum.StrEnum):
    """What a device can do. One device may be several: an `FF 68` pad has keys, digits and rating keys."""

    PRINTER = "printer"
    DISPLAY = "display"
    KEYPAD = "keypad"
    EVALUATOR = "evaluator"
    CAMERA = "camera"
    CARD_READER = "card_reader"
    SPEAKER = "speaker"


# --- displays ---


class SignState(enum.StrEnum):
    """What a window's sign says."""

    WELCOME = "welcome"  # open, nobody called
    CALL = "call"  # a ticket is called and has not come yet
    SERVING = "serving"
    PAUSED = "paused"
    CLOSED = "closed"


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a window's display may show. A device shows as much of it as it can.

    Displays are state: the owner keeps the newest sign and sends it when it differs from what the device
    shows, and again after every reconnect.
    """

    state: SignState
    window: int
    number: str = ""
    """The number as printed, such as A012; empty when no ticket is at the window."""
    waiting: int = 0
    """How many tickets this window may still call."""
    text: str = ""
    """The whole message as one sentence, for a device that shows free text."""

    @property
    def letter(self) -> str:
        """The part of the number before its digits: A of A012."""
        return self.number.rstrip("0123456789")

    @property
    def digits(self) -> str:
        """The digits of the number: 012 of A012."""
        return self.number[len(self.letter) :]


class Signal(enum.StrEnum):
    """Something a device does once, now; a signal that comes too late is dropped, not repeated."""

    BEEP = "beep"
    INVITE_RATING = "invite_rating"


# --- what a device says ---


class KeyPressed(msgspec.Struct, frozen=True):
    """A key of a keypad, debounced, by its name in the profile: call, recall, pause and so on."""

    device: str
    key: str


class Rated(msgspec.Struct, frozen=True):
    """A citizen pressed a rating key. level: 5 very satisfied … 1 very dissatisfied."""

    device: str
    level: int


class CardProblem(enum.StrEnum):
    """Why a card that lies on the reader tells nothing."""

    UNREADABLE = "unreadable"  # damaged, or not one of these cards at all
    MISREAD = "misread"  # what was read contradicts itself
    UNSUPPORTED = "unsupported_card"  # of a kind whose text we do not understand


class CardRead(msgspec.Struct, frozen=True):
    """A card was laid on the reader and read. Its text shows the person masked only."""

    device: str
    card: Card


class CardRefused(msgspec.Struct, frozen=True):
    """A card was laid on the reader and could not be used."""

    device: str
    problem: CardProblem


class HealthChanged(msgspec.Struct, frozen=True):
    """A device's health is another than before; ask the device which."""

    device: str


DeviceEvent = KeyPressed | Rated | CardRead | CardRefused | HealthChanged

# --- printers ---

Align = Literal["left", "center", "right"]


class Text(msgspec.Struct, frozen=True, tag="text"):
    """One paragraph. width and height are magnifications, 1 to 8; the printer breaks it at its columns."""

    text: str
    align: Align = "left"
    width: int = 1
    height: int = 1
    bold: bool = False


class Pair(msgspec.Struct, frozen=True, tag="pair"):
    """One line with a text at each edge, such as a label and its value."""

    left: str
    right: str


class Rule(msgspec.Struct, frozen=True, tag="rule"):
    """A line across the paper."""


class QrCode(msgspec.Struct, frozen=True, tag="qr"):
    """A QR code, centred."""

    data: str
    module_dots: int = 6


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Empty lines."""

    lines: int = 1


Block = Text | Pair | Rule | QrCode | Feed


class Document(msgspec.Struct, frozen=True):
    """What to print, free of any printer's language. It ends with a cut."""

    blocks: tuple[Block, ...]


class PrintEnd(enum.StrEnum):
    """How a job ended well."""

    PRINTED = "printed"  # the printer confirmed that it is on paper
    SENT = "sent"  # every byte was taken by a printer whose profile cannot confirm


class PrintJob(msgspec.Struct, frozen=True):
    """Rendered bytes on their way to paper.

    mark: a number unique to this job, for "printed up to here".
    on_first_byte: called once, before the first byte leaves; what it raises stops the job with nothing sent.
    """

    data: bytes
    mark: int
    on_first_byte: Callable[[], None]


# --- cameras ---


class Picture(msgspec.Struct, frozen=True):
    """One frame of a camera: a whole JPEG whose head was read, its size in pixels.

    What it shows may be anybody's papers: it is kept nowhere but where it was asked for, and never logged.
    """

    data: bytes
    width_px: int
    height_px: int

    def __repr__(self) -> str:
        return f"<Picture {self.width_px}x{self.height_px}, {len(self.data)} bytes>"
