"""What must fit together inside the hall: lines, windows, matters, clerks, hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kioskd.config.reader import NAME_KEYS, Entry, Notes, Tables
from kioskd.hall.matter_checks import problems, visible
from kioskd.hall.plan import Hours
from kioskd.hall.rules import check_ranges
from kioskd.reading import nearest

LARGEST_MARK_BYTES = 1_000_000


def check_hall(tables: Tables) -> None:
    """Note everything in the hall's own tables that cannot be."""
    _check_hall_table(tables)
    for key in ("lines", "windows", "clerks", "devices"):
        _check_unique(tables.notes, key, getattr(tables, key), NAME_KEYS[key])
    _check_unique(tables.matter_notes, "matters", tables.matters, "code")
    _check_unique(tables.matter_notes, "matters", tables.matters, "name")
    _check_lines(tables)
    _check_windows(tables)
    _check_matters(tables)
    _check_hours(tables.notes, "hours", "", [entry.table for entry in tables.hours])
    for problem in check_ranges([entry.table for entry in tables.lines]):
        tables.notes.add("lines", "", problem)


def _check_hall_table(tables: Tables) -> None:
    hall = tables.hall
    if hall is None:
        return
    try:
        ZoneInfo(hall.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        tables.notes.add(
            "hall.timezone", "", f"there is no time zone {hall.timezone!r}", "China's is 'Asia/Shanghai'"
        )
    if hall.public_url and not _is_web_address(hall.public_url):
        tables.notes.add(
            "hall.public_url",
            "",
            f"{hall.public_url!r} is not an address a phone can open",
            "write it as https://hall.example.cn",
        )
    if hall.mark and (problem := _mark_problem(tables.path.parent / hall.mark)):
        tables.notes.add("hall.mark", "", f"{hall.mark!r} {problem}")


def _mark_problem(file: Path) -> str:
    """What is wrong with the picture of the official mark; empty when it can be shown."""
    if file.suffix not in (".svg", ".png"):
        return "is neither an .svg nor a .png"
    if not file.is_file():
        return "is not there: put it beside the hall file"
    if file.stat().st_size > LARGEST_MARK_BYTES:
        return f"is larger than {LARGEST_MARK_BYTES // 1000} kB"
    return ""


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _check_unique(notes: Notes, list_name: str, entries: list[Entry], name_key: str) -> None:
    seen: dict[object, str] = {}
    for entry in entries:
        name = getattr(entry.table, name_key)
        if name in seen:
            notes.add(f"{entry.key}.{name_key}", name, f"is given twice: {seen[name]} has it too")
        else:
            seen[name] = entry.key


def _check_lines(tables: Tables) -> None:
    served = {line for entry in tables.windows for line in entry.table.lines}
    all_known = not _has_broken(tables, "windows") and served <= {*tables.names("lines")}
    if "lines" not in tables.raw:
        tables.notes.add("lines", "", "a hall needs a line: write [[lines]]")
    for entry in tables.lines:
        _check_hours(tables.notes, f"{entry.key}.hours", entry.table.id, entry.table.hours)
        if entry.table.id not in served and all_known:
            tables.notes.add(entry.key, entry.table.id, "no window serves this line")


def _check_windows(tables: Tables) -> None:
    if "windows" not in tables.raw:
        tables.notes.add("windows", "", "a hall needs a window: write [[windows]]")
    for entry in tables.windows:
        window = entry.table
        if not window.lines:
            tables.notes.add(f"{entry.key}.lines", window.number, "this window serves no line")
        for line in window.lines:
            _check_reference(tables, "lines", line, tables.notes, f"{entry.key}.lines", window.number)
        for line, times in Counter(window.lines).items():
            if times > 1:
                tables.notes.add(f"{entry.key}.lines", window.number, f"names the line {line!r} twice")


def _check_matters(tables: Tables) -> None:
    notes = tables.matter_notes
    for entry in tables.matters:
        matter = entry.table
        _check_reference(tables, "lines", matter.line, notes, f"{entry.key}.line", matter.code)
        for field, problem in problems(matter):
            notes.add(f"{entry.key}.{field}", visible(matter.code), problem)


def _check_reference(tables: Tables, table: str, name: str, notes: Notes, key: str, label: object) -> None:
    names = tables.names(table)
    if name not in names:
        notes.add(key, label, f"there is no {table[:-1]} {name!r}", nearest(name, map(str, names)))


def _has_broken(tables: Tables, table: str) -> bool:
    """Whether a table of this list could not be read, so that nobody knows what it would have said."""
    return len(getattr(tables, table)) < len(tables.raw.get(table) or [])


def _check_hours(notes: Notes, key: str, label: str, hours: Iterable[Hours]) -> None:
    """Opening times must open before they close, and two stretches of one day must not overlap."""
    stretches: list[tuple[str, int, int]] = []
    for stretch in hours:
        opens, closes = _minutes(stretch)
        if opens >= closes:
            notes.add(key, label, f"opens at {stretch.opens:%H:%M} but closes at {stretch.closes:%H:%M}")
            continue
        for day in stretch.days:
            if any(day == d and opens < c and o < closes for d, o, c in stretches):
                notes.add(
                    key, label, f"{day}: {stretch.opens:%H:%M}-{stretch.closes:%H:%M} overlaps another time"
                )
            stretches.append((day, opens, closes))


def _minutes(stretch: Hours) -> tuple[int, int]:
    opens = stretch.opens.hour * 60 + stretch.opens.minute
    closes = stretch.closes.hour * 60 + stretch.closes.minute
    return opens, closes or 24 * 60
