"""Interprets ESC/POS commands into lines on a strip of paper: the print mechanism of the emulated printer.

Written from the makers' command references (see README.md), not from the driver. Status questions and
real-time commands are not its business: the emulator answers those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar, Literal

import msgspec

from drivers.escpos.commands import Character, Command
from drivers.escpos.mechanism import Mechanism
from drivers.escpos.modes import LINE_SPACING
from drivers.escpos.options import EscposOptions
from drivers.escpos.pictures import columns, graphics, qr_picture, raster


class Paper(Mechanism):
    """Paper and print head. `run` executes one command and says how many dots the paper moved."""

    def __init__(self, options: EscposOptions) -> None:
        self.not_understood: Counter[str] = Counter()
        """Commands that this printer does not know or does not draw, by their first bytes in hex."""
        super().__init__(options)

    def run(self, token: Command | Character) -> int:
        """Execute one command or take one character; returns the dots by which the paper moved."""
        before = self.moved
        self.strip.under_way.raw += token.raw
        if isinstance(token, Character):
            self.put(token.raw)
        else:
            self._act(token)
        return self.moved - before

    def _act(self, command: Command) -> None:
        act = self.ACTS.get(command.code)
        if act is None:
            self.not_understand(command)
            return
        try:
            act(self, command.args)
        except (IndexError, ValueError):
            # Parameters that are too short or out of range: a printer goes on with what follows.
            self.not_understand(command)

    def not_understand(self, command: Command) -> None:
        """Count a command that has no effect here."""
        letter = command.args[:1] if command.code[1:] in (b"(", b"8") else b""
        self.not_understood[(command.code + letter).hex(" ").upper()] += 1

    # --- moving the paper ---

    def _feed_lines(self, args: bytes) -> None:
        self.feed()
        if args[0] > 1:
            self.lay([], self.modes.spacing * (args[0] - 1))

    def _feed_dots(self, args: bytes) -> None:
        self.feed(args[0])

    def _line_feed(self, _args: bytes) -> None:
        self.feed()

    def _cut(self, args: bytes) -> None:
        if self.line:
            self.feed()
        if len(args) > 1:
            self.lay([], args[1])
        self.cut()

    def _cut_here(self, _args: bytes) -> None:
        self._cut(b"")

    # --- modes ---

    def _set_style(self, **changes: object) -> None:
        self.modes.style = msgspec.structs.replace(self.modes.style, **changes)

    def _init(self, _args: bytes) -> None:
        self.initialise()

    def _print_mode(self, args: bytes) -> None:
        n = args[0]
        self._set_style(
            cell=(9, 17) if n & 0x01 else (12, 24),
            bold=bool(n & 0x08),
            height=2 if n & 0x10 else 1,
            width=2 if n & 0x20 else 1,
            underline=bool(n & 0x80),
        )

    def _size(self, args: bytes) -> None:
        self._set_style(width=(args[0] >> 4 & 7) + 1, height=(args[0] & 7) + 1)

    def _spacing_right(self, args: bytes) -> None:
        if any(args):
            raise ValueError("space between characters is not drawn")

    def _font(self, args: bytes) -> None:
        self._set_style(cell=(9, 17) if args[0] in (1, 49) else (12, 24))

    def _bold(self, args: bytes) -> None:
        self._set_style(bold=bool(args[0] & 1))

    def _underline(self, args: bytes) -> None:
        self._set_style(underline=args[0] in (1, 2, 49, 50))

    def _reverse(self, args: bytes) -> None:
        self._set_style(reverse=bool(args[0] & 1))

    def _align(self, args: bytes) -> None:
        names: dict[int, Literal["left", "center", "right"]] = {0: "left", 1: "center", 2: "right"}
        self.modes.align = names.get(args[0] % 48, self.modes.align)

    def _default_spacing(self, _args: bytes) -> None:
        self.modes.spacing = LINE_SPACING

    def _spacing(self, args: bytes) -> None:
        self.modes.spacing = args[0]

    def _margin(self, args: bytes) -> None:
        self.modes.margin = min(int.from_bytes(args, "little"), self.options.dots - 24)

    def _code_page(self, args: bytes) -> None:
        self.modes.code_page = args[0]

    def _country(self, args: bytes) -> None:
        self.modes.country = args[0]

    def _tab(self, _args: bytes) -> None:
        stop = 8 * self.modes.style.cell[0]
        self.x = min((self.x // stop + 1) * stop, self.options.dots)

    def _position(self, args: bytes) -> None:
        self.x = min(int.from_bytes(args, "little"), self.options.dots)

    def _move(self, args: bytes) -> None:
        self.x = min(max(self.x + int.from_bytes(args, "little", signed=True), 0), self.options.dots)

    def _area(self, args: bytes) -> None:
        self.modes.area = int.from_bytes(args, "little")

    def _cancel(self, _args: bytes) -> None:
        self.drop_line()

    def _upside_down(self, args: bytes) -> None:
        if args[0] & 1:
            raise ValueError("upside-down text is not drawn")

    # --- Chinese ---

    def _chinese_on(self, _args: bytes) -> None:
        self.modes.chinese = True

    def _chinese_off(self, _args: bytes) -> None:
        self.modes.chinese = False

    def _chinese_mode(self, args: bytes) -> None:
        self.modes.chinese_size = (2 if args[0] & 0x04 else 1, 2 if args[0] & 0x08 else 1)
        self.modes.chinese_underline = bool(args[0] & 0x80)

    def _underline_chinese(self, args: bytes) -> None:
        self.modes.chinese_underline = args[0] in (1, 2, 49, 50)

    def _chinese_double(self, args: bytes) -> None:
        self.modes.chinese_size = (2, 2) if args[0] & 1 else (1, 1)

    def _define(self, args: bytes) -> None:
        """FS 2: a character of the host's own, at FE A1 to FE FE; only some firmware has it."""
        if self.options.rare != "defined" or args[0] != 0xFE or not 0xA1 <= args[1] <= 0xFE:
            raise ValueError("no place for a character")
        self.modes.defined[args[:2]] = args[2:]

    def _text_encoding(self, args: bytes) -> None:
        """FS ( C: text as UTF-8, and which font comes first; only firmware that reads UTF-8 has it."""
        if args[:1] == b"A":  # which of its Chinese fonts: they look alike here
            return
        if args[:1] != b"C" or self.options.encoding != "utf-8":
            self.not_understand(Command(b"\x1c(", args))
        elif args[3:4] == b"0":
            self.modes.chinese_utf8 = args[4] in (2, 50)

    # --- pictures ---

    def _raster(self, args: bytes) -> None:
        """GS v 0: a picture in rows."""
        self.picture(raster(args))

    def _graphics(self, body: bytes) -> None:
        """GS ( L and GS 8 L: store a picture (function 112), print what is stored (functions 2 and 50)."""
        if body[:2] == b"0p":
            self.stored_picture = graphics(body)
        elif body[1:2] in (b"\x02", b"2") and self.stored_picture:
            self.picture(self.stored_picture)

    def _bit_columns(self, args: bytes) -> None:
        """ESC *: a picture inside the line."""
        picture = columns(args, self.x, self.options.dots - self.x)
        self.line.append(picture)
        self.x += picture.width

    def _symbol(self, args: bytes) -> None:
        """GS ( k: QR codes (cn = 49)."""
        function, rest = args[3:5], args[5:]
        if args[:1] != b"k" or function[:1] != b"1":
            self.not_understand(Command(b"\x1d(", args))
        elif function == b"1C":
            self.qr.module_dots = min(max(rest[0], 1), 16)
        elif function == b"1E":
            self.qr.correction = rest[0]
        elif function == b"1P":
            self.qr.data = rest[1:]
        elif function == b"1Q" and self.qr.data:
            self.picture(qr_picture(self.qr))

    def _parenthesis(self, args: bytes) -> None:
        if args[:1] == b"L":
            self._graphics(args[3:])
        elif args[:1] != b"E":  # GS ( E: the model's settings, which show nothing
            self._symbol(args)

    def _long(self, args: bytes) -> None:
        self._graphics(args[5:])

    def _nothing(self, _args: bytes) -> None:
        """Known, without effect on the picture."""

    ACTS: ClassVar[dict[bytes, Callable[[Paper, bytes], None]]] = {
        b"\x00": _nothing, b"\x09": _tab, b"\x0a": _line_feed, b"\x0d": _nothing, b"\x18": _cancel,
        b"\x10\x04": _nothing, b"\x10\x05": _nothing,
        b"\x1b@": _init, b"\x1b!": _print_mode, b"\x1b$": _position, b"\x1b*": _bit_columns,
        b"\x1b ": _spacing_right, b"\x1b-": _underline, b"\x1b\\": _move,
        b"\x1b2": _default_spacing, b"\x1b3": _spacing, b"\x1bE": _bold,
        b"\x1bG": _bold, b"\x1bJ": _feed_dots, b"\x1bM": _font, b"\x1bR": _country, b"\x1ba": _align,
        b"\x1bd": _feed_lines, b"\x1bi": _cut_here, b"\x1bm": _cut_here, b"\x1bt": _code_page,
        b"\x1b{": _upside_down,
        b"\x1c!": _chinese_mode, b"\x1c&": _chinese_on, b"\x1c(": _text_encoding, b"\x1c.": _chinese_off,
        b"\x1c-": _underline_chinese, b"\x1c2": _define, b"\x1cC": _nothing, b"\x1cS": _spacing_right,
        b"\x1cW": _chinese_double,
        b"\x1d!": _size, b"\x1d(": _parenthesis, b"\x1d8": _long, b"\x1dB": _reverse, b"\x1dL": _margin,
        b"\x1dW": _area,
        b"\x1dV": _cut, b"\x1db": _nothing, b"\x1dv": _raster,
    }  # fmt: skip
