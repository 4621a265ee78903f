"""Puts the bytes on a port into words, for a technician who watches them, a capture, and its replay."""

from __future__ import annotations

from typing import Literal, Protocol

Direction = Literal["sent", "received"]
"""sent: from us to the device; received: anything on its line."""


class Explainer(Protocol):
    """Explains the bytes of one port as they come, in pieces of any size. Pure: opens and writes nothing."""

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """What these bytes complete, in words, a line each; nothing while a message is not complete.

        at_s: when they passed, on any clock that does not jump. Never raises for anything in `data`.
        """


class TextExplainer:
    """For a protocol that nobody knows: what is text in it, read as GBK, with a dot for each other byte."""

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """The text in this piece, if at least two characters of it are text."""
        text = text_in(data)
        return [f"“{text}”"] if sum(character != "·" for character in text) > 1 else []


def text_in(data: bytes) -> str:
    """The bytes read as GBK; what is no printable character is a dot."""
    return "".join(
        character if character.isprintable() and character != "\ufffd" else "·"
        for character in data.decode("gbk", errors="replace")
    )
