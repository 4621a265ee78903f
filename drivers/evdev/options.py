"""The [options] of a pad that is a USB keyboard; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Level = Annotated[int, Meta(ge=1, le=5)]


class EvdevOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the keys of one model mean, by the kernel's names for them, and how patient to be with them."""

    keys: dict[str, str] = {}
    """Kernel's name → what the key is for, such as KEY_KPENTER = "call"; "" for a key that says nothing."""
    ratings: dict[str, Level] = {}
    """Kernel's name → level, 5 (best) to 1."""
    bounce_s: Annotated[float, Meta(ge=0, le=1)] = 0.04
    """A key that goes down again so soon after its own last move has bounced. 0: none ever does."""
    scanner_keys: Annotated[int, Meta(ge=1, le=60)] = 6
    """More keys than this without a gap (`silence_s` of [timing]) come from a barcode scanner."""
    held_s: Annotated[float, Meta(gt=0, le=3600)] = 20.0
    """A key that is down for longer has something lying on it."""
