"""The [options] of an Onbon profile; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kioskd.devices.kinds import SignState
from kioskd.reading import Mistake

Colour = Literal["red", "green", "yellow"]
Pixels = Annotated[int, Meta(ge=0, le=4096)]
Seconds = Annotated[float, Meta(gt=0, le=60)]


class OnbonOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where on the screen this device is, how its text looks, and what the document leaves in doubt."""

    # --- the area ---
    area: Annotated[int, Meta(ge=0, le=31)] = 0
    """Its number, from 0. Several devices may share one controller, each with an area of its own."""
    x: Pixels = 0
    y: Pixels = 0
    width: Annotated[int, Meta(ge=8, le=4096)] = 64
    height: Annotated[int, Meta(ge=8, le=4096)] = 16
    """All in pixels."""
    unit_px: Literal[1, 8] = 8
    """What x and width count in on the wire: 8 pixels (5K) or 1."""
    pixel_bit: bool = False
    """Set the highest bit of x and width, which on 6K says that they count in pixels. [doubt]"""

    # --- the text ---
    charset: Literal["gb2312", "gbk"] = "gb2312"
    prefix: str = ""
    """Sent before every text, such as `\\FO000`, the font command."""
    font_px: Annotated[int, Meta(ge=8, le=64)] = 16
    """The height of the controller's font: so wide is a Chinese character, half of it a digit."""
    colours: dict[SignState, Colour] = {}
    """The colour of each state; see `text.COLOURS` for those that are not here."""
    texts: dict[SignState, str] = {}
    """Sentences of this model's own, with <red>, <green>, <yellow>; an empty one leaves the area dark."""
    mode: Literal["auto", "static", "quick", "left", "right", "up", "down"] = "auto"
    """How text appears. auto: it stands where it fits in one line, otherwise it moves to the left."""
    speed: Annotated[int, Meta(ge=0, le=24)] = 4
    """0 is the fastest."""
    stay_s: Annotated[float, Meta(ge=0, le=127.5)] = 4.0
    align_x: Literal["left", "right", "center"] = "left"
    align_y: Literal["top", "bottom", "middle"] = "top"
    line_space: Annotated[int, Meta(ge=0, le=255)] = 0
    single_line: bool = False
    """Only one line; a text that moves to the left always has one."""
    wrap: bool = False
    """Let the controller break lines by itself."""
    run_mode: Annotated[int, Meta(ge=0, le=5)] = 0
    """0: round and round. 2: dark when nothing new came for `timeout_s`: set refresh_s below that."""
    timeout_s: Annotated[int, Meta(ge=0, le=65535)] = 5
    process: Literal[0, 1] = 0
    """The document's ProcessMode; 1 clears the area first."""

    # --- the controller ---
    display_mode: Literal[0, 1] = 0
    """0: areas beside the stored programs. 1: areas first, over the programs."""
    device_type: Annotated[int, Meta(ge=0, le=255)] = 0xFE
    """The model's number in the frames; FE is any."""
    power_on: bool = True
    """Switch the screen on when it is met."""
    brightness: Annotated[int, Meta(ge=0, le=15)] | None = None
    """Set when it is met; none leaves it as it is."""
    brightness_table: bool = True
    """Send the 48 half hours behind a fixed brightness, too. [doubt]"""
    ask_facts: bool = True
    """Ask once for firmware and state; a controller that does not answer that is no worse for it."""
    answer_s: Seconds = 1.0
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    """How often a command is sent again when it was not answered, or refused for a passing reason."""

    def mistakes(self) -> list[Mistake]:
        """An area that this model cannot place."""
        return [
            Mistake("", name, f"{value}: this model places areas by {self.unit_px} pixels, give a multiple")
            for name, value in (("x", self.x), ("width", self.width))
            if value % self.unit_px
        ]
