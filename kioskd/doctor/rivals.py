"""Other programs that take what is the hall's: brltty, ModemManager, CUPS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kioskd.devices.plugged import Plugged
from kioskd.devices.udev_rules import FILE
from kioskd.devices.usb_known import adapter
from kioskd.doctor.finding import Finding, is_active

RULES_FOLDERS = (
    Path("/etc/udev/rules.d"),
    Path("/run/udev/rules.d"),
    Path("/usr/local/lib/udev/rules.d"),
    Path("/usr/lib/udev/rules.d"),
    Path("/lib/udev/rules.d"),
)
MASK_BRLTTY = "sudo systemctl mask --now brltty, unless somebody reads Braille here"


def device_rules(folders: Sequence[Path] = RULES_FOLDERS) -> Finding:
    """Our own device rules are installed: the others count on them."""
    place = _rules(folders, FILE)
    if place:
        return Finding("good", f"the device rules are in {place[0]}")
    return Finding("look", f"{FILE} is not installed", "sudo kioskd units, or kioskd udev HALL_FILE")


def brltty(folders: Sequence[Path] = RULES_FOLDERS, *, runs: bool | None = None) -> Finding:
    """The Braille daemon takes CH340 and other serial adapters for Braille displays."""
    if is_active("brltty") if runs is None else runs:
        return Finding("bad", "brltty runs, and takes serial adapters for Braille displays", MASK_BRLTTY)
    theirs = _rules(folders, "*brltty*.rules")
    if not theirs:
        return Finding("good", "no brltty takes serial adapters away")
    if _rules(folders, FILE):
        return Finding("good", f"{theirs[0].name} would take serial adapters away, {FILE} prevents it")
    return Finding("look", f"brltty ({theirs[0].name}) may take serial adapters away", MASK_BRLTTY)


def modem_manager(folders: Sequence[Path] = RULES_FOLDERS, *, runs: bool | None = None) -> Finding:
    """ModemManager talks to serial ports to see whether they are modems."""
    if not (is_active("ModemManager") if runs is None else runs):
        return Finding("good", "no ModemManager talks to serial devices")
    if _rules(folders, FILE):
        return Finding("good", f"ModemManager runs, {FILE} keeps it from serial adapters")
    return Finding(
        "look", "ModemManager may talk to serial devices", f"install {FILE}: kioskd udev HALL_FILE"
    )


def cups(prints: bool, *, runs: bool | None = None) -> Finding:
    """CUPS takes a USB printer from the kernel's driver while it prints on it."""
    if not (is_active("cups") if runs is None else runs):
        return Finding("good", "no CUPS uses the printers")
    if not prints:
        return Finding("good", "CUPS runs; the hall has no USB printer")
    step = "see `lpstat -v`: remove the ticket printer there with `sudo lpadmin -x NAME`"
    return Finding("look", "CUPS runs, and may use the ticket printer too", step)


def lost_adapters(usb: Sequence[Plugged], serial: Sequence[Plugged]) -> list[Finding]:
    """Serial adapters that have no device file: somebody took them, or the kernel has no driver."""
    sockets = {one.path for one in serial}
    return [
        Finding(
            "bad",
            f"the {chip.chip} in socket {one.path} has no device file",
            MASK_BRLTTY if chip.braille else "see `sudo dmesg`: the kernel has no driver for it",
        )
        for one in usb
        if (chip := adapter(one.vendor, one.product)) and one.path not in sockets
    ]


def _rules(folders: Sequence[Path], pattern: str) -> list[Path]:
    return [file for folder in folders if folder.is_dir() for file in sorted(folder.glob(pattern))]
