"""What is plugged in, as a hall file would name it: the most stable name, the profiles that fit, and why.

Nothing is opened, so that a port in use never notices. Network printers cannot be found this way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec

from kioskd.devices.access import DAEMON_USER, Access, access
from kioskd.devices.fitting import Fit, could_be, fits, general_fits, recognised
from kioskd.devices.kinds import Kind
from kioskd.devices.plugged import SUBSYSTEMS, Plugged, choose, plugged
from kioskd.devices.port_errors import user_name
from kioskd.devices.port_uri import parse_port
from kioskd.devices.profiles import Profile
from kioskd.devices.sound_cards import SoundCard, named_card, nodes_of, sound_cards
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.usb_identity import UsbIdentity
from kioskd.devices.usb_known import Adapter, adapter

PRINTER_CLASS, HUB_CLASS = 7, 9
"""bInterfaceClass, as the USB-IF assigns it."""

Sort = Literal["printer", "serial", "pad", "camera", "sound card", "card reader", "other"]
SORTS: dict[str, Sort] = {"lp": "printer", "serial": "serial", "evdev": "pad", "video": "camera"}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One device that is plugged in.

    at: what to write in the hall file, and why that. node: its device file now; empty where the kernel gave
    it none. socket: the kernel's name of the USB socket. twins: the sockets of others of the same model.
    fits: profiles, the best first. could_be: profiles of what may be at the other end of a serial line.
    ports, devices: what names it in the hall file already.
    """

    sort: Sort
    at: str
    why: str
    node: str
    title: str
    usb: str = ""
    serial: str = ""
    socket: str = ""
    twins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fits: tuple[Fit, ...] = ()
    could_be: tuple[Fit, ...] = ()
    access: tuple[Access, ...] = ()
    ports: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


class Other(msgspec.Struct, frozen=True):
    """A USB device that nothing here drives."""

    title: str
    usb: str
    socket: str


class Scan(msgspec.Struct, frozen=True):
    """All that is plugged in: what kioskd can use, and what else is on USB."""

    items: tuple[Found, ...]
    others: tuple[Other, ...]


def scan(
    profiles: Mapping[str, Profile],
    ports: Sequence[PortSpec] = (),
    devices: Sequence[DeviceSpec] = (),
    *,
    nodes: Mapping[str, Sequence[Plugged]] | None = None,
    cards: Sequence[SoundCard] | None = None,
) -> Scan:
    """Look at everything that is plugged in. ports, devices: those of the hall file, which may name it.

    nodes, cards: what is plugged in by scheme, and the sound cards; None: look. Raises PortError where there
    is no libudev.
    """
    cards = sound_cards() if cards is None else cards
    nodes = nodes or {scheme: plugged(scheme) for scheme in SUBSYSTEMS}
    chosen = _ports_among(nodes, profiles)
    items = [_found(one, nodes, profiles, ports, devices) for one in chosen]
    items += [_sound_card(card, ports, devices, profiles) for card in cards]
    items.sort(key=lambda item: get_args(Sort).index(item.sort))
    sockets = {one.path for one in chosen}
    others = tuple(
        Other(_title(one, None), _ids(one), one.path)
        for one in nodes["usb"]
        if one.path not in sockets and HUB_CLASS not in one.functions
    )
    return Scan(tuple(items), others)


# --- which of the nodes are ports ---


def _ports_among(nodes: Mapping[str, Sequence[Plugged]], profiles: Mapping[str, Profile]) -> list[Plugged]:
    """One node for each thing that a hall file may name: the one that a person would mean."""
    chosen = [*nodes["lp"], *nodes["serial"], *_pads(nodes["evdev"], profiles), *_cameras(nodes["video"])]
    sockets = {one.path for one in chosen}
    for one in nodes["usb"]:
        if one.path not in sockets and (
            PRINTER_CLASS in one.functions or adapter(one.vendor, one.product) or recognised(one, profiles)
        ):
            chosen.append(one)
    return chosen


def _pads(events: Sequence[Plugged], profiles: Mapping[str, Profile]) -> list[Plugged]:
    """Of each USB device with digit keys, or that a profile knows, the node with the keys."""
    known = [one for one in events if one.vendor is not None and (one.digits or recognised(one, profiles))]
    return [choose("evdev", _by_socket(one), events) for one in _first_of_each(known, lambda one: one.path)]


def _cameras(videos: Sequence[Plugged]) -> list[Plugged]:
    """Of each camera, and of each lens of a camera with two, the node that gives pictures."""
    return _first_of_each(
        (one for one in videos if one.captures),
        lambda one: (one.path, one.interface) if one.path else one.node,
    )


def _first_of_each(nodes: Iterable[Plugged], key: Any) -> list[Plugged]:
    first: dict[object, Plugged] = {}
    for one in nodes:
        first.setdefault(key(one), one)
    return list(first.values())


# --- one device ---


def _found(
    one: Plugged,
    nodes: Mapping[str, Sequence[Plugged]],
    profiles: Mapping[str, Profile],
    ports: Sequence[PortSpec],
    devices: Sequence[DeviceSpec],
) -> Found:
    chip = adapter(one.vendor, one.product)
    sort = _sort(one, chip, profiles)
    like = _first_of_each(
        (other for other in (*nodes["usb"], *nodes[one.scheme]) if _ids(other) == _ids(one) != ""),
        lambda other: other.path,
    )
    at, why = _name(one, sort, chip, like, nodes)
    port_names = tuple(port.name for port in ports if _names_it(port.at, one))
    node = "" if one.scheme == "usb" and sort == "serial" else one.node
    return Found(
        sort=sort,
        at=at,
        why=why,
        node=node,
        title=_title(one, chip),
        usb=_ids(one),
        serial=one.serial,
        socket=one.path,
        twins=tuple(other.path for other in like if other.path != one.path),
        notes=_notes(one, sort, chip),
        fits=fits(one, sort, profiles),
        could_be=could_be(profiles) if sort == "serial" else (),
        access=tuple(access(node, user) for user in dict.fromkeys((DAEMON_USER, user_name())) if node),
        ports=port_names,
        devices=tuple(device.name for device in devices if device.port in port_names),
    )


def _sound_card(
    card: SoundCard,
    ports: Sequence[PortSpec],
    devices: Sequence[DeviceSpec],
    profiles: Mapping[str, Profile],
) -> Found:
    """A sound card, by the kernel's own name of it."""
    named = [(port.name, parse_port(port.at)) for port in ports]
    names = tuple(
        name
        for name, uri in named
        if uri.scheme == "alsa" and named_card(uri.place) in ("", card.id, str(card.number))
    )
    node = next((str(node) for node in nodes_of(card) if node.name.startswith("pcm")), "")
    return Found(
        sort="sound card",
        at=card.at,
        why="the card's name, which stays when others are plugged in",
        node=node,
        title=card.title,
        fits=general_fits("sound card", profiles),
        access=tuple(access(node, user) for user in dict.fromkeys((DAEMON_USER, user_name())) if node),
        ports=names,
        devices=tuple(device.name for device in devices if device.port in names),
    )


def _sort(one: Plugged, chip: Adapter | None, profiles: Mapping[str, Profile]) -> Sort:
    if one.scheme != "usb":
        return SORTS[one.scheme]
    if chip is not None:
        return "serial"
    if PRINTER_CLASS in one.functions:
        return "printer"
    kinds = set().union(*(profiles[fit.profile].kinds for fit in recognised(one, profiles)))
    return "card reader" if Kind.CARD_READER in kinds else "printer" if Kind.PRINTER in kinds else "other"


def _name(
    one: Plugged,
    sort: Sort,
    chip: Adapter | None,
    like: Sequence[Plugged],
    nodes: Mapping[str, Sequence[Plugged]],
) -> tuple[str, str]:
    """What to write in the hall file, and why that. The name is tried: it must mean this very node."""
    scheme = "serial" if sort == "serial" else one.scheme
    if one.vendor is None or one.product is None:
        return f"{scheme}:{_link(one)}", "its place in the computer: it is not on USB"
    lost = _why_no_serial(one, chip, like)
    identity = UsbIdentity(one.vendor, one.product, serial="" if lost else one.serial)
    if lost:
        identity = _by_socket(one)
    siblings = {other.interface for other in nodes[one.scheme] if other.path == one.path and other.captures}
    if one.scheme in ("serial", "video") and len(siblings) > 1:
        identity = msgspec.structs.replace(identity, interface=one.interface)
    if choose(one.scheme, identity, nodes[one.scheme]).node != one.node:
        return f"{scheme}:{_link(one)}", "its place in the device: the device has several such lines"
    why = (
        f"its socket: {lost}, leave it there" if lost else "its serial number: it may move to another socket"
    )
    return f"{scheme}:{identity}", why


def _why_no_serial(one: Plugged, chip: Adapter | None, like: Sequence[Plugged]) -> str:
    """Why its serial number does not tell it from others; empty when it does."""
    if not one.serial or (chip is not None and not chip.serials):
        return "it has no serial number of its own"
    if chip is not None and one.serial in chip.same_serials:
        return f"its serial number {one.serial} is that of all its make"
    if any(other.serial == one.serial and other.path != one.path for other in like):
        return f"its serial number {one.serial} is its twin's too"
    return ""


def _by_socket(one: Plugged) -> UsbIdentity:
    assert one.vendor is not None
    assert one.product is not None
    return UsbIdentity(one.vendor, one.product, path=one.path)


def _link(one: Plugged) -> str:
    """The name that udev made for its place, or its node."""
    return next((link for link in one.links if "/by-path/" in link), one.node)


def _names_it(at: str, one: Plugged) -> bool:
    """Whether a port of the hall file is this device, under whatever name."""
    uri = parse_port(at)
    if uri.identity is not None:
        return one.fits(uri.identity)
    return uri.place in (one.node, *one.links) or os.path.realpath(uri.place) == one.node


def _notes(one: Plugged, sort: Sort, chip: Adapter | None) -> tuple[str, ...]:
    notes = []
    if sort == "serial" and one.scheme == "usb":
        notes.append(
            "it has no device file: brltty took it, or the kernel has no driver for it, see `kioskd doctor`"
        )
    elif sort == "serial" and one.vendor is None:
        notes.append("it is a socket of the computer: whether anything is plugged in there it cannot tell")
    if one.scheme == "evdev" and one.letters:
        notes.append(
            "it says that it is a whole keyboard, as many number pads do: name it only if it is a pad, "
            "what is typed on it then reaches kioskd alone"
        )
    return tuple(notes)


def _title(one: Plugged, chip: Adapter | None) -> str:
    """What it calls itself."""
    if chip is not None:
        return chip.chip
    if one.model.startswith(one.maker):
        return one.model or one.node
    return " ".join(word for word in (one.maker, one.model) if word)


def _ids(one: Plugged) -> str:
    return "" if one.vendor is None or one.product is None else f"{one.vendor:04x}:{one.product:04x}"
