"""A port that carries no stream of bytes but calls of its own: a camera's frames, a sound card's sounds.

The port's owner polls its descriptor as it does any other's; nothing ever arrives there. The driver reaches
the calls by `link.port`.
"""

from __future__ import annotations

import os


class QuietPort:
    """What the owner needs of such a port."""

    character_s = 0.0

    def __init__(self) -> None:
        self._quiet_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        """Something that is never readable: a camera's own descriptor, say, reports errors while it rests."""
        return self._quiet_fd

    def read(self) -> bytes:
        """It sends no bytes of its own accord."""
        return b""

    def write(self, data: bytes) -> int:
        """It takes none."""
        return len(data)

    def close(self) -> None:
        """Let go of it. Never raises."""
        os.close(self._quiet_fd)
