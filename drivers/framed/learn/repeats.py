"""How often a pad sends a key, how soon again, and whether our answer ends that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from drivers.framed.learn.roles import Roles
from kioskd.devices.learning import Press

ECHO_S = 0.1
"""What comes back sooner than this after the key is our own answer, read back by a two-wire adapter."""


class Repeats(msgspec.Struct, frozen=True):
    """copies: how often a key arrives when nobody answers; every_s: how soon again, or None.

    echo_ends: whether sending the same bytes back ends it; None: not tried. local_echo: ours came back.
    """

    copies: int
    every_s: float | None
    echo_ends: bool | None
    local_echo: bool


def repeats(presses: Sequence[Press], roles: Roles) -> Repeats:
    """Count the copies of each press's frame."""
    times = {sample.press: _times(presses[sample.press], sample.frame) for sample in roles.samples}
    unanswered = [times[at] for at in times if not presses[at].answered]
    answered = [times[at] for at in times if presses[at].answered]
    copies = round(median([len(each) for each in unanswered] or [1]))
    gaps = [b - a for each in unanswered for a, b in pairwise(each)]
    if copies < 2 or not gaps:
        return Repeats(copies, None, None, local_echo=False)
    every_s = round(median(gaps), 2)
    ours = [sum(b - a < min(ECHO_S, every_s / 2) for a, b in pairwise(each)) for each in answered]
    left = [len(each) - own for each, own in zip(answered, ours, strict=True)]
    ends = None if not answered else median(left) < copies
    return Repeats(copies, every_s, ends, local_echo=bool(answered) and median(ours) >= 1)


def _times(press: Press, frame: bytes) -> list[float]:
    """When this frame arrived, each time: the moment its last byte was there."""
    stream, ends = bytearray(), []
    for heard in press.heard:
        stream += heard.data
        ends += [heard.at_s] * len(heard.data)
    found, at = [], stream.find(frame)
    while at >= 0:
        found.append(ends[at + len(frame) - 1])
        at = stream.find(frame, at + len(frame))
    return found
