"""What an area says about a sign: the sentence, its colours, and its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drivers.onbon.options import Colour, OnbonOptions
from kioskd.devices.errors import CannotExpress
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.sentences import common_sentences, expand, sign_values

COLOURS: dict[SignState, Colour] = {
    SignState.WELCOME: "green",
    SignState.CALL: "red",
    SignState.SERVING: "green",
    SignState.PAUSED: "yellow",
    SignState.CLOSED: "red",
}
"""A call is red, as it wants to be seen."""
COLOUR_CODES: dict[str, str] = {"red": "\\C1", "green": "\\C2", "yellow": "\\C3"}
TEXT_BYTES = 900
"""A controller takes in 1024 bytes at once, frame and all."""

_MARK = re.compile(r"<(red|green|yellow)>")


def text_of(sign: Sign, options: OnbonOptions) -> str:
    """The sentence for this sign as the controller wants it, with its colours; empty: dark.

    A backslash begins a command of the controller, so one in the hall's own words becomes a wide one. Where
    the hall's words are too long, or have a character that the controller has not, the common words are
    shown: an area must never go on showing an old number. Raises CannotExpress when even those do not fit.
    """
    problem = ""
    for sentence in _sentences(sign, options):
        problem = _problem(sentence, options.charset)
        if problem:
            continue
        if not _MARK.sub("", sentence).strip():
            return ""
        colour = options.colours.get(sign.state, COLOURS[sign.state])
        return COLOUR_CODES[colour] + _MARK.sub(lambda mark: COLOUR_CODES[mark[1]], sentence)
    raise CannotExpress(problem)


def _problem(sentence: str, charset: str) -> str:
    """Why the controller cannot show this; empty when it can."""
    try:
        encoded = sentence.encode(charset)
    except UnicodeEncodeError as error:
        return f"{error.object[error.start]} is not in {charset}"
    return f"{len(encoded)} bytes of text, {TEXT_BYTES} are the most" if len(encoded) > TEXT_BYTES else ""


def width_px(text: str, options: OnbonOptions) -> int:
    """How wide the text is on the screen: Chinese characters are square, others half of it."""
    lines = re.sub(r"\\C\d", "", text).split("\\n")
    half = options.font_px // 2
    return max(sum(2 * half if ord(character) > 0x7F else half for character in line) for line in lines)


def _sentences(sign: Sign, options: OnbonOptions) -> Iterator[str]:
    """The model's own words, or the hall's; then, in case they cannot be written, the common ones."""
    values = sign_values(sign, {})
    words = {name: _harmless(str(value)) for name, value in values.items()}
    if sign.state in options.texts:
        yield expand(options.texts[sign.state], words)
    yield words["text"]
    yield expand(common_sentences()[sign.state], words)


def _harmless(words: str) -> str:
    """Words that are not ours, with nothing in them that is a command to the controller or to us."""
    plain = "".join(character if character.isprintable() else " " for character in words)
    return _MARK.sub("", plain).replace("\\", "＼")
