"""Trying a display: every digit, then the window's number, then back to what it must show."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from kioskd.devices.health import State
from kioskd.devices.kinds import Kind, Sign, SignState
from kioskd.devices.trials.report import Said, Step, Verdict, rest, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device

TAKEN_S = 8.0
"""How long a display may take to be sent one sign: others on its line have their turns, too."""
LOOK_S = 1.5
"""How long each sign stays, so that somebody on a ladder sees it."""
NUMBERS = ("A888", "A0123", "A456", "A789")
"""The first lights every segment; the others show every digit."""


def try_display(device: Device, window: int) -> Generator[Said, None, None]:
    """Show each test sign in turn; whether it was right only a person can see."""
    try:
        shown = 0
        for sign in signs(window):
            unable = device.health().counters.get("cannot_express", 0)
            device.show_meanwhile(sign)
            yield Step("showing", {"number": sign.number, "window": window})
            yield from until(lambda sign=sign: device.shown == sign or device.sign != sign, TAKEN_S)  # type: ignore[misc]
            if device.sign != sign:
                yield Verdict(Kind.DISPLAY, "look", "called_meanwhile")
                return
            if device.shown != sign or device.health().state is State.OFFLINE:
                yield Verdict(Kind.DISPLAY, "failed", "sign_not_taken", {"why": _why(device)})
                return
            if device.health().counters.get("cannot_express", 0) > unable:
                yield Step("cannot_show", {"number": sign.number})
                continue
            shown += 1
            yield from rest(LOOK_S)
    finally:
        device.show_meanwhile(None)
    if shown:
        yield Verdict(Kind.DISPLAY, "look", "signs_taken", {"signs": shown, "window": window})
    else:
        yield Verdict(Kind.DISPLAY, "failed", "shows_nothing")


def signs(window: int) -> list[Sign]:
    """The signs of the test. A display that shows text shows the same digits in a sentence."""
    numbers = [
        Sign(state=SignState.CALL, window=window, number=number, waiting=888, text=f"测试 {number}")
        for number in NUMBERS
    ]
    own = Sign(
        state=SignState.CALL,
        window=window,
        number=f"A{window:03}",
        waiting=window,
        text=f"这里是{window}号窗口",
    )
    return [*numbers, own]


def _why(device: Device) -> str:
    return ", ".join(reason.code for reason in device.health().reasons) or "no_answer"
