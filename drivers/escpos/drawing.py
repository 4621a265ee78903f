"""Draws a ticket as the paper looks: 203 dots an inch, thermal grey on white, with margins and a cut edge."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageOps

from drivers.escpos import fonts
from drivers.escpos.strip import Line, Picture, Span, Strip, Style, Ticket

DOTS_A_MM = 8
PAPER_MM = {576: 80, 512: 80, 384: 58}
"""How wide the paper is for a printable width in dots; other widths get 4 mm on each side."""
PAPER, INK, DESK = 250, 28, 205
MARGIN_TOP, TOOTH = 24, 6
LONGEST_DOTS = 16_000
"""A strip that nobody cut is drawn from its end, up to two metres."""


def draw(ticket: Ticket, dots: int) -> bytes:
    """The ticket as a PNG, one pixel a dot. dots: the printable width."""
    width = PAPER_MM.get(dots, dots // DOTS_A_MM + 8) * DOTS_A_MM
    lines = _last_lines(ticket)
    height = sum(line.height for line in lines)
    paper = Image.new("L", (width, height + MARGIN_TOP + 2 * TOOTH), PAPER)
    y = MARGIN_TOP
    for line in lines:
        _draw_line(paper, line, (width - dots) // 2, y)
        y += line.height
    _draw_edge(paper, ticket.complete)
    png = io.BytesIO()
    paper.save(png, "PNG")
    return png.getvalue()


def _last_lines(ticket: Ticket) -> list[Line]:
    room, lines = LONGEST_DOTS, []
    for line in reversed(ticket.lines):
        room -= line.height
        if room < 0:
            break
        lines.append(line)
    return lines[::-1]


def picture_of(strip: Strip, index: int, dots: int) -> bytes | None:
    """The ticket at `index` of the strip as a PNG, or None when there is none."""
    ticket = strip.ticket(index)
    return draw(ticket, dots) if ticket else None


def _draw_line(paper: Image.Image, line: Line, left: int, y: int) -> None:
    tallest = max((part.height for part in line.parts), default=0)
    for part in line.parts:
        top = y + tallest - part.height  # everything stands on the same base line
        if isinstance(part, Picture):
            _draw_picture(paper, part, left + part.x, top)
        else:
            _draw_span(paper, part, left + part.x, top)


def _draw_picture(paper: Image.Image, picture: Picture, x: int, y: int) -> None:
    columns, rows = picture.dots
    needed = (columns + 7) // 8 * rows
    data = picture.rows[:needed].ljust(needed, b"\0")
    if needed:
        mask = Image.frombytes("1", (columns, rows), data).convert("L")
        mask = mask.resize((picture.width, picture.height), Image.Resampling.NEAREST)
        paper.paste(INK, (x, y), mask)


def _draw_span(paper: Image.Image, span: Span, x: int, y: int) -> None:
    for number, character in enumerate(span.text):
        glyph = _glyph(character, span.advance, span.height, span.style)
        if span.style.reverse:
            glyph = ImageOps.invert(glyph)
        paper.paste(INK, (x + number * span.advance, y), glyph)


@lru_cache(maxsize=4096)
def _glyph(character: str, width: int, height: int, style: Style) -> Image.Image:
    """One character in its cell: white where it inks."""
    cell = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(cell)
    if character == " ":
        pass
    elif fonts.font_file() is None:
        pen.rectangle((2, 2, width - 3, height - 3), outline=255)
    else:
        _draw_letter(cell, character, style)
    if style.underline:
        pen.rectangle((0, height - 2, width, height), fill=255)
    return cell


def _draw_letter(cell: Image.Image, character: str, style: Style) -> None:
    """Draw at the cell's own height and squeeze or stretch sideways, as a printer's magnification does."""
    width, height = cell.size
    narrow = character < "\x80"
    font = fonts.font(round(height * (0.83 if narrow else 0.92)))
    baseline = round(height * (0.79 if narrow else 0.88))  # a g has to end inside the cell
    natural = max(1, round(width / style.width * style.height))
    letter = Image.new("L", (natural, height), 0)
    pen = ImageDraw.Draw(letter)
    x = (natural - font.getlength(character)) / 2
    for offset in (0, 1) if style.bold else (0,):  # bold is struck twice, a dot apart
        pen.text((x + offset, baseline), character, fill=255, font=font, anchor="ls")
    cell.paste(letter.resize((width, height), Image.Resampling.BILINEAR))


def _draw_edge(paper: Image.Image, cut: bool) -> None:
    """A saw-tooth edge above, and below once the ticket was cut; one under way ends at the printer."""
    pen = ImageDraw.Draw(paper)
    width, height = paper.size
    for x in range(0, width, 2 * TOOTH):
        pen.polygon([(x, 0), (x + 2 * TOOTH, 0), (x + TOOTH, TOOTH)], fill=DESK)
        if cut:
            pen.polygon([(x, height), (x + 2 * TOOTH, height), (x + TOOTH, height - TOOTH)], fill=DESK)
    if not cut:
        pen.rectangle((0, height - TOOTH, width, height), fill=DESK - 60)
