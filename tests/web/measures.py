"""What a ruler and a light meter would say of a page in a real browser: sizes, contrast, places, focus.

Each looks at what is really painted: computed styles and boxes, not the style sheet.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page


class Box(NamedTuple):
    """A control or a text as it is on the screen; lengths in CSS pixels. what: its text, to name it."""

    what: str
    x: float
    y: float
    width: float
    height: float


class Lettering(NamedTuple):
    """A text, its type's size in CSS pixels, and its contrast with what is behind it."""

    what: str
    px: float
    contrast: float


_SCRIPT = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def controls(page: Page, within: str = "body") -> list[Box]:
    """Everything visible that can be touched or tabbed to."""
    return [Box(*found) for found in page.evaluate(_SCRIPT, ["controls", within])]


def lettering(page: Page, within: str = "body") -> list[Lettering]:
    """Every visible text. Its contrast is that with the worst of a gradient's colours."""
    return [Lettering(*found) for found in page.evaluate(_SCRIPT, ["lettering", within])]


def cut_off(page: Page, within: str = "body") -> list[Box]:
    """Texts that are wider than their place, or run out of the screen at the side."""
    return [Box(*found) for found in page.evaluate(_SCRIPT, ["cut", within])]


def focus(page: Page) -> tuple[str, float]:
    """What has the focus, and how wide its ring is; 0: it cannot be seen."""
    what, ring_px = page.evaluate(_SCRIPT, ["focus", "body"])
    return what, ring_px


def too_small(page: Page, *, touch_px: float, type_px: float, within: str = "body") -> list[str]:
    """What is smaller than it may be, in words; an empty list is good."""
    small = [
        f"{box.what!r} is {box.width:.0f} × {box.height:.0f} px"
        for box in controls(page, within)
        if box.width < touch_px - 0.5 or box.height < touch_px - 0.5
    ]
    fine = [
        f"{text.what!r} is set in {text.px:.1f} px"
        for text in lettering(page, within)
        if text.px < type_px - 0.05
    ]
    return small + fine


def too_faint(page: Page, *, contrast: float, within: str = "body") -> list[str]:
    """What has less contrast than it must, in words; an empty list is good."""
    return [
        f"{text.what!r} has {text.contrast:.2f}:1"
        for text in lettering(page, within)
        if text.contrast < contrast - 0.005
    ]
