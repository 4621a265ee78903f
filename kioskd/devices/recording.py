"""A recorded conversation with one device, as a text file that people read and tests replay.

    # kioskd capture 1
    # profile: ff68-keypad
    # address: 3
    0.000 did show {"state":"serving","window":3,"number":"A012"}
    0.001 > FF 68 08 08 68 03 02 0A 0A 04 00 01 02 20 16    # numbers waiting=4 digits=012, address 3
    0.213 < FF 68 03 03 68 03 01 0C 10 16    # key key=call, address 3
    0.213 said key call

`>` was sent to the device, `<` came from its line; `did` is what we set about, `said` what came of it. Times
are seconds. What stands after `#` is for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kioskd.devices.health import Health
from kioskd.devices.kinds import CardRead, CardRefused, DeviceEvent, HealthChanged, KeyPressed, Rated, Sign
from kioskd.reading import Mistake, Mistakes

FIRST_LINE = "# kioskd capture 1"
LineKind = Literal["sent", "received", "did", "said"]
SIGNS: dict[str, LineKind] = {">": "sent", "<": "received", "did": "did", "said": "said"}
_LINE = re.compile(r"(?P<at>\d+\.\d+) (?P<sign>>|<|did|said) (?P<rest>.*)")
_HEAD = re.compile(r"# (?P<name>[a-z_]+): (?P<value>.*)")


class Line(msgspec.Struct, frozen=True):
    """One line. at_s: since the beginning. data: of sent and received; text: of did and said."""

    at_s: float
    kind: LineKind
    data: bytes = b""
    text: str = ""
    words: str = ""

    def __str__(self) -> str:
        sign = next(sign for sign, kind in SIGNS.items() if kind == self.kind)
        what = self.text or self.data.hex(" ").upper()
        return f"{self.at_s:.3f} {sign} {what}" + (f"    # {self.words}" if self.words else "")


class Recording(msgspec.Struct, frozen=True):
    """A whole recording. head: profile, address and so on, as written."""

    head: dict[str, str]
    lines: tuple[Line, ...]

    def of(self, *kinds: LineKind) -> list[Line]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]


def head_lines(head: dict[str, str]) -> list[str]:
    """The beginning of the file."""
    return [FIRST_LINE, *(f"# {name}: {value}" for name, value in head.items() if value)]


def read_recording(file: Path) -> Recording:
    """The recording in this file. Raises reading.Mistakes with every line that cannot be read, OSError."""
    written = file.read_text(encoding="utf-8").splitlines()
    mistakes: list[Mistake] = []
    if not written or written[0] != FIRST_LINE:
        mistakes.append(Mistake(str(file), "line 1", f"is not {FIRST_LINE!r}: no recording of ours"))
    head = {match["name"]: match["value"] for text in written if (match := _HEAD.fullmatch(text))}
    lines: list[Line] = []
    for number, text in enumerate(written, 1):
        if text.strip() and not text.startswith("#"):
            line = _line(text)
            if line is None:
                mistakes.append(Mistake(str(file), f"line {number}", f"{text[:60]!r} cannot be read"))
            else:
                lines.append(line)
    if mistakes:
        raise Mistakes(mistakes)
    return Recording(head, tuple(lines))


def _line(text: str) -> Line | None:
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    kind = SIGNS[match["sign"]]
    if kind in ("did", "said"):
        return Line(float(match["at"]), kind, text=match["rest"].strip())
    hexes, _, words = match["rest"].partition("#")
    try:
        return Line(float(match["at"]), kind, bytes.fromhex(hexes), words=words.strip())
    except ValueError:
        return None


# --- what is done and said, in words ---


def said_of(event: DeviceEvent) -> str:
    """An event in one line. Of a card nothing but that it was read."""
    match event:
        case KeyPressed(_, key):
            return f"key {key}"
        case Rated(_, level):
            return f"rating {level}"
        case CardRead():
            return "card read"
        case CardRefused(_, problem):
            return f"card {problem}"
        case HealthChanged():
            return "health"


def health_in_words(health: Health) -> str:
    """A state and its reasons' codes in one line."""
    reasons = ",".join(reason.code for reason in health.reasons)
    return f"health {health.state} {reasons}".rstrip()


def show_in_words(sign: Sign) -> str:
    """What is shown, so that it can be shown again."""
    return f"show {msgspec.json.encode(sign).decode()}"


def sign_of(text: str) -> Sign:
    """The sign of a `show` line. Raises ValueError."""
    return msgspec.json.decode(text.removeprefix("show "), type=Sign)


def differences(recorded: Sequence[str], now: Sequence[str]) -> list[str]:
    """What is missing (-) and new (+), in order, with what agrees around it; nothing when all agrees."""
    import difflib

    if list(recorded) == list(now):
        return []
    return [line for line in difflib.ndiff(list(recorded), list(now)) if not line.startswith("?")]


def without_repeats(lines: Iterable[str]) -> list[str]:
    """The lines, but for one that says what the one before it said."""
    kept: list[str] = []
    for line in lines:
        if not kept or kept[-1] != line:
            kept.append(line)
    return kept
