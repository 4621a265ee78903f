"""What stands on a sheet, as data: any part of the house may write one; it goes to the child as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Heading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """Begins a section."""

    text: str


class Text(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """A paragraph. small: a note beside the matter."""

    text: str
    small: bool = False


class Steps(msgspec.Struct, frozen=True, kw_only=True, tag="steps"):
    """A list; numbered, or with a box to tick."""

    items: tuple[str, ...]
    box: bool = False


class Facts(msgspec.Struct, frozen=True, kw_only=True, tag="facts"):
    """Names on the left, what they are on the right; so many pairs side by side."""

    rows: tuple[tuple[str, str], ...]
    abreast: Annotated[int, Meta(ge=1, le=4)] = 1


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows under a head that is repeated on every page.

    widths: how wide each column is beside the others. The columns from the second on are figures, unless
    figures is False.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    figures: bool = True


class Bars(msgspec.Struct, frozen=True, kw_only=True, tag="bars"):
    """A picture of numbers: what each bar is called, how long it is, and what stands at its end."""

    rows: tuple[tuple[str, float, str], ...]


class Code(msgspec.Struct, frozen=True, kw_only=True, tag="code"):
    """A QR code, and what it leads to."""

    content: Annotated[str, Meta(min_length=1, max_length=500)]
    caption: str = ""


Block = Heading | Text | Steps | Facts | Table | Bars | Code


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A document of one or more pages. foot: at the bottom of each, beside its number."""

    title: str
    subtitle: str = ""
    foot: str = ""
    turned: bool = False
    """Landscape, for wide tables."""
    language: Literal["zh", "en"] = "zh"
    blocks: tuple[Block, ...]
