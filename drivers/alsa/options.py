"""The [options] of a sound card's profile; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class SoundCardOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs between two sound cards."""

    late_s: Annotated[float, Meta(ge=0.5, le=30)] = 3.0
    """How long after its own length a sound may take to come to its end; then the card counts as stuck."""
