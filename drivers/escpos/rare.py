"""A line with characters that the printer's own font lacks, in its language.

Three ways, by the profile's option `rare`; each keeps a character's two columns, so that what stands beside
it stays in its place.
"""

from __future__ import annotations

from drivers.escpos import glyphs, library
from drivers.escpos.options import EscposOptions
from drivers.escpos.text import Encoder, Look

IN_LINE = b"\x1b*\x21\x18\x00"
"""ESC * 33: 24 columns of 24 dots, 180 a inch or what the head has. No print mode changes it (Epson)."""
DEFINE = b"\x1c2"
USER_CODES = [bytes([0xFE, 0xA1 + n]) for n in range(6)]
"""Where simplified Chinese models let characters be defined: FE A1 to FE FE (Epson, FS 2), some only six."""


def line(text: str, look: Look, options: EscposOptions, encoder: Encoder) -> bytes:
    """The bytes of one line of cleaned text, to its line feed."""
    lacking = list(dict.fromkeys(c for c in text if not encoder.has(c)))
    taught = options.rare == "defined" and options.encoding != "utf-8"  # UTF-8 has no such codes
    if taught and len(lacking) <= len(USER_CODES):
        return _defined(text, lacking, encoder)
    if options.rare != "line" and (look.width, look.height) == (1, 1):
        return _in_line(text, look, encoder)
    return _whole(text, look)


def _in_line(text: str, look: Look, encoder: Encoder) -> bytes:
    """Each lacking character as a small picture in its place."""
    pieces = (
        encoder.encode(c) if encoder.has(c) else IN_LINE + glyphs.columns(c, bold=look.bold) for c in text
    )
    return b"".join(pieces) + b"\n"


def _defined(text: str, lacking: list[str], encoder: Encoder) -> bytes:
    """Teach the printer what it lacks, then write the line with it. The next line may teach others.

    The printer magnifies and emboldens them with the rest of the line.
    """
    codes = dict(zip(lacking, USER_CODES, strict=False))
    lessons = b"".join(DEFINE + code + glyphs.columns(c) for c, code in codes.items())
    return lessons + b"".join(codes.get(c) or encoder.encode(c) for c in text) + b"\n"


def _whole(text: str, look: Look) -> bytes:
    """The whole line as a picture."""
    picture = glyphs.line(text, width=look.width, height=look.height, bold=look.bold)
    return glyphs.harmless(library.raster(picture, doubled=False))
