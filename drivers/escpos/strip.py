"""What is on an emulated printer's paper: lines and pictures, cut into tickets. Knows no ESC/POS."""

from __future__ import annotations

import msgspec


class Style(msgspec.Struct, frozen=True):
    """How a stretch of text looks. width and height magnify the font's cell, 1 to 8."""

    width: int = 1
    height: int = 1
    bold: bool = False
    underline: bool = False
    reverse: bool = False
    cell: tuple[int, int] = (12, 24)
    """Dots of one narrow character before magnification; a Chinese one is 24 by 24."""


class Span(msgspec.Struct):
    """Characters of one style, side by side, beginning at x dots from the line's start."""

    x: int
    text: str
    advance: int
    """Dots each of its characters takes."""
    style: Style

    @property
    def width(self) -> int:
        """Dots it takes in all."""
        return self.advance * len(self.text)

    @property
    def height(self) -> int:
        """Dots it is high."""
        return (24 if self.advance == 24 * self.style.width else self.style.cell[1]) * self.style.height


class Picture(msgspec.Struct, frozen=True):
    """A picture of one bit a dot, rows padded to whole bytes, each dot drawn `scale` dots wide and high."""

    x: int
    dots: tuple[int, int]
    rows: bytes
    scale: tuple[int, int] = (1, 1)
    label: str = ""
    """What it says to a reader of text, such as a QR code's content."""

    @property
    def width(self) -> int:
        """Dots it takes across the paper."""
        return self.dots[0] * self.scale[0]

    @property
    def height(self) -> int:
        """Dots it takes along the paper."""
        return self.dots[1] * self.scale[1]

    @property
    def text(self) -> str:
        """Its place in a text."""
        return self.label or f"[{self.width}x{self.height}]"


class Line(msgspec.Struct, frozen=True):
    """One printed line: what stands on it and how far the paper moved, in dots."""

    parts: tuple[Span | Picture, ...]
    height: int

    @property
    def text(self) -> str:
        """The line as text; a jump to the right becomes spaces."""
        words, end = "", None
        for part in self.parts:
            if end is not None and part.x > end:
                words += " " * max(1, (part.x - end) // 12)
            words += part.text
            end = part.x + part.width
        return words.rstrip()


class Ticket(msgspec.Struct):
    """The paper from one cut to the next. Incomplete: not cut yet."""

    lines: list[Line] = []
    raw: bytearray = msgspec.field(default_factory=bytearray)
    """The bytes that were interpreted for it."""
    complete: bool = False

    @property
    def text(self) -> str:
        """Its lines that are not empty."""
        return "\n".join(text for line in self.lines if (text := line.text))


class Strip:
    """Everything a printer has printed, newest last; the oldest tickets are forgotten beyond `limit`."""

    def __init__(self, limit: int = 2000) -> None:
        self.limit = limit
        self.forgotten = 0
        self.tickets: list[Ticket] = []
        self.under_way = Ticket()

    def add(self, line: Line) -> None:
        """Put one more line on the paper."""
        self.under_way.lines.append(line)

    def tear(self) -> None:
        """End the ticket under way, by the cutter or by hand. Blank paper is a ticket too, none is not."""
        if not self.under_way.lines:
            return
        self.under_way.complete = True
        self.tickets.append(self.under_way)
        self.under_way = Ticket()
        surplus = max(0, len(self.tickets) - self.limit)
        del self.tickets[:surplus]
        self.forgotten += surplus

    def __len__(self) -> int:
        return self.forgotten + len(self.tickets) + bool(self.under_way.lines)

    def ticket(self, index: int) -> Ticket | None:
        """The ticket at `index`, from the first ever printed, or from the end below 0; None if not there."""
        kept = [*self.tickets, self.under_way] if self.under_way.lines else self.tickets
        position = index - self.forgotten if index >= 0 else len(kept) + index
        return kept[position] if 0 <= position < len(kept) else None

    def newest(self, count: int) -> list[tuple[int, Ticket]]:
        """The newest `count` tickets with their indexes, oldest of them first."""
        indexes = range(max(self.forgotten, len(self) - count), len(self))
        return [(index, ticket) for index in indexes if (ticket := self.ticket(index))]
