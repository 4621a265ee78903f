"""From rows of cells to matters: headers recognised, every mistake noted by sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kioskd.hall.matter import Material, Matter
from kioskd.hall.matter_checks import problems, visible
from kioskd.matter_files.columns import MATERIAL, all_columns, column_of
from kioskd.matter_files.table import Row, Table
from kioskd.reading import Mistake, nearest

NEEDED = (
    "code",
    "name",
    "line",
    "area",
    "department",
    "by_law",
    "accept_condition",
    "handle_flow",
    "promise",
)
_HEADER_ROWS = 5
_YES, _NO = ("是", "yes", "true", "1", "y", "必要"), ("否", "no", "false", "0", "n", "非必要")
_UNITS = {"promise": "promise_unit", "legal_limit": "legal_limit_unit"}

Progress = Callable[[int], object]


class Head(msgspec.Struct, frozen=True):
    """The header row: where each column stands, and what it is called there."""

    row: int
    at: dict[str, int]
    titles: tuple[str, ...]


class _Draft(msgspec.Struct):
    """A matter while its rows are read: its fields, where each stood, and its materials with theirs."""

    row: Row
    fields: dict[str, str]
    materials: list[tuple[Row, dict[str, str]]]


class Seen:
    """The codes and the names that were met, on whatever sheet, each with where it was first."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], str] = {}

    def before(self, key: str, value: str, place: str) -> str:
        """Where this code or name was met before; empty for a new one, which is now met at `place`."""
        first = self._places.get((key, value), "")
        self._places.setdefault((key, value), place)
        return first


class Reader:
    """Reads the matters of one table. lines: the hall's lines, title by id; seen: what all tables share."""

    def __init__(self, table: Table, lines: Mapping[str, str], mistakes: list[Mistake], seen: Seen) -> None:
        self._table = table
        self._lines = lines
        self._mistakes = mistakes
        self._seen = seen

    def head(self) -> Head | None:
        """The header row, among the first few; None in a sheet that is about something else."""
        for row in self._table.rows[:_HEADER_ROWS]:
            keys = [column_of(cell) if cell else None for cell in row.cells]
            if "code" in keys and "name" in keys:
                return self._checked_head(row, keys)
        return None

    def _checked_head(self, row: Row, keys: list[str | None]) -> Head:
        at: dict[str, int] = {}
        for index, (key, title) in enumerate(zip(keys, row.cells, strict=True)):
            if key is None:
                if title:
                    known = [name for one in all_columns().values() for name in (one.zh, one.en)]
                    self._note(
                        row.number, index, "", f"there is no column {visible(title)!r}", nearest(title, known)
                    )
            elif key in at:
                self._note(row.number, index, title, "is there twice")
            else:
                at[key] = index
        for key in (*NEEDED, f"{MATERIAL}name"):
            if key not in at:
                column = all_columns()[key]
                self._note(row.number, None, "", f"the column {column.zh} ({column.en}) is missing")
        return Head(row.number, at, row.cells)

    def read(self, head: Head, progress: Progress = lambda rows: None) -> list[tuple[Matter, Row]]:
        """The matters below the header, each with its first row; those with mistakes are left out."""
        found: list[tuple[Matter, Row]] = []
        for draft in self._drafts(head, progress):
            before = len(self._mistakes)
            matter = self._matter(draft, head)
            place = self._table.place(draft.row.number)
            for key in ("code", "name"):
                value = draft.fields[key]
                if value and (first := self._seen.before(key, value, place)):
                    problem = f"{visible(value)!r} is given twice: {first} has it too"
                    self._note_at(draft.row, key, head, problem)
            if matter is not None and len(self._mistakes) == before:
                found.append((matter, draft.row))
        return found

    def _drafts(self, head: Head, progress: Progress) -> list[_Draft]:
        drafts: list[_Draft] = []
        for row in self._table.rows:
            if row.number <= head.row:
                continue
            progress(1)
            values = {key: row.cells[at] if at < len(row.cells) else "" for key, at in head.at.items()}
            for key, at in head.at.items():
                if at in row.formulas:
                    self._note_at(row, key, head, "is a formula: paste its value")
                    values[key] = ""
            own = {key: value for key, value in values.items() if not key.startswith(MATERIAL)}
            material = {key: value for key, value in values.items() if key.startswith(MATERIAL) and value}
            draft = self._draft_of(own, drafts)
            if draft is None:
                draft = _Draft(row, {**dict.fromkeys(NEEDED, ""), **own}, [])
                drafts.append(draft)
            else:
                self._check_same(own, draft, row, head)
            if material:
                draft.materials.append((row, material))
        return drafts

    @staticmethod
    def _draft_of(own: Mapping[str, str], drafts: list[_Draft]) -> _Draft | None:
        """The matter that a row goes on with: the one above, or one of the same code; None for a new one."""
        if not drafts:
            return None
        code, name = own["code"], own["name"]
        if name in ("", drafts[-1].fields["name"]) and code in ("", drafts[-1].fields["code"]):
            return drafts[-1]
        if name:
            return None
        return next((draft for draft in reversed(drafts) if draft.fields["code"] == code), None)

    def _check_same(self, own: Mapping[str, str], before: _Draft, row: Row, head: Head) -> None:
        for key, value in own.items():
            if value and value != before.fields.get(key, ""):
                self._note_at(row, key, head, f"differs from row {before.row.number} of the same matter")

    def _matter(self, draft: _Draft, head: Head) -> Matter | None:
        before = len(self._mistakes)
        fields: dict[str, Any] = {key: value for key, value in draft.fields.items() if value or key in NEEDED}
        for key in _UNITS:
            self._join_unit(fields, key, draft.row, head)
        fields["line"] = self._line(fields["line"], draft.row, head)
        if "synonyms" in fields:
            fields["synonyms"] = tuple(
                filter(None, re.split(r"\s*[、,，;；\n]\s*", fields["synonyms"].strip()))
            )
        if "visits" in fields:
            fields["visits"] = self._number(fields["visits"], "visits", 0, 9, draft.row, head)
        for key in ("kiosk", "sample"):
            if key in fields:
                fields[key] = self._yes(fields[key], key, draft.row, head)
        choice = fields.get("project_type", "")
        if choice and choice not in all_columns()["project_type"].choices:
            self._note_at(draft.row, "project_type", head, f"{visible(choice)!r} is not 即办件 or 承诺件")
        materials = tuple(self._material(row, values, head) for row, values in draft.materials)
        matter = Matter(**fields, materials=materials)
        for field, problem in problems(matter):
            row, key = _where(field, draft)
            self._note_at(row, key, head, problem)
        return matter if len(self._mistakes) == before else None

    def _material(self, row: Row, values: Mapping[str, str], head: Head) -> Material:
        fields: dict[str, Any] = {key.removeprefix(MATERIAL): value for key, value in values.items()}
        if "needed" in fields:
            fields["needed"] = self._yes(fields["needed"], f"{MATERIAL}needed", row, head)
        if "copies" in fields:
            fields["copies"] = self._number(fields["copies"], f"{MATERIAL}copies", 1, 99, row, head)
        return Material(**{"name": "", **fields})

    def _join_unit(self, fields: dict[str, Any], key: str, row: Row, head: Head) -> None:
        unit = fields.pop(_UNITS[key], "")
        value = fields.get(key, "")
        if not re.fullmatch(r"\d+", value):
            return
        if not unit:
            self._note_at(row, key, head, f"{value} of what? Write {value}个工作日 or {value}日")
        else:
            fields[key] = f"{value}{'' if unit in ('日', '天') else '个'}{unit}"

    def _line(self, value: str, row: Row, head: Head) -> str:
        found = next((id_ for id_, title in self._lines.items() if value in (id_, title)), None)
        if found is None and value:
            hint = nearest(value, [*self._lines, *self._lines.values()])
            self._note_at(row, "line", head, f"there is no line {visible(value)!r}", hint)
        return found or value

    def _yes(self, value: str, key: str, row: Row, head: Head) -> bool:
        if value.lower() not in _YES + _NO:
            self._note_at(row, key, head, f"{visible(value)!r} is neither 是 nor 否")
        return value.lower() not in _NO

    def _number(self, value: str, key: str, least: int, most: int, row: Row, head: Head) -> int:
        match = re.fullmatch(r"(\d+)\s*[份次]?", value)
        if match and least <= int(match[1]) <= most:
            return int(match[1])
        self._note_at(row, key, head, f"{visible(value)!r} is not a number from {least} to {most}")
        return least

    def _note_at(self, row: Row, key: str, head: Head, problem: str, hint: str = "") -> None:
        index = head.at.get(key)
        title = head.titles[index] if index is not None else all_columns()[key].zh
        self._note(row.number, index, title, problem, hint)

    def _note(self, row: int, column: int | None, title: str, problem: str, hint: str = "") -> None:
        place = self._table.place(row, column, visible(title))
        self._mistakes.append(Mistake(self._table.file, place, problem, hint))


def _where(field: str, draft: _Draft) -> tuple[Row, str]:
    """The row and the column of a field such as `materials[2].copies`."""
    if match := re.fullmatch(r"materials\[(\d+)\]\.(\w+)", field):
        return draft.materials[int(match[1])][0], MATERIAL + match[2]
    if field == "materials":
        return draft.row, f"{MATERIAL}name"
    return draft.row, re.sub(r"\[\d+\]", "", field)


def read_matters(
    tables: Sequence[Table],
    lines: Mapping[str, str],
    mistakes: list[Mistake],
    progress: Progress = lambda rows: None,
) -> list[Matter]:
    """The matters of every table that has the headers of one, in order. mistakes: all that was wrong."""
    seen = Seen()
    readers = [Reader(table, lines, mistakes, seen) for table in tables]
    heads = [(reader, head) for reader in readers if (head := reader.head())]
    if not heads:
        file = tables[0].file if tables else ""
        hint = "`kioskd matters template` makes a workbook with them"
        mistakes.append(Mistake(file, "", "has no header row with 事项编码 (Code) and 事项名称 (Name)", hint))
    return [matter for reader, head in heads for matter, _ in reader.read(head, progress)]


def rows_to_read(tables: Iterable[Table]) -> int:
    """For a progress bar."""
    return sum(len(table.rows) for table in tables)
