"""A hall file's tables, read one by one: a mistake in one window does not hide those in another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from kioskd.config.tables import (
    BoardTable,
    ClerkTable,
    DeviceTable,
    DocumentsTable,
    HallTable,
    LimitsTable,
    PortTable,
    PrintingTable,
    StaffTable,
    WebTable,
    WindowTable,
)
from kioskd.hall.calendar import Holiday
from kioskd.hall.matter import with_material_rows
from kioskd.hall.plan import DayRules, Hours, Line, Matter, PrivacyRules, Rules
from kioskd.reading import Mistake, load_toml, nearest, read_as
from kioskd.uplink.uplink import UplinkTable
from kioskd.voice.table import VoiceTable

T = TypeVar("T")

TABLES = (
    "hall", "day", "rules", "privacy", "ports", "web", "staff", "limits", "board", "printing", "documents",
    "voice", "uplink", "keys",
)  # fmt: skip
LISTS = ("hours", "holidays", "lines", "windows", "clerks", "devices")
MATTERS_FILE = "matters.toml"
NAME_KEYS = {"lines": "id", "windows": "number", "clerks": "id", "devices": "name", "matters": "code"}


class Notes:
    """The mistakes of one file, as they are found."""

    def __init__(self, file: Path, mistakes: list[Mistake]) -> None:
        self.file = str(file)
        self.mistakes = mistakes

    def add(self, key: str, label: object, problem: str, hint: str = "") -> None:
        """Note a mistake. label: the device's, window's or line's name, for people."""
        where = f"{key} ({label})" if label != "" else key
        self.mistakes.append(Mistake(self.file, where, problem, hint))


class Entry(msgspec.Struct, frozen=True):
    """One readable table of a list, with its place in the file, such as `devices[2]`."""

    key: str
    table: Any


class Tables(msgspec.Struct, kw_only=True):
    """All that could be read. What could not is missing here and told in `notes`."""

    path: Path
    notes: Notes
    matter_notes: Notes
    raw: dict[str, Any]
    hall: HallTable | None
    day: DayRules | None
    rules: Rules | None
    privacy: PrivacyRules | None
    web: WebTable | None
    board: BoardTable | None
    staff: StaffTable | None
    limits: LimitsTable | None
    printing: PrintingTable | None
    documents: DocumentsTable | None
    voice: VoiceTable | None
    uplink: UplinkTable | None
    ports: dict[str, PortTable]
    keys: dict[str, str]
    hours: list[Entry]
    holidays: list[Entry]
    lines: list[Entry]
    windows: list[Entry]
    clerks: list[Entry]
    devices: list[Entry]
    matters: list[Entry]
    seeded: bool
    """Whether there is a file of matters at all."""

    def names(self, table: str) -> list[Any]:
        """Every name that this list gives, also in tables with mistakes: they may be referred to."""
        found = (item.get(NAME_KEYS[table]) for item in _tables(self.raw.get(table)))
        return [name for name in found if isinstance(name, str | int)]


def read_tables(path: Path, mistakes: list[Mistake]) -> Tables | None:
    """The hall file's tables and its matters; None when the file is not TOML at all."""
    raw = load_toml(path, mistakes)
    if raw is None:
        return None
    notes = Notes(path, mistakes)
    for key in raw:
        if key not in TABLES + LISTS:
            notes.add(key, "", "unknown table", nearest(key, TABLES + LISTS))
    hall = _read_one(raw, "hall", HallTable, notes, required=True)
    named = hall.matters if hall else None
    matters_path = path.parent / (named or MATTERS_FILE)
    seeded = bool(named) or matters_path.is_file()
    matters_raw = (load_toml(matters_path, mistakes) or {}) if seeded else {}
    matter_notes = Notes(matters_path, mistakes)
    for key in matters_raw:
        if key != "matters":
            matter_notes.add(key, "", "unknown table", nearest(key, ["matters"]))
    return Tables(
        path=path,
        notes=notes,
        matter_notes=matter_notes,
        raw={**raw, "matters": matters_raw.get("matters")},
        hall=hall,
        day=_read_one(raw, "day", DayRules, notes),
        rules=_read_one(raw, "rules", Rules, notes),
        privacy=_read_one(raw, "privacy", PrivacyRules, notes),
        web=_read_one(raw, "web", WebTable, notes),
        board=_read_one(raw, "board", BoardTable, notes),
        staff=_read_one(raw, "staff", StaffTable, notes),
        limits=_read_one(raw, "limits", LimitsTable, notes),
        printing=_read_one(raw, "printing", PrintingTable, notes),
        documents=_read_one(raw, "documents", DocumentsTable, notes),
        voice=_read_one(raw, "voice", VoiceTable, notes),
        uplink=_read_one(raw, "uplink", UplinkTable, notes),
        ports=_read_named(raw, "ports", PortTable, notes),
        keys=_read_named(raw, "keys", str, notes),
        hours=_read_list(raw, "hours", Hours, notes),
        holidays=_read_list(raw, "holidays", Holiday, notes),
        lines=_read_list(raw, "lines", Line, notes),
        windows=_read_list(raw, "windows", WindowTable, notes),
        clerks=_read_list(raw, "clerks", ClerkTable, notes),
        devices=_read_list(raw, "devices", DeviceTable, notes),
        matters=_read_list(_with_rows(matters_raw), "matters", Matter, matter_notes),
        seeded=seeded,
    )


def _with_rows(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The matters file's tables, with each plain material made a row."""
    matters = raw.get("matters")
    return {**raw, "matters": [*map(with_material_rows, matters)]} if isinstance(matters, list) else raw


def _read_one(
    raw: Mapping[str, Any], key: str, type_: type[T], notes: Notes, *, required: bool = False
) -> T | None:
    if key not in raw and required:
        notes.add(key, "", "is missing")
        return None
    return _read(raw.get(key, {}), type_, key, "", notes)


def _read_named(raw: Mapping[str, Any], key: str, type_: type[T], notes: Notes) -> dict[str, T]:
    tables = raw.get(key, {})
    if not isinstance(tables, Mapping):
        notes.add(key, "", f"is a table: write [{key}]")
        return {}
    found = {name: _read(value, type_, f"{key}.{name}", "", notes) for name, value in tables.items()}
    return {name: table for name, table in found.items() if table is not None}


def _read_list(raw: Mapping[str, Any], key: str, type_: type[Any], notes: Notes) -> list[Entry]:
    items = raw.get(key, [])
    if not isinstance(items, list):
        notes.add(key, "", f"is a list of tables: write [[{key}]]")
        return []
    entries = []
    for index, item in enumerate(items):
        place = f"{key}[{index}]"
        label = str(item.get(NAME_KEYS.get(key, ""), "")) if isinstance(item, Mapping) else ""
        table = _read(item, type_, place, label, notes)
        if table is not None:
            entries.append(Entry(place, table))
    return entries


def _read(value: object, type_: type[T], key: str, label: str, notes: Notes) -> T | None:
    """The table as its struct. Unknown keys are noted, but do not keep the rest from being checked."""
    table = read_as(value, type_, file=notes.file, key=key, mistakes=notes.mistakes, label=label)
    if table is None and isinstance(value, Mapping) and issubclass(type_, msgspec.Struct):
        known = {name: value[name] for name in value if name in type_.__struct_fields__}
        table = read_as(known, type_, file=notes.file, key=key, mistakes=[], label=label)
    return table


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
