"""Characters that a printer's own font lacks, drawn by us, dot for dot as the printer magnifies its own.

A Chinese character is 24 by 24 dots, an ASCII one 12 by 24, before magnification. Only where `fonts` has
found a font.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from drivers.escpos import fonts

CELL = 24
"""Dots of a Chinese character, both ways."""
CHINESE, NARROW = (24, 21), (20, 19)
"""Dots of the font, and from the top of the cell to where its characters stand; a g must end in the cell."""
DARK = 112
"""How dark, of 255, a dot must be to be burnt: below, dense characters clot; above, fine strokes break."""
LINE_DOTS = 30
"""The paper's way from line to line."""


@lru_cache(maxsize=512)
def columns(character: str, *, bold: bool = False) -> bytes:
    """The character as 24 columns of three bytes, the highest bit on top: for ESC * 33 and for FS 2."""
    picture = _glyph(character, CELL, 1, 1, bold)
    dots = picture.load()
    assert dots is not None
    data = bytearray()
    for x in range(CELL):
        column = sum(1 << (CELL - 1 - y) for y in range(CELL) if dots[x, y])
        data += column.to_bytes(3, "big")
    return harmless(bytes(data))


def line(text: str, *, width: int = 1, height: int = 1, bold: bool = False) -> Image.Image:
    """A whole line as a picture, dark on white, as high as the printer's own line of that size."""
    cells = [(character, CELL // 2 if character < "\x80" else CELL) for character in text]
    across = sum(cell for _, cell in cells) * width
    picture = Image.new("1", ((across + 7) // 8 * 8, max(CELL * height, LINE_DOTS)), 1)
    x = 0
    for character, cell in cells:
        picture.paste(0, (x, 0), _glyph(character, cell, width, height, bold))
        x += cell * width
    return picture


def harmless(data: bytes) -> bytes:
    """The same dots, but for one more where they would be a real-time command (10 04, 10 05, 10 14).

    Printers obey those wherever they stand, in a picture too (Epson, notes on DLE EOT).
    """
    for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
        data = data.replace(command, b"\x18" + command[1:])
    return data


@lru_cache(maxsize=512)
def _glyph(character: str, cell: int, width: int, height: int, bold: bool) -> Image.Image:
    """One character in its cell, ink where it is not zero. cell: dots across before magnification."""
    size, baseline = CHINESE if cell == CELL else NARROW
    font = fonts.font(size * height)
    natural = Image.new("L", (cell * height, CELL * height), 0)
    pen = ImageDraw.Draw(natural)
    x = (natural.width - font.getlength(character)) / 2
    for offset in (0, 1) if bold else (0,):  # bold is struck twice, a dot apart
        pen.text((x + offset, baseline * height), character, fill=255, font=font, anchor="ls")
    sized = natural.resize((cell * width, CELL * height), Image.Resampling.BILINEAR)
    return sized.point([255 * (level >= DARK) for level in range(256)], "1")
