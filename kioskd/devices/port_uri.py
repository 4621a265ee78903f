"""Where a port is, as the hall file says it: `serial:…`, `tcp:HOST:PORT`, `lp:…`, `emulator:`."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from kioskd.devices.errors import PortError

SCHEMES = ("serial", "tcp", "lp", "emulator")


class PortUri(msgspec.Struct, frozen=True):
    """A parsed port. place: what follows the scheme."""

    scheme: str
    place: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.place}"

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
    if scheme == "lp" and not place.startswith("/"):
        raise ValueError(f"{at!r}: after lp: comes a device, such as lp:/dev/usb/lp0")
    if scheme == "serial" and not (place.startswith("/") or "://" in place):
        raise ValueError(
            f"{at!r}: after serial: comes a device, such as serial:/dev/ttyUSB0, or a pyserial URL"
        )
    return PortUri(scheme, place)


def _is_host_and_port(place: str) -> bool:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s:]+):(\d{1,5})", place)
    return match is not None and 0 < int(match[2]) < 65536


def emulated_uri_file(folder: Path, port: str) -> Path:
    """The file in which the emulator host keeps what the emulated port `port` really is now."""
    return folder / f"{port}.uri"


def resolve(uri: PortUri, port: str, emulator_dir: Path | None) -> PortUri:
    """What to open now: for `emulator:` what the emulator host says, otherwise `uri` itself.

    Raises PortError (port_missing) when the emulator is not there.
    """
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
