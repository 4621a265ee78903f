"""Where a port is, as the hall file says it: `serial:…`, `tcp:HOST:PORT`, `lp:…`, `usb:…` and the like.

What is plugged into USB is best named by its identity, such as `lp:04b8:0e15?path=1-2` (`usb_identity.py`):
nodes such as /dev/usb/lp0 are given anew at every plugging.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from kioskd.devices.errors import PortError
from kioskd.devices.plugged import Plugged, find
from kioskd.devices.usb_identity import UsbIdentity, looks_like_identity, parse_identity

SCHEMES = ("serial", "tcp", "lp", "usb", "evdev", "video", "alsa", "emulator")
_NODES = {
    "serial": "/dev/ttyUSB0",
    "lp": "/dev/usb/lp0",
    "evdev": "/dev/input/by-path/…",
    "video": "/dev/video0",
}
"""The schemes that may name a device file, with an example."""
PCM_NAME = r"(?!tcp:)[A-Za-z][\w.-]*(:[\w=,.:-]+)?"
"""What ALSA calls a sound device: default, plughw:1,0, sysdefault:CARD=PCH."""


class PortUri(msgspec.Struct, frozen=True):
    """A parsed port. place: what follows the scheme."""

    scheme: str
    place: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.place}"

    @property
    def identity(self) -> UsbIdentity | None:
        """The USB device that it names, where it names one rather than a device file or an address."""
        if self.scheme in ("usb", *_NODES) and looks_like_identity(self.place):
            return parse_identity(self.place)
        return None

    @property
    def host_and_port(self) -> tuple[str, int]:
        """HOST and PORT of a `tcp:` place."""
        host, _, number = self.place.rpartition(":")
        return host.strip("[]"), int(number)


def parse_port(at: str) -> PortUri:
    """The port that `at` names. Raises ValueError saying what is wrong with it."""
    scheme, colon, place = at.partition(":")
    if not colon or scheme not in SCHEMES:
        raise ValueError(f"{at!r} is no port: it begins with one of {', '.join(s + ':' for s in SCHEMES)}")
    if scheme == "tcp" and not _is_host_and_port(place):
        raise ValueError(f"{at!r}: after tcp: comes HOST:PORT, such as tcp:192.168.1.50:9100")
    if scheme == "emulator" and place not in ("", "tcp"):
        raise ValueError(f"{at!r}: an emulated port is emulator: or emulator:tcp")
    if scheme == "alsa" and not (_is_emulated(place) or re.fullmatch(PCM_NAME, place)):
        raise ValueError(
            f"{at!r}: after alsa: comes what ALSA calls the card, such as alsa:default or "
            "alsa:plughw:CARD=PCH (`aplay -L` lists them)"
        )
    if scheme == "usb" or (scheme in _NODES and looks_like_identity(place)):
        parse_identity(place)
    elif scheme == "video" and _is_emulated(place):
        pass
    elif scheme in _NODES and not (place.startswith("/") or (scheme == "serial" and "://" in place)):
        url = ", or a pyserial URL" if scheme == "serial" else ""
        raise ValueError(
            f"{at!r}: after {scheme}: comes a device, such as {scheme}:{_NODES[scheme]}, "
            f"or what `kioskd scan` prints{url}"
        )
    return PortUri(scheme, place)


def _is_emulated(place: str) -> bool:
    """Whether it is an emulated camera or sound card, as the emulator host names it."""
    return place.startswith("tcp:") and _is_host_and_port(place.removeprefix("tcp:"))


def _is_host_and_port(place: str) -> bool:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s:]+):(\d{1,5})", place)
    return match is not None and 0 < int(match[2]) < 65536


def emulated_uri_file(folder: Path, port: str) -> Path:
    """The file in which the emulator host keeps what the emulated port `port` really is now."""
    return folder / f"{port}.uri"


def resolve(
    uri: PortUri,
    port: str,
    emulator_dir: Path | None,
    *,
    find_plugged: Callable[[str, UsbIdentity], Plugged] = find,
) -> PortUri:
    """What to open now: for an identity its present node, for `emulator:` what the emulator host says.

    Raises PortError (port_missing, ambiguous, library_missing) when it is not there or not clear.
    """
    if uri.scheme in _NODES and uri.identity is not None:
        return PortUri(uri.scheme, find_plugged(uri.scheme, uri.identity).node)
    if uri.scheme != "emulator":
        return uri
    if emulator_dir is None:
        raise PortError(
            "port_missing", f"port {port} is emulated, but no emulator was started with the daemon"
        )
    try:
        return parse_port(emulated_uri_file(emulator_dir, port).read_text(encoding="utf-8").strip())
    except (OSError, ValueError) as error:
        raise PortError("port_missing", f"the emulator of port {port} is unplugged or not running") from error
