"""Whether this computer is fit to run a hall: each check looks at one thing and says what to do about it."""

from __future__ import annotations

import grp
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37)
DISK_NEEDED_MIB = 500


class Finding(msgspec.Struct, frozen=True):
    """What one check found. step: what to do, empty when all is well."""

    verdict: Literal["good", "look", "bad"]
    what: str
    step: str = ""


def examine(state: Path) -> Iterator[Finding]:
    """Look at everything, one finding a check. state: where the hall's database is or will be."""
    checks: tuple[Callable[[], Finding], ...] = (
        python,
        sqlite,
        lambda: group("dialout", "serial ports"),
        lambda: group("lp", "USB printers"),
        lambda: disk(state),
        chinese_font,
        clock,
        brltty,
        modem_manager,
    )
    for check in checks:
        yield check()


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Python is new enough."""
    words = f"Python {'.'.join(map(str, version))}"
    if version >= OLDEST_PYTHON:
        return Finding("good", words)
    return Finding("bad", f"{words} is too old", "install Python 3.11 or newer beside the system's")


def sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Finding:
    """SQLite knows STRICT tables."""
    words = f"SQLite {'.'.join(map(str, version))}"
    if version >= OLDEST_SQLITE:
        return Finding("good", words)
    return Finding("bad", f"{words} is too old", "use a Python that is built with SQLite 3.37 or newer")


def group(name: str, owns: str) -> Finding:
    """The user may use the devices that a group owns."""
    try:
        wanted = grp.getgrnam(name).gr_gid
    except KeyError:
        return Finding("look", f"there is no group {name} here, so kioskd cannot say who may use {owns}")
    if os.geteuid() == 0 or wanted in {os.getegid(), *os.getgroups()}:
        return Finding("good", f"this user may use {owns}")
    return Finding(
        "bad", f"this user may not use {owns}", f"sudo usermod -aG {name} $USER, and sign in again"
    )


def disk(state: Path) -> Finding:
    """There is room for the database and its log."""
    folder = next(path for path in (state, *state.absolute().parents) if path.is_dir())
    free_mib = shutil.disk_usage(folder).free // 2**20
    if free_mib >= DISK_NEEDED_MIB:
        return Finding("good", f"{folder} has {free_mib} MiB free")
    return Finding("bad", f"{folder} has only {free_mib} MiB free", f"{DISK_NEEDED_MIB} MiB are needed")


def chinese_font() -> Finding:
    """A font with Chinese characters, for the pages and for pictures of paper."""
    fonts = _output("fc-list", ":lang=zh", "family")
    if fonts is None:
        return Finding("look", "fc-list is not installed, so nobody can say which fonts are here")
    if fonts.strip():
        return Finding("good", "a Chinese font is installed")
    return Finding("bad", "no Chinese font is installed", "sudo apt-get install fonts-noto-cjk")


def clock() -> Finding:
    """Somebody vouches for the time."""
    from kioskd.hall.clock import SystemClock

    if SystemClock().synchronised():
        return Finding("good", "the clock is synchronised")
    return Finding("look", "nobody vouches for the clock", "sudo timedatectl set-ntp true, or set it by hand")


def brltty(folder: Path = Path("/lib/udev/rules.d")) -> Finding:
    """The Braille daemon takes CH340 serial adapters for Braille displays."""
    if any(folder.glob("*brltty*")):
        return Finding("look", "brltty may take CH340 serial adapters away", "sudo apt-get remove brltty")
    return Finding("good", "no brltty takes serial adapters away")


def modem_manager() -> Finding:
    """ModemManager talks to serial ports to see whether they are modems."""
    if _output("systemctl", "is-active", "ModemManager") == "active\n":
        return Finding(
            "look",
            "ModemManager may talk to serial devices",
            "install 90-kioskd.rules, or sudo systemctl disable --now ModemManager",
        )
    return Finding("good", "no ModemManager talks to serial devices")


def _output(*command: str) -> str | None:
    """What a command prints; None when it is not installed or does not end."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout
