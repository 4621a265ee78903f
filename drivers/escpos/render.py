"""A document in a printer's language.

Chinese text is written here, beside python-escpos, which (in 3.1) leaves out the command for double-byte
mode, turns Chinese punctuation into question marks and counts a Chinese character as one column.
"""

from __future__ import annotations

from drivers.escpos import library
from drivers.escpos.options import EscposOptions
from drivers.escpos.text import Encoder, Look
from kioskd.devices.kinds import Document, Feed, Pair, QrCode, Rule, Text

INITIALISE = b"\x1b@"
USA_CHARACTERS = b"\x1bR\x00"
"""Or `$` comes out as `¥` on a printer whose DIP switches say China."""
CHINESE_ON = b"\x1c&"
UTF8_ON = b"\x1c(C\x02\x000\x02" + b"\x1c(C\x03\x00<\x00\x14"
"""Text is UTF-8, and the simplified Chinese font comes first."""
ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}


class Renderer:
    """Writes one document. `missing` counts the characters that neither the printer nor we could show."""

    def __init__(self, options: EscposOptions) -> None:
        self.options = options
        self.encoder = Encoder(options.encoding, options.glyphs, draws=options.rare != "none")
        self.missing = 0

    def render(self, document: Document) -> bytes:
        """The bytes from initialisation to cut."""
        chinese = UTF8_ON if self.options.encoding == "utf-8" else CHINESE_ON
        body = b"".join(self._block(block) for block in document.blocks)
        model = bytes.fromhex(self.options.begin)
        return INITIALISE + model + USA_CHARACTERS + chinese + body + self._end()

    def _block(self, block: Text | Pair | Rule | QrCode | Feed) -> bytes:
        match block:
            case Text():
                return self._text(block)
            case Pair():
                return self._style() + self._lines(self._pair(block), Look())
            case Rule():
                return self._style() + self._lines(["-" * self.options.columns], Look())
            case QrCode():
                return self._style(align="center") + self._qr(block)
            case Feed():
                return feed(block.lines)

    def _text(self, block: Text) -> bytes:
        width, height = (min(max(size, 1), 8) for size in (block.width, block.height))
        style = self._style(align=block.align, width=width, height=height, bold=block.bold)
        columns = self.options.columns // width
        look = Look(width, height, block.bold)
        return style + self._lines(self.encoder.wrap(self._clean(block.text), columns), look)

    def _pair(self, block: Pair) -> list[str]:
        """Left and right on one line; on two where they do not fit beside each other."""
        columns = self.options.columns
        left, right = (self._clean(text).replace("\n", " ") for text in (block.left, block.right))
        gap = columns - self.encoder.columns(left + right)
        if gap >= 1:
            return [left + " " * gap + right]
        right_lines = self.encoder.wrap(right, columns)
        indented = [" " * (columns - self.encoder.columns(line)) + line for line in right_lines]
        return [*self.encoder.wrap(left, columns), *indented]

    def _clean(self, text: str) -> str:
        cleaned, missing = self.encoder.clean(text)
        self.missing += missing
        return cleaned

    def _lines(self, lines: list[str], look: Look) -> bytes:
        return b"".join(self._line(text, look) for text in lines)

    def _line(self, text: str, look: Look) -> bytes:
        if all(map(self.encoder.has, text)):
            return self.encoder.encode(text) + b"\n"
        from drivers.escpos import rare  # only a rare character pays for loading what draws it

        return rare.line(text, look, self.options, self.encoder)

    def _style(self, *, align: str = "left", width: int = 1, height: int = 1, bold: bool = False) -> bytes:
        """All that makes a style. GS ! comes last: where it sizes Chinese too, it knows more sizes."""
        chinese = b"\x1c!" + bytes([0x04 * (width > 1) | 0x08 * (height > 1)])
        double = b"\x1cW" + bytes([width > 1 and height > 1])
        size = b"\x1d!" + bytes([(width - 1) << 4 | (height - 1)])
        if self.options.chinese_size == "gs":
            chinese = double = b""
        return ALIGN[align] + b"\x1bE" + bytes([bold]) + double + chinese + size

    def _qr(self, block: QrCode) -> bytes:
        if not block.data:
            return b""
        modules = min(max(block.module_dots, 1), 16)
        if self.options.qr == "native":
            # The symbol comes without the quiet zone that readers need: an empty line on both sides.
            return b"\n" + library.native_qr(block.data, modules) + b"\n"
        return self._drawn_qr(block.data, modules)

    def _drawn_qr(self, data: str, modules: int) -> bytes:
        """As a picture, as large as fits. Sent at half the resolution, which is a quarter of the bytes.

        A module is never a single dot, so the picture cannot hold a real-time command (10 04, 10 05, 10 14).
        """
        plain = library.qr_image(data)
        modules = max(2, min(modules, self.options.dots // plain.width))
        doubled = modules >= 4
        dots = modules // 2 if doubled else modules
        return library.raster(plain.resize((plain.width * dots,) * 2), doubled=doubled)

    def _end(self) -> bytes:
        """Past the cutter, and cut. Modes go back, so that nothing hangs over to another program's ticket."""
        cut = {"full": b"\x1dV\x00", "partial": b"\x1dV\x01", "none": b""}[self.options.cut]
        return self._style() + feed(self.options.feed_lines) + cut


def feed(lines: int) -> bytes:
    """ESC d: print and feed so many lines, 0 to 255."""
    return b"\x1bd" + bytes([min(max(lines, 0), 255)])
