"""A profile describes one hardware model: its driver, its port settings, its options, its wire format.

`profile_files` reads it from a TOML file named after the model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kioskd.devices.kinds import Kind


class PortSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to talk on the port this model is attached to; a hall file may override each."""

    baud: int = 9600
    format: Literal["8N1", "8E1", "8O1", "7E1", "7O1", "8N2"] = "8N1"
    flow: Literal["none", "rtscts", "xonxoff"] = "none"


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds that belong to the model."""

    poll_s: float = 5.0
    """How often the device is looked after."""
    refresh_s: float | None = None
    """How often a display that cannot tell whether it lost its power is sent its sign again."""
    silence_s: float = 0.1
    """The gap after which an unfinished frame will not be finished."""


class Recognise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one of this model's USB devices is recognised; all that is given must fit. For `kioskd scan`.

    usb: vendor and product, such as 04b8:0e15, or 04b8: for all of a vendor's. maker, model: regular
    expressions found in what the device calls itself.
    """

    usb: Annotated[str, Meta(pattern="^([0-9a-f]{4}:([0-9a-f]{4})?)?$")] = ""
    maker: str = ""
    model: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hardware model, read from one TOML file named after it."""

    name: str
    title: str
    driver: str
    kinds: frozenset[Kind]
    maturity: Literal["emulated", "lab", "field"] = "emulated"
    """emulated: only ever met an emulator; lab: met a real kernel driver; field: reported from hardware."""
    source: str = ""
    """Where the facts come from: document and table."""
    notes: str = ""
    """What a technician should know: what is an assumption, and which option to change if it is wrong."""
    setup_zh: str = ""
    setup_en: str = ""
    """What must be set on the device itself, such as a DIP switch, and how one sees that it is not."""
    recognise: tuple[Recognise, ...] = ()
    """How to recognise one that is plugged in: each entry by itself is enough."""
    port: PortSettings = PortSettings()
    timing: Timing = Timing()
    options: dict[str, Any] = {}
    """The driver's options (`Driver.Options`), each overridable per device in the hall file."""
    wire: dict[str, Any] = {}
    """The wire format, for a driver whose protocol is the profile (`framed`)."""
    file: Path = Path()
    """Where it was read from; for error messages."""
