"""What a person reads on an emulated display after the messages it was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from drivers.framed.codec import Heard
from drivers.framed.fieldtypes import MARKUP, Value
from drivers.framed.spec import SendSpec
from kioskd.devices.sentences import expand

_TICKET = re.compile(r"[A-Z]{1,2}[0-9]+|[0-9]{3,}")
"""A ticket's number inside a sentence."""


class Line(msgspec.Struct, frozen=True):
    """One line of the display. number: the ticket's number in it, or empty."""

    text: str
    number: str


class Shown:
    """The lines of one display, from the top, and the numbers it keeps beside them."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}
        self._waiting: str | None = None

    def take(self, heard: Heard) -> None:
        """Show what a message says."""
        spec = heard.message.spec
        assert isinstance(spec, SendSpec)
        if spec.clears:
            self._lines.clear()
            return
        if "waiting" in heard.values:
            self._waiting = str(heard.values["waiting"])
        text = _sentence(spec, heard.values)
        if text or spec.line in self._lines:
            self._lines[spec.line] = Line(text, _number(heard.values, text))

    def view(self) -> dict[str, Any]:
        """lit: the ticket's number, or empty; text: all that is lit; waiting: where the device shows it."""
        lines = [self._lines[line] for line in sorted(self._lines)]
        view: dict[str, Any] = {
            "lit": next((line.number for line in lines if line.number), ""),
            "text": "\n".join(line.text for line in lines if line.text),
        }
        return view if self._waiting is None else view | {"waiting": self._waiting}


def _sentence(spec: SendSpec, values: Mapping[str, Value]) -> str:
    """What the message makes the device say: its own words, the text that was sent, or the digits alone."""
    if spec.shows is not None:
        return expand(spec.shows, values)
    texts = [value for name, value in values.items() if isinstance(value, str) and name != "waiting"]
    return MARKUP.sub("", " ".join(texts)).strip()


def _number(values: Mapping[str, Value], text: str) -> str:
    if "digits" in values:
        return str(values.get("letter", "")) + str(values["digits"])
    found = _TICKET.search(text)
    return str(values.get("number") or (found[0] if found else ""))
