"""The inside of an emulated controller: its dynamic areas, read as the document lays them out."""

from __future__ import annotations

import re

import msgspec

COLOURS = {b"1": "red", b"2": "green", b"3": "yellow"}
FIXED_BYTES = 27
"""An area without its text."""

_TOKEN = re.compile(
    rb"\\C(?P<colour>\d)|(?P<line>\\n)|(?P<font>\\F[OEK]\d{3})|(?P<other>\\.)|"
    rb"(?P<wide>[\x81-\xfe][\x40-\xfe])|(?P<plain>.)",
    re.DOTALL,
)


class Run(msgspec.Struct, frozen=True):
    """Some text in one colour."""

    colour: str
    text: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one area shows. x, y, width, height: as they stand in the frame; moves: not standing still."""

    number: int
    x: int
    y: int
    width: int
    height: int
    moves: bool
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All of it, without colours."""
        return "".join(run.text for run in self.runs)


def read_areas(data: bytes) -> tuple[list[int] | None, list[Shown]] | None:
    """The numbers of the areas to delete (None: all) and those to show; None: not as the document says.

    data: what follows the command's five bytes: how many to delete (FF: all), their numbers, how many to
    show, and for each its length (le16) and the area.
    """
    if len(data) < 2:
        return None
    deleted: list[int] | None = None
    at = 1
    if data[0] != 0xFF:
        deleted = list(data[1 : 1 + data[0]])
        at += data[0]
    if len(data) <= at:
        return None
    count, at = data[at], at + 1
    areas = []
    for _ in range(count):
        length = int.from_bytes(data[at : at + 2], "little")
        area = _read_area(data[at + 2 : at + 2 + length])
        if area is None or len(data) < at + 2 + length:
            return None
        areas.append(area)
        at += 2 + length
    return (deleted, areas) if at == len(data) else None


def _read_area(data: bytes) -> Shown | None:
    """One area; None when it is not as the document says.

    type 1, x 2, y 2, width 2, height 2, number 1, line space 1, run mode 1, timeout 2, sound 1, extensions 1,
    alignment 1, single line 1, new line 1, display 1, exit 1, speed 1, stay 1, length 4, text.
    """
    if len(data) < FIXED_BYTES or int.from_bytes(data[23:27], "little") != len(data) - FIXED_BYTES:
        return None
    if data[14] or data[15]:  # with sound or extensions all that follows would stand elsewhere
        return None
    return Shown(
        number=data[9],
        x=int.from_bytes(data[1:3], "little"),
        y=int.from_bytes(data[3:5], "little"),
        width=int.from_bytes(data[5:7], "little"),
        height=int.from_bytes(data[7:9], "little"),
        moves=data[19] in (3, 4, 5, 6),
        runs=_runs(data[FIXED_BYTES:]),
    )


def _runs(text: bytes) -> tuple[Run, ...]:
    r"""The text with its escapes obeyed: \C a colour, \n a new line, \F a font; all else is shown."""
    runs: list[Run] = []
    colour = "red"  # a controller's first colour
    for token in _TOKEN.finditer(text):
        if token["colour"]:
            colour = COLOURS.get(token["colour"], colour)
            continue
        if token["font"] or token["other"]:
            continue
        shown = "\n" if token["line"] else token[0].decode("gbk", "replace")
        if runs and runs[-1].colour == colour:
            runs[-1] = Run(colour, runs[-1].text + shown)
        else:
            runs.append(Run(colour, shown))
    return tuple(runs)
