"""Text as the printer's Chinese mode takes it: encoded, and measured and broken in its own columns."""

from __future__ import annotations

import re
import unicodedata

import msgspec

MISSING = "〓"
"""Printed, visibly, for a character that the printer's encoding does not have."""

EQUALS = str.maketrans({
    "¥": "￥", "\u00a0": " ", "\t": " ", "〜": "～", "•": "·", "‧": "·", "・": "·", "−": "-", "‐": "-",
    "‑": "-",
})  # fmt: skip
"""Characters that GBK lacks or writes otherwise, with the same sign in its own place."""

CLOSING = "，。、；：？！…—）》」』】〕”’％～·,.;:?!)]}%"
"""What must not stand at the beginning of a line."""

_PIECES = re.compile(rf"[!-~]+|\s+|[^\s!-~][{re.escape(CLOSING)}]*")


class Look(msgspec.Struct, frozen=True):
    """How a line's characters look: magnification 1 to 8, and boldness."""

    width: int = 1
    height: int = 1
    bold: bool = False


class Encoder(msgspec.Struct, frozen=True):
    """What one printer reads and has: its encoding (gbk, gb18030, utf-8) and its font (gb2312, gbk, all).

    draws: characters that it lacks are drawn for it, as far as this machine's font goes.
    """

    encoding: str
    glyphs: str = "gbk"
    draws: bool = False

    def clean(self, text: str) -> tuple[str, int]:
        """The text in characters that come onto paper, and how many were replaced by 〓.

        Control characters and invisible ones are left out: no text may speak to the printer.
        """
        composed = unicodedata.normalize("NFC", text).translate(EQUALS)
        visible = [c for c in composed if c == "\n" or unicodedata.category(c) not in UNPRINTED]
        printable = [c if self.has(c) or self._drawn(c) else MISSING for c in visible]
        replaced = sum(a != b for a, b in zip(visible, printable, strict=True))
        return "".join(printable), replaced

    def has(self, character: str) -> bool:
        """Whether the printer has this character itself."""
        if unicodedata.category(character) in ("Co", "Cn"):
            return False  # private and unassigned: encodable perhaps, but no printer has a glyph
        try:
            character.encode(self.encoding)
            if self.glyphs != "all":
                character.encode(self.glyphs)
        except UnicodeEncodeError:
            return False
        return True

    def _drawn(self, character: str) -> bool:
        """Whether it can be drawn for the printer."""
        if not self.draws:
            return False
        from drivers.escpos import fonts  # only a rare character pays for loading it

        return fonts.has_glyph(character)

    def encode(self, text: str) -> bytes:
        """The bytes of cleaned text."""
        return text.encode(self.encoding)

    def columns(self, text: str) -> int:
        """Narrow columns the printer takes for it: everything but ASCII is in its Chinese font, two wide."""
        return sum(1 if character < "\x80" else 2 for character in text)

    def wrap(self, text: str, columns: int) -> list[str]:
        """Break text into lines of at most so many columns.

        Between words and between Chinese characters; never before closing punctuation, unless a line is too
        short for that.
        """
        return [line for paragraph in text.split("\n") for line in self._wrap_paragraph(paragraph, columns)]

    def _wrap_paragraph(self, text: str, columns: int) -> list[str]:
        lines, line = [], ""
        for piece in self._pieces(text, columns):
            if line and self.columns(line + piece.rstrip()) > columns:
                lines.append(line.rstrip())
                line = ""
            line += piece if line or not piece.isspace() else ""
        return [*lines, line.rstrip()]

    def _pieces(self, text: str, columns: int) -> list[str]:
        """What may not be broken; what is too long for a line is broken all the same."""
        pieces = []
        for piece in _PIECES.findall(text):
            while self.columns(piece) > columns:
                fits = next(
                    n for n in range(len(piece), 0, -1) if n == 1 or self.columns(piece[:n]) <= columns
                )
                pieces.append(piece[:fits])
                piece = piece[fits:]
            pieces.append(piece)
        return pieces


UNPRINTED = {"Cc", "Cf", "Mn", "Me", "Zl", "Zp"}
"""Unicode categories of characters that take no place on paper."""
