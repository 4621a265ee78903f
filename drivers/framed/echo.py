"""Our own bytes, read back on a two-wire adapter.

A host's acknowledgement of an `FF 68` key is byte for byte the key's own frame: on such an adapter it looks
like the next press. Every frame written therefore leaves a credit: one identical frame that arrives while the
credit lives is our own and takes it.
"""

from __future__ import annotations

import msgspec


class _Credit(msgspec.Struct):
    frame: bytes
    until_s: float
    certain: bool


class Echo:
    """The credits of one device.

    local_echo: whether the adapter echoes; None when nobody said: then it is found out.
    life_s: how long after a frame left its echo may come, while it is unknown whether there is one.
    known_life_s: the same when there is one, or when nobody else can have sent such a frame.
    """

    def __init__(self, local_echo: bool | None, life_s: float, known_life_s: float) -> None:
        self._local_echo = local_echo
        self._life_s = life_s
        self._known_life_s = known_life_s
        self._heard = False
        self._credits: list[_Credit] = []

    def sent(self, frame: bytes, leaves_s: float, *, certain: bool) -> None:
        """`frame` was written and leaves the port by `leaves_s`. certain: no device ever sends this frame."""
        if self._local_echo is False:
            return
        known = certain or self._local_echo or self._heard
        life_s = self._known_life_s if known else self._life_s
        self._credits.append(_Credit(frame, leaves_s + life_s, certain))

    def takes(self, frame: bytes, now_s: float) -> bool:
        """Whether `frame`, which just arrived, is one of ours."""
        self._expire(now_s)
        for credit in self._credits:
            if credit.frame == frame:
                self._credits.remove(credit)
                self._heard = self._heard or credit.certain
                return True
        return False

    def _expire(self, now_s: float) -> None:
        """A frame that only we send and that did not come back shows that there is no echo (any more)."""
        for credit in [credit for credit in self._credits if credit.until_s < now_s]:
            self._credits.remove(credit)
            self._heard = self._heard and not credit.certain
