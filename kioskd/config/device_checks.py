"""What must fit together among the devices: profiles, ports, addresses, windows. Nothing is opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from kioskd.config.reader import Entry, Notes, Tables
from kioskd.config.tables import DeviceTable, PortTable
from kioskd.config.twins import check_twins
from kioskd.devices.driver import Driver
from kioskd.devices.errors import DeviceError
from kioskd.devices.kinds import Kind
from kioskd.devices.port_uri import SCHEMES, parse_port
from kioskd.devices.profile_files import all_options, find_profiles, load_profile, read_options
from kioskd.devices.profiles import PortSettings, Profile
from kioskd.devices.registry import driver_class
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.reading import Mistakes, nearest

NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""Names stand in addresses of pages and in names of files."""
NAME_RULE = "a name is letters, digits, - and _, 64 at most, and begins with a letter or digit"


class Equipment(msgspec.Struct, frozen=True):
    """The hall's devices and ports, ready for the supervisor."""

    ports: tuple[PortSpec, ...]
    devices: tuple[DeviceSpec, ...]


class _Found(msgspec.Struct, frozen=True):
    """A device whose profile and driver are known."""

    key: str
    table: DeviceTable
    profile: Profile
    driver: type[Driver]
    port: str


def check_equipment(tables: Tables, folders: Sequence[Path]) -> Equipment:
    """Note everything that cannot be among ports and devices; the specs count only if nothing was noted.

    folders: where profiles are looked for, the first that has one wins.
    """
    ports = dict(tables.ports)
    for name, port in tables.ports.items():
        _check_port(tables.notes, name, port)
    profiles = _Profiles(folders)
    found = [device for entry in tables.devices if (device := _find(tables, entry, ports, profiles))]
    _check_windows(tables, found)
    settings = {name: _settings(tables.notes, name, port, found) for name, port in ports.items()}
    for name, port in ports.items():
        on_it = [device for device in found if device.port == name]
        _check_schemes(tables.notes, port, on_it)
        _check_sharing(tables.notes, name, on_it)
    check_twins(tables.notes, ports)
    return Equipment(
        tuple(
            PortSpec(name=name, at=port.at, settings=settings[name], local_echo=port.local_echo)
            for name, port in ports.items()
        ),
        tuple(_spec(device) for device in found),
    )


class _Profiles:
    """Profiles read once each, whatever the number of devices that use one."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._known: dict[str, Profile | None] = {}
        self.names = sorted(find_profiles(folders))

    def get(self, name: str, notes: Notes) -> Profile | None:
        """The profile, or None after noting, once, why it cannot be used."""
        if name not in self._known:
            try:
                self._known[name] = load_profile(name, self._folders)
            except Mistakes as wrong:
                notes.mistakes.extend(wrong.mistakes)
                self._known[name] = None
        return self._known[name]


def _check_port(notes: Notes, name: str, port: PortTable) -> None:
    if not NAME.fullmatch(name):
        notes.add(f"ports.{name}", "", NAME_RULE)
    try:
        parse_port(port.at)
    except ValueError as error:
        notes.add(f"ports.{name}.at", "", str(error))


def _find(tables: Tables, entry: Entry, ports: dict[str, PortTable], profiles: _Profiles) -> _Found | None:
    device: DeviceTable = entry.table
    if not NAME.fullmatch(device.name):
        tables.notes.add(f"{entry.key}.name", device.name, NAME_RULE)
    port = _port_of(tables, entry, ports)
    if device.window is not None and device.window not in tables.names("windows"):
        numbers = ", ".join(map(str, tables.names("windows")))
        tables.notes.add(
            f"{entry.key}.window",
            device.name,
            f"there is no window {device.window}",
            f"the windows are {numbers}",
        )
    if device.profile not in profiles.names:
        tables.notes.add(
            f"{entry.key}.profile",
            device.name,
            f"there is no profile {device.profile!r}",
            nearest(device.profile, profiles.names) or "`kioskd profile list` shows all",
        )
        return None
    profile = profiles.get(device.profile, tables.notes)
    if profile is None:
        return None
    try:
        driver = driver_class(profile.driver)
    except DeviceError as error:
        tables.notes.add(f"{entry.key}.profile", device.name, str(error))
        return None
    _check_options(tables.notes, entry, profile, driver)
    return _Found(entry.key, device, profile, driver, port) if port else None


def _port_of(tables: Tables, entry: Entry, ports: dict[str, PortTable]) -> str:
    """The name of the device's port; an inline address becomes a port of its own."""
    device: DeviceTable = entry.table
    known = tables.raw.get("ports") or {}
    if device.port in known:
        return device.port
    if ":" not in device.port:
        hint = nearest(device.port, known) or (
            f"the ports are {', '.join(known)}" if known else "write [ports]"
        )
        tables.notes.add(f"{entry.key}.port", device.name, f"there is no port {device.port!r}", hint)
        return ""
    try:
        parse_port(device.port)
    except ValueError as error:
        tables.notes.add(f"{entry.key}.port", device.name, str(error))
        return ""
    twin = next((name for name, port in ports.items() if port.at == device.port), None)
    if twin is not None and not device.port.startswith("emulator:"):
        return twin
    ports[device.name] = PortTable(at=device.port)
    return device.name


def _check_options(notes: Notes, entry: Entry, profile: Profile, driver: type[Driver]) -> None:
    """The device's own options must be ones that its driver knows; the profile's were checked with it."""
    read_options(
        all_options(profile, entry.table.options),
        driver,
        file=notes.file,
        key=f"{entry.key}.options",
        mistakes=notes.mistakes,
        label=entry.table.name,
    )


def _settings(notes: Notes, name: str, port: PortTable, found: list[_Found]) -> PortSettings:
    """What the port's devices ask for, with what the hall file overrides. Devices of one line must agree."""
    overrides = {
        key: value for key in ("baud", "format", "flow") if (value := getattr(port, key)) is not None
    }
    wanted: dict[str, Any] = {}
    for device in (device for device in found if device.port == name):
        asked = msgspec.structs.asdict(device.profile.port) | overrides
        if wanted and asked != wanted:
            notes.add(
                f"{device.key}.port",
                device.table.name,
                f"{device.profile.name} talks {_in_words(asked)}, others there talk {_in_words(wanted)}",
                f"set baud, format and flow in [ports.{name}] if all can be switched to the same",
            )
        wanted = wanted or asked
    return PortSettings(**(wanted or overrides))


def _in_words(settings: dict[str, Any]) -> str:
    return f"{settings['baud']} {settings['format']} {settings['flow']}"


def _check_schemes(notes: Notes, port: PortTable, found: list[_Found]) -> None:
    """A keypad on USB is no serial line: the driver says by which kinds of port it can be reached."""
    scheme = port.at.partition(":")[0]
    for device in found:
        if scheme in SCHEMES and scheme not in device.driver.schemes | {"emulator"}:
            ways = " or ".join(f"{one}:" for one in SCHEMES if one in device.driver.schemes)
            notes.add(
                f"{device.key}.port",
                device.table.name,
                f"{device.profile.name} cannot be reached by {scheme}:",
                f"it is attached by {ways}",
            )


def _check_sharing(notes: Notes, port: str, sharers: list[_Found]) -> None:
    """On a shared line every device needs an address of its own within its protocol."""
    taken: dict[tuple[str, int], str] = {}
    for device in sharers:
        name, address = device.table.name, device.table.address
        own = msgspec.structs.replace(
            device.profile, options=all_options(device.profile, device.table.options)
        )
        protocol = device.driver.line_protocol(own)
        others = ", ".join(other.table.name for other in sharers if other is not device)
        if protocol is None and others:
            notes.add(
                f"{device.key}.port",
                name,
                f"{device.profile.name} cannot share a line, but {others} is on port {port!r} too",
                "give it a port of its own",
            )
        elif protocol is not None and address is None:
            notes.add(f"{device.key}.address", name, "is missing: its protocol is spoken by address")
        elif protocol is not None and address is not None:
            place = (protocol, address)
            if place in taken:
                notes.add(
                    f"{device.key}.address",
                    name,
                    f"address {address} on port {port!r} belongs to {taken[place]} already",
                    "two devices cannot answer at one address",
                )
            taken.setdefault(place, name)


def _check_windows(tables: Tables, found: list[_Found]) -> None:
    """Every window needs its display, unless it says that it has none."""
    shown = {device.table.window for device in found if Kind.DISPLAY in device.profile.kinds}
    unread = {device.get("window") for device in tables.raw.get("devices") or [] if isinstance(device, dict)}
    unread -= {device.table.window for device in found}
    for entry in tables.windows:
        window = entry.table
        if window.display and window.number not in shown | unread:
            tables.notes.add(
                entry.key,
                window.number,
                f"window {window.number} has no display device",
                f"add a [[devices]] with window = {window.number}, or display = false here",
            )


def _spec(device: _Found) -> DeviceSpec:
    table = device.table
    return DeviceSpec(
        name=table.name,
        title=table.title or table.name,
        profile=device.profile,
        port=device.port,
        address=table.address,
        options=table.options,
        disabled=table.disabled,
    )
