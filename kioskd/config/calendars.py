"""The calendar of a hall: a built-in file or one of its own, and the holidays that the hall file adds."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec

from kioskd.config.reader import Tables
from kioskd.hall.calendar import Calendar
from kioskd.reading import Mistake, load_toml, nearest, read_as

FOLDER = Path(str(resources.files("kioskd.config"))) / "holidays"


def builtin_calendars() -> list[str]:
    """The names of the calendars that come with kioskd."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def read_calendar(tables: Tables) -> Calendar:
    """The hall's calendar; what cannot be is noted."""
    name = tables.hall.calendar if tables.hall else ""
    calendar = _file(tables, name) if name else Calendar()
    own = tuple(entry.table for entry in tables.holidays)
    together = msgspec.structs.replace(calendar, holidays=calendar.holidays + own)
    for problem in together.problems():
        tables.notes.add("holidays" if own else "hall.calendar", name, problem)
    return together


def _file(tables: Tables, name: str) -> Calendar:
    if name in builtin_calendars():
        path = FOLDER / f"{name}.toml"
    else:
        path = tables.path.parent / name
        if not path.is_file():
            hint = nearest(name, builtin_calendars()) or f"built-in ones are {', '.join(builtin_calendars())}"
            tables.notes.add("hall.calendar", "", f"there is no calendar {name!r}", hint)
            return Calendar()
    mistakes: list[Mistake] = []
    raw = load_toml(path, mistakes)
    found = None if raw is None else read_as(raw, Calendar, file=str(path), key="", mistakes=mistakes)
    tables.notes.mistakes.extend(mistakes)
    return found or Calendar()
