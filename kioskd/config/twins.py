"""No device is opened twice, under two names or by two ways; twins are kept apart by their names."""

from __future__ import annotations

from kioskd.config.reader import Notes
from kioskd.config.tables import PortTable
from kioskd.devices.port_uri import PortUri, parse_port


def check_twins(notes: Notes, ports: dict[str, PortTable]) -> None:
    """One device must not be opened twice: under two names, or by usblp and by libusb."""
    uris = {name: uri for name, port in ports.items() if (uri := _uri(port)) is not None}
    for number, (name, uri) in enumerate(uris.items()):
        for other_name, other in list(uris.items())[:number]:
            if _is_same(uri, other):
                notes.add(f"ports.{name}.at", "", f"{uri} is what port {other_name!r} opens already")
                break
            if _may_be_same(uri, other):
                notes.add(
                    f"ports.{name}.at",
                    "",
                    f"{uri} may be what port {other_name!r} opens, {other}",
                    "of two devices of one model both are named by their sockets: ?path=…",
                )
                break


def _uri(port: PortTable) -> PortUri | None:
    """What the port names, where that can be opened only once."""
    try:
        uri = parse_port(port.at)
    except ValueError:  # told already
        return None
    return uri if uri.scheme not in ("tcp", "emulator") else None


def _is_same(one: PortUri, other: PortUri) -> bool:
    if one.identity is None or other.identity is None:
        return one == other
    return _family(one) == _family(other) and one.identity == other.identity


def _may_be_same(one: PortUri, other: PortUri) -> bool:
    """Whether one of the two names says less than the other, and nothing else."""
    if one.identity is None or other.identity is None or _family(one) != _family(other):
        return False
    mine, others = one.identity, other.identity
    if (mine.vendor, mine.product, mine.interface) != (others.vendor, others.product, others.interface):
        return False
    said, said_there = ({who.serial, who.path} - {""} for who in (mine, others))
    return said <= said_there or said_there <= said


def _family(uri: PortUri) -> str:
    """A printer is the same one through usblp and through libusb."""
    return "printer" if uri.scheme in ("usb", "lp") else uri.scheme
