"""What one check found, and how a check asks another program."""

from __future__ import annotations

import subprocess
from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """What one check found. step: what to do; empty when all is well.

    good; look: somebody should know of it, the hall runs all the same; bad: something will not work.
    """

    verdict: Literal["good", "look", "bad"]
    what: str
    step: str = ""


def output(*command: str) -> str | None:
    """What a command prints; None when it is not installed or does not end."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout


def is_active(unit: str) -> bool:
    """Whether systemd runs this unit now."""
    return output("systemctl", "is-active", unit) == "active\n"
