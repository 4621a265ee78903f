"""Which USB device is meant, whatever node or number it has today: `VVVV:PPPP?serial=…` or `…?path=1-2`.

Every port on USB may be named so: `usb:`, `lp:`, `serial:`, `evdev:`, `video:`. The serial number follows a
device from socket to socket; the path is the socket, for devices without a serial number and for twins.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from kioskd.reading import nearest

_IDS = re.compile("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")
_PATH = re.compile(r"\d+-\d+(\.\d+)*")
_KEYS = ("serial", "path", "interface")


class UsbIdentity(msgspec.Struct, frozen=True):
    """One USB device. serial: its own serial number; path: the kernel's name of its socket, such as 1-2.3.

    interface: which of a device's several functions, such as the second serial line of a twin adapter.
    """

    vendor: int
    product: int
    serial: str = ""
    path: str = ""
    interface: int | None = None

    def __str__(self) -> str:
        asked = {"serial": self.serial, "path": self.path, "interface": self.interface}
        query = urlencode(
            {key: value for key, value in asked.items() if value not in ("", None)}, quote_via=quote
        )
        return f"{self.vendor:04x}:{self.product:04x}" + (f"?{query}" if query else "")


def looks_like_identity(place: str) -> bool:
    """Whether a port's place begins as an identity does, rather than as a path."""
    return _IDS.fullmatch(place.partition("?")[0]) is not None


def parse_identity(place: str) -> UsbIdentity:
    """The device that `place` names. Raises ValueError saying what is wrong with it."""
    ids, _, query = place.partition("?")
    if not _IDS.fullmatch(ids):
        raise ValueError(f"{place!r} names no USB device: write VVVV:PPPP?path=1-2 as `kioskd scan` shows it")
    try:
        asked = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True)) if query else {}
    except ValueError:
        raise ValueError(f"{place!r}: after ? comes serial=… or path=…") from None
    for key, value in asked.items():
        if key not in _KEYS:
            raise ValueError(f"{place!r}: there is no {key!r} {nearest(key, _KEYS)}".rstrip())
        if not value:
            raise ValueError(f"{place!r}: {key} is empty")
    path, interface = asked.get("path", ""), asked.get("interface")
    if path and not _PATH.fullmatch(path):
        raise ValueError(f"{place!r}: a path is the kernel's name of the socket, such as 1-2 or 1-2.3")
    if interface is not None and not (interface.isascii() and interface.isdigit() and int(interface) < 256):
        raise ValueError(f"{place!r}: interface is a number from 0 to 255")
    vendor, product = (int(part, 16) for part in ids.split(":"))
    number = None if interface is None else int(interface)
    return UsbIdentity(vendor, product, asked.get("serial", ""), path, number)
