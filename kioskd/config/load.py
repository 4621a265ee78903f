"""From a hall file to checked structs, or to every mistake in it at once."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kioskd.config.calendars import read_calendar
from kioskd.config.device_checks import check_equipment
from kioskd.config.hall_checks import check_hall
from kioskd.config.photos import Photo, read_photos
from kioskd.config.reader import Tables, read_tables
from kioskd.config.tables import (
    BoardTable,
    DocumentsTable,
    LimitsTable,
    PrintingTable,
    StaffTable,
    WebTable,
)
from kioskd.config.uplink_checks import check_uplink
from kioskd.config.voice_checks import check_voice
from kioskd.config.web_checks import certificate_files, check_web
from kioskd.devices.kinds import Kind
from kioskd.devices.profile_files import builtin_profiles, options_of
from kioskd.devices.registry import driver_class
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.floor.commands import key_problems
from kioskd.floor.layout import check_layout, layout_text
from kioskd.floor.papers import NOTICE, TICKET
from kioskd.hall.calendar import Calendar
from kioskd.hall.plan import Clerk, Plan, Window
from kioskd.reading import Mistake, Mistakes
from kioskd.uplink.uplink import UplinkTable
from kioskd.voice.table import VoiceTable

SITE_PROFILES = Path("/etc/kioskd/profiles")


class HallFile(msgspec.Struct, frozen=True, kw_only=True):
    """A hall file that makes sense: all that the daemon is made from."""

    path: Path
    plan: Plan
    ports: tuple[PortSpec, ...]
    devices: tuple[DeviceSpec, ...]
    windows_of: dict[str, int]
    """Which window each device belongs to, by the device's name; the kiosk's printer is not in it."""
    web: WebTable
    board: BoardTable
    photos: dict[str, Photo]
    """The clerks' photos, by the clerk's id."""
    certificate: tuple[Path, Path | None] | None = None
    """The hall's TLS certificate and its key, where it has one."""
    staff: StaffTable = StaffTable()
    limits: LimitsTable = LimitsTable()
    printing: PrintingTable
    documents: DocumentsTable
    voice: VoiceTable
    uplink: UplinkTable
    uplink_fields: dict[str, str]
    """The exchange's fields and the facts they carry."""
    keys: dict[str, str]


def profile_folders(hall_file: Path | None = None) -> tuple[Path, ...]:
    """Where profiles are looked for: beside the hall file, then the site's folder, then our own."""
    beside = () if hall_file is None else (hall_file.parent / "profiles",)
    return tuple(folder for folder in (*beside, SITE_PROFILES, builtin_profiles()) if folder.is_dir())


def load_hall(path: Path) -> HallFile:
    """Read and check a hall file. Opens no device. Raises Mistakes, with all of them."""
    mistakes: list[Mistake] = []
    tables = read_tables(path, mistakes)
    if tables is None:
        raise Mistakes(mistakes)
    check_hall(tables)
    equipment = check_equipment(tables, profile_folders(path))
    check_web(tables)
    _check_layout(tables)
    _check_keys(tables, equipment.devices)
    _check_portraits(tables, equipment.devices)
    photos = read_photos(tables)
    calendar = read_calendar(tables)
    check_voice(tables)
    uplink_fields = check_uplink(tables)
    if mistakes:
        raise Mistakes(mistakes)
    assert tables.web is not None
    assert tables.board is not None
    assert tables.staff is not None
    assert tables.limits is not None
    assert tables.printing is not None
    assert tables.documents is not None
    assert tables.voice is not None
    assert tables.uplink is not None
    return HallFile(
        path=path,
        plan=_plan(tables, calendar),
        ports=equipment.ports,
        devices=equipment.devices,
        windows_of={
            entry.table.name: entry.table.window for entry in tables.devices if entry.table.window is not None
        },
        web=tables.web,
        board=tables.board,
        photos=photos,
        certificate=certificate_files(tables.web, path.parent),
        staff=tables.staff,
        limits=tables.limits,
        printing=tables.printing,
        documents=tables.documents,
        voice=tables.voice,
        uplink=tables.uplink,
        uplink_fields=uplink_fields,
        keys=tables.keys,
    )


def _check_layout(tables: Tables) -> None:
    """The papers' layouts must be there and make sense; their own mistakes are told with their line."""
    if tables.printing is None:
        return
    for key, paper in (("layout", TICKET), ("notice", NOTICE)):
        name = getattr(tables.printing, key)
        try:
            problems = check_layout(layout_text(name, tables.path.parent), paper)
        except (OSError, UnicodeDecodeError) as error:
            problems = [str(error)]
        for problem in problems:
            tables.notes.add(f"printing.{key}", name, problem)


def _check_keys(tables: Tables, devices: tuple[DeviceSpec, ...]) -> None:
    of_pads = {key for device in devices for key in _key_names(device)}
    problems = key_problems(tables.keys, tables.names("lines"), tables.names("windows"), of_pads)
    for key, problem in problems.items():
        tables.notes.add(f"keys.{key}", "", problem)


def _key_names(device: DeviceSpec) -> frozenset[str]:
    """What this pad's keys are called."""
    driver = driver_class(device.profile.driver)
    try:
        options = options_of(device.profile, driver, device.options)
    except Mistakes:  # told already
        return frozenset()
    return driver.key_names(device.profile, options)


def _check_portraits(tables: Tables, devices: tuple[DeviceSpec, ...]) -> None:
    """A camera that looks at faces stays off unless the hall says otherwise, whatever its profile wants."""
    if tables.documents is None or tables.documents.portrait:
        return
    keys = {entry.table.name: entry.key for entry in tables.devices}
    for device in devices:
        role = (device.profile.options | device.options).get("role")
        if Kind.CAMERA in device.profile.kinds and role == "portrait" and not device.disabled:
            tables.notes.add(
                f"{keys[device.name]}.options.role",
                device.name,
                "this camera looks at faces, which the hall does not allow",
                "set disabled = true here, or portrait = true in [documents]",
            )


def _plan(tables: Tables, calendar: Calendar) -> Plan:
    assert tables.hall is not None
    assert tables.day is not None
    assert tables.rules is not None
    assert tables.privacy is not None
    return Plan(
        name=tables.hall.name,
        name_en=tables.hall.name_en,
        timezone=tables.hall.timezone,
        public_url=tables.hall.public_url,
        mark=str((tables.path.parent / tables.hall.mark).resolve()) if tables.hall.mark else "",
        hours=tuple(entry.table for entry in tables.hours),
        calendar=calendar,
        day=tables.day,
        rules=tables.rules,
        privacy=tables.privacy,
        lines=tuple(entry.table for entry in tables.lines),
        windows=tuple(_window(entry.table) for entry in tables.windows),
        matters=tuple(entry.table for entry in tables.matters) if tables.seeded else None,
        matters_file=tables.matter_notes.file if tables.seeded else "",
        clerks=tuple(_clerk(entry.table) for entry in tables.clerks),
    )


def _window(table: Window) -> Window:
    """The part of a window's table that the hall knows of: it has never heard of a display."""
    return Window(**{field: getattr(table, field) for field in Window.__struct_fields__})


def _clerk(table: Clerk) -> Clerk:
    """The part of a clerk's table that the hall knows of: it has never seen a photo."""
    return Clerk(**{field: getattr(table, field) for field in Clerk.__struct_fields__})
