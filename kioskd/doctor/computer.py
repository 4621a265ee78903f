"""The computer itself: programs, libraries, fonts, memory, disk, and its clock."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from kioskd.doctor.finding import Finding, output

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37)
DISK_NEEDED_MIB = 500
MEMORY_NEEDED_MIB = 900
RARE = "䶮𬭎"
"""Characters of people's names that many fonts lack."""
VOICE_PACKAGES = {"aplay": "alsa-utils", "espeak-ng": "espeak-ng"}
"""What speaks and plays calls, and the package that brings it."""
CAMERA_MODULES = ("linuxpy", "cv2", "img2pdf")
FORGETFUL = {
    "tmpfs": ("bad", "is in memory and gone after a power cut"),
    "ramfs": ("bad", "is in memory and gone after a power cut"),
    "overlay": ("look", "is on an overlay, which a computer with a restore card or overlayroot forgets"),
}
"""File systems that may not keep what is written."""
CALENDAR_ENDS_SOON = timedelta(days=31)
BATTERY_DRIFT_S = 24 * 3600
YEARS = range(2026, 2037)
"""Empty batteries and overflowing counters make 1970, 2000, 2010, or 2037 and later; kioskd is of 2026."""


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


def libudev() -> Finding:
    """What is plugged in can be seen."""
    try:
        import pyudev

        pyudev.Context()
    except ImportError:
        return Finding("bad", "libudev is missing: nothing on USB is found", "sudo apt-get install libudev1")
    return Finding("good", "libudev is here")


def libusb(needed: bool) -> Finding:
    """Printers that usblp does not drive can be opened."""
    import usb.backend.libusb1

    if usb.backend.libusb1.get_backend() is not None:
        return Finding("good", "libusb is here")
    step = "sudo apt-get install libusb-1.0-0"
    return Finding("bad" if needed else "look", "libusb is missing: usb: ports cannot be opened", step)


def camera_libraries(needed: bool, finder: Callable[[str], object] = find_spec) -> Finding:
    """The extra for document cameras is installed."""
    missing = [name for name in CAMERA_MODULES if finder(name) is None]
    if not missing:
        return Finding("good", "the libraries for document cameras are here")
    what = f"for document cameras {', '.join(missing)} is missing"
    return Finding("bad" if needed else "look", what, "pip install 'kioskd[camera]' in kioskd's environment")


def voice_programs(needed: bool, which: Callable[[str], str | None] = shutil.which) -> Finding:
    """What plays a call, and what speaks it where no clips were recorded."""
    missing = [name for name in ("aplay", "espeak-ng") if which(name) is None]
    if not missing:
        return Finding("good", "aplay and espeak-ng are here, for spoken calls")
    packages = [VOICE_PACKAGES[name] for name in missing]
    what = f"for spoken calls {' and '.join(missing)} is missing"
    verdict: Literal["bad", "look"] = "bad" if needed and "aplay" in missing else "look"
    return Finding(verdict, what, f"sudo apt-get install {' '.join(packages)}")


def chinese_font() -> Finding:
    """A font with Chinese characters, for the pages and for pictures of paper."""
    fonts = output("fc-list", ":lang=zh", "family")
    if fonts is None:
        return Finding("look", "fc-list is not installed, so nobody can say which fonts are here")
    if fonts.strip():
        return Finding("good", "a Chinese font is installed")
    return Finding("bad", "no Chinese font is installed", "sudo apt-get install fonts-noto-cjk")


def rare_characters(characters: str = RARE) -> Finding:
    """Some font has the rare characters of people's names: printers that lack them get them as pictures."""
    lists = {c: output("fc-list", f":charset={ord(c):x}", "family") for c in characters}
    missing = "".join(c for c, fonts in lists.items() if fonts is not None and not fonts.strip())
    if not missing:
        return Finding("good", f"the fonts have rare characters such as {characters}")
    return Finding(
        "look", f"no font has {missing}: they print as boxes", "sudo apt-get install fonts-noto-cjk"
    )


def memory(meminfo: Path = Path("/proc/meminfo"), processors: int | None = os.cpu_count()) -> Finding:
    """The computer is large enough for the daemon and a browser."""
    lines = meminfo.read_text(encoding="ascii").splitlines()
    mib = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemTotal:"))
    words = f"{mib} MiB of memory, {processors or 1} processor{'s' * (processors != 1)}"
    if mib >= MEMORY_NEEDED_MIB:
        return Finding("good", words)
    return Finding("look", f"only {words}", f"with a browser on it {MEMORY_NEEDED_MIB} MiB are the least")


def disk(state: Path) -> Finding:
    """There is room for the database and its log."""
    folder = _nearest(state)
    free_mib = shutil.disk_usage(folder).free // 2**20
    if free_mib >= DISK_NEEDED_MIB:
        return Finding("good", f"{folder} has {free_mib} MiB free")
    return Finding("bad", f"{folder} has only {free_mib} MiB free", f"{DISK_NEEDED_MIB} MiB are needed")


def keeps(state: Path, mounts: Path = Path("/proc/self/mountinfo")) -> Finding:
    """What is written to the state directory is still there after a power cut."""
    folder = _nearest(state).resolve()
    kinds = {}
    for line in mounts.read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        kinds[Path(before.split()[4].replace("\\040", " "))] = after.split()[0]
    kind = next((kinds[place] for place in (folder, *folder.parents) if place in kinds), "unknown")
    if kind in FORGETFUL:
        verdict, words = FORGETFUL[kind]
        return Finding(verdict, f"{state} {words}", "keep the state on a disk: mount one there, or --state")  # type: ignore[arg-type]
    return Finding("good", f"{folder} is on a disk ({kind})")


def state_directory(state: Path, user: str) -> Finding:
    """The state belongs to the daemon and others cannot read it: citizens' data are in it."""
    if not state.is_dir():
        return Finding("good", f"{state} is not there yet: the daemon makes it")
    found = state.stat()
    owner = _name(found.st_uid)
    if owner != user:
        return Finding(
            "bad", f"{state} belongs to {owner}, not to {user}", f"sudo chown -R {user}:{user} {state}"
        )
    if found.st_mode & 0o007:
        return Finding("bad", f"{state} can be read by everybody", f"sudo chmod o-rwx {state}")
    return Finding("good", f"{state} belongs to {user} alone")


def clock() -> Finding:
    """Somebody vouches for the time."""
    from kioskd.hall.clock import SystemClock

    if SystemClock().synchronised():
        return Finding("good", "the clock is synchronised")
    return Finding("look", "nobody vouches for the clock", "sudo timedatectl set-ntp true, or set it by hand")


def calendar(known_through: date | None, today: date | None = None) -> Finding:
    """The hall's calendar knows the coming holidays."""
    today = today or datetime.now(UTC).date()
    if known_through is None:
        return Finding("look", "no calendar says which days are holidays", 'calendar = "china" in [hall]')
    if known_through - today > CALENDAR_ENDS_SOON:
        return Finding("good", f"the holidays are known until {known_through}")
    step = "write next year's holidays into the hall file as [[holidays]], or bring kioskd up to date"
    return Finding("look", f"the holidays are known until {known_through} only", step)


def battery(now_s: float | None = None, rtc: Path = Path("/sys/class/rtc/rtc0/since_epoch")) -> Finding:
    """The date is one that can be, and the clock that runs on the battery agrees with it.

    now_s: seconds since 1970, the time where it is not given.
    """
    now_s = time.time() if now_s is None else now_s
    today = datetime.fromtimestamp(now_s, UTC).date()
    if today.year not in YEARS:
        return Finding("bad", f"the date is {today}, which cannot be", "set the clock, and renew its battery")
    try:
        rtc_s = int(rtc.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return Finding("good", f"the date is {today}; no battery clock can be read here")
    if abs(rtc_s - now_s) > BATTERY_DRIFT_S:
        its = datetime.fromtimestamp(rtc_s, UTC).date()
        step = "sudo hwclock --systohc; if it is wrong again after a night, renew the battery"
        return Finding("look", f"the clock on the battery says {its}, the computer {today}", step)
    return Finding("good", f"the date is {today}, and the clock on the battery agrees")


def _nearest(path: Path) -> Path:
    """The folder, or the one that it would be made in."""
    return next(place for place in (path, *path.absolute().parents) if place.is_dir())


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
