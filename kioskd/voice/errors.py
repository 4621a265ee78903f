"""What can go wrong with a voice. The message says what, and what to do now."""

from __future__ import annotations


class VoiceFailed(Exception):  # noqa: N818 - it says what happened
    """Nothing here could speak it."""


class VoiceBusy(VoiceFailed):
    """Others are being spoken for: ask again in a moment."""
