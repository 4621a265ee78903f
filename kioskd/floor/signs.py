"""What each window's displays must say, worked out from the window alone. The words are in `signs.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from kioskd.devices.kinds import Sign, SignState
from kioskd.hall.matter_checks import visible
from kioskd.hall.model import TicketState, WindowState, WindowView


@cache
def sign_words() -> dict[SignState, str]:
    """The sentence of each state; {number}, {window} and {title} are filled in."""
    text = resources.files("kioskd.floor").joinpath("signs.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[SignState, str])


def sign_of(window: WindowView) -> Sign:
    """What the displays of this window must show now."""
    state = _state(window)
    number = window.ticket.number if window.ticket else ""
    words = sign_words()[state].format(number=number, window=window.number, title=window.title)
    text = visible(" ".join(words.split()))
    return Sign(state=state, window=window.number, number=number, waiting=window.waiting, text=text)


def _state(window: WindowView) -> SignState:
    if window.ticket:
        return SignState.SERVING if window.ticket.state is TicketState.SERVING else SignState.CALL
    match window.state:
        case WindowState.OPEN:
            return SignState.WELCOME
        case WindowState.PAUSED:
            return SignState.PAUSED
        case WindowState.CLOSED:
            return SignState.CLOSED
