"""What the voice's routes take and give."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LONGEST_TEXT = 200


class SayText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to say on the hall's loudspeakers: a text, or the call of a ticket's number to a window."""

    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    ticket: Annotated[str, Meta(pattern="^[A-Z]{0,2}[0-9]{1,6}$|^$")] = ""
    window: Annotated[int, Meta(ge=1, le=255)] = 1
    language: Literal["zh", "en"] = "zh"


class SaidBy(msgspec.Struct, frozen=True):
    """The loudspeakers that will say it, behind what waits to be said already."""

    speakers: tuple[str, ...]
