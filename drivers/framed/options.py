"""The [options] of a framed profile; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(gt=0, le=60)]


class FramedOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs between two devices of one model, or what a document leaves in doubt."""

    resend_s: Seconds = 2.0
    """An identical key frame inside this time after a press is the same press, sent again."""
    resend_every_s: Seconds = 0.3
    """How soon a pad sends an unacknowledged key again. For the emulator."""
    sequence_s: Seconds = 5.0
    """How long a digit waits for the key that completes its sequence."""
    echo_life_s: Seconds = 0.25
    """How long after a frame has left the port its echo may come, where nobody said whether there is one."""
    values: dict[str, Annotated[int, Meta(ge=0, le=0xFFFF)]] = {}
    """Numbers that messages mention by name, such as a colour or a speed."""
