"""What frames from a pad mean: a press, or the same press once more."""

from __future__ import annotations

from collections.abc import Mapping

REPEATED_ANSWERS = 2
"""How often a resent frame is acknowledged again. Where our own late echo looks like a resend, every answer
breeds the next echo: this ends it. A pad that missed three acknowledgements has a broken line."""


class Presses:
    """Tells a press from its resends.

    A pad sends a frame again until it is acknowledged. An identical frame inside `resend_s` of the press is
    therefore that press; the time runs from the press, not from its resends, so no key is deaf for longer.
    """

    def __init__(self, resend_s: float) -> None:
        self._resend_s = resend_s
        self._frame = b""
        self._pressed_s = 0.0
        self._resends = 0

    def is_new(self, frame: bytes, now_s: float) -> bool:
        """Whether this frame, arriving now, is a new press."""
        if frame == self._frame and now_s - self._pressed_s < self._resend_s:
            self._resends += 1
            return False
        self._frame, self._pressed_s, self._resends = frame, now_s, 0
        return True

    @property
    def answerable(self) -> bool:
        """Whether the frame just told about should be acknowledged."""
        return self._resends <= REPEATED_ANSWERS


class KeyTable:
    """Names keys by their codes, and by sequences of codes in one frame or in several.

    The last code of a frame says what was pressed; codes before it, there or in the frames shortly before,
    matter where the table has a sequence: `06 0F` is abandon, while 06 alone is a digit, 0F alone is confirm.
    """

    def __init__(self, names: Mapping[bytes, str], sequence_s: float) -> None:
        self._names = names
        self._sequence_s = sequence_s
        self._longest = max(map(len, names), default=1)
        self._before = b""
        self._before_s = 0.0

    def name(self, codes: bytes, now_s: float) -> str | None:
        """The key that `codes` of a new frame complete, or None when the table does not know it."""
        recent = self._before if now_s - self._before_s < self._sequence_s else b""
        pressed = (recent + codes)[-max(self._longest, len(codes)) :]
        self._before, self._before_s = pressed, now_s
        for at in range(len(pressed)):
            if pressed[at:] in self._names:
                if len(pressed) - at > 1:
                    self._before = b""  # a sequence is used up
                return self._names[pressed[at:]]
        return None
