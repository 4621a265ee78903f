"""The print mechanism of an emulated printer: a line buffer, a head and paper. Knows no command."""

from __future__ import annotations

import msgspec

from drivers.escpos.modes import Modes
from drivers.escpos.options import EscposOptions
from drivers.escpos.pictures import QrSymbol, character
from drivers.escpos.rom import decode
from drivers.escpos.strip import Line, Picture, Span, Strip, Style


class Mechanism:
    """Puts characters and pictures into the line, and lines onto the strip."""

    def __init__(self, options: EscposOptions) -> None:
        self.options = options
        self.strip = Strip()
        self.moved = 0
        """Dots by which the paper has moved in all."""
        self.power_on()

    def power_on(self) -> None:
        """Lose everything that is not on paper: modes, the line in the buffer, stored pictures."""
        self.initialise()
        self.qr = QrSymbol()
        self.stored_picture: Picture | None = None

    def initialise(self) -> None:
        """ESC @: modes as after power-on; the line in the buffer is dropped."""
        self.modes = Modes()
        self.drop_line()

    def drop_line(self) -> None:
        """Forget what is in the line buffer and not on paper."""
        self.line: list[Span | Picture] = []
        self.x = 0

    @property
    def encoding(self) -> str:
        """What bytes from 80 upwards are read as now."""
        return "utf-8" if self.modes.chinese_utf8 else self.options.encoding

    @property
    def width(self) -> int:
        """Dots of a line between its margins."""
        room = self.options.dots - self.modes.margin
        return min(room, self.modes.area) if self.modes.area else room

    def put(self, raw: bytes) -> None:
        """One character, still encoded; it begins a new line where this one is full."""
        modes = self.modes
        if modes.chinese and raw in modes.defined:
            self._put_defined(modes.defined[raw])
            return
        text, wide = decode(
            raw,
            self.options,
            encoding=self.encoding,
            chinese=modes.chinese,
            code_page=modes.code_page,
            country=modes.country,
        )
        style = self._style(wide)
        advance = (24 if wide else style.cell[0]) * style.width
        if self.x + advance > self.width:
            self.feed()
        last = self.line[-1] if self.line else None
        if (
            isinstance(last, Span)
            and (last.style, last.advance) == (style, advance)
            and last.x + last.width == self.x
        ):
            last.text += text
        else:
            self.line.append(Span(self.x, text, advance, style))
        self.x += advance

    def _put_defined(self, dots: bytes) -> None:
        """A character that FS 2 has taught, magnified and emboldened like those of the font."""
        style = self._style(wide=True)
        if self.x + 24 * style.width > self.width:
            self.feed()
        picture = character(dots, self.x, (style.width, style.height), bold=style.bold)
        self.line.append(picture)
        self.x += picture.width

    def _style(self, wide: bool) -> Style:
        style = self.modes.style
        if not wide:
            return style
        sizes = {
            "gs": (style.width, style.height),
            "fs": self.modes.chinese_size,
            "both": (
                max(style.width, self.modes.chinese_size[0]),
                max(style.height, self.modes.chinese_size[1]),
            ),
        }
        width, height = sizes[self.options.chinese_size]
        underline = style.underline or self.modes.chinese_underline
        return msgspec.structs.replace(style, width=width, height=height, underline=underline)

    def feed(self, dots: int | None = None) -> None:
        """Print the line in the buffer and move on, by the line's own height or by `dots`."""
        tallest = max((part.height for part in self.line), default=0)
        height = max(tallest, self.modes.spacing if dots is None else dots)
        self.lay(self.line, height)
        self.line, self.x = [], 0

    def lay(self, parts: list[Span | Picture], height: int) -> None:
        """Put these parts on paper, aligned, and move on by `height` dots."""
        width = max((part.x + part.width for part in parts), default=0)
        room = self.width - width
        indent = {"left": 0, "center": room // 2, "right": room}[self.modes.align]
        for_paper = [
            msgspec.structs.replace(part, x=part.x + self.modes.margin + max(0, indent)) for part in parts
        ]
        self.strip.add(Line(tuple(for_paper), height))
        self.moved += height

    def cut(self) -> None:
        """The cutter's stroke; a printer without one lets the paper hang on."""
        if self.options.cut != "none":
            self.strip.tear()

    def picture(self, picture: Picture) -> None:
        """A picture on lines of its own."""
        if self.line:
            self.feed()
        self.lay([picture], picture.height)
