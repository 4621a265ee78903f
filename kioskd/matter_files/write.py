"""Matters into files: CSV, JSON, and workbooks with explanations and drop-downs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from kioskd.hall.matter import SIX_UNITS, Material, Matter
from kioskd.hall.matter_checks import visible
from kioskd.matter_files.columns import MATERIAL, Column, written_columns
from kioskd.matter_files.from_rows import NEEDED
from kioskd.matter_files.table import guarded

Language = Literal["zh", "en"]

_SHEETS = {"zh": ("事项", "填写说明"), "en": ("Matters", "How to fill in")}
_ROOM_ROWS = 5000
"""So far down the drop-downs reach."""
_A_FIXED_TIME = datetime(2000, 1, 1)


def headers(language: Language) -> list[str]:
    """The headers of a table."""
    return [getattr(column, language) for column in written_columns().values()]


def rows(matters: Iterable[Matter]) -> Iterator[list[str]]:
    """The rows of matters: the first of each has its own columns, and every row one material."""
    keys = list(written_columns())
    blank = dict.fromkeys(keys, "")
    for matter in matters:
        own = {key: _text(getattr(matter, key)) for key in keys if not key.startswith(MATERIAL)}
        for n, material in enumerate(matter.materials or (None,)):
            cells = {**blank, **(own if n == 0 else {}), **_material_cells(material)}
            yield [cells[key] for key in keys]


def _material_cells(material: Material | None) -> dict[str, str]:
    if material is None:
        return {}
    cells = {MATERIAL + name: _text(getattr(material, name)) for name in Material.__struct_fields__}
    defaults = {f"{MATERIAL}needed": "是", f"{MATERIAL}copies": "1"}
    return {key: "" if defaults.get(key) == text else text for key, text in cells.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    return "" if value is None else visible(str(value))


def as_csv(matters: Iterable[Matter], language: Language = "zh") -> bytes:
    """CSV in UTF-8 with its mark, as spreadsheets open it; nothing in it is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers(language))
    writer.writerows([guarded(cell) for cell in row] for row in rows(matters))
    return out.getvalue().encode("utf-8-sig")


def as_json(matters: Iterable[Matter]) -> bytes:
    """{"matters": [...]}, indented."""
    return msgspec.json.format(msgspec.json.encode({"matters": list(matters)}), indent=2) + b"\n"


def write_workbook(
    path: Path, matters: Sequence[Matter], lines: Mapping[str, str], language: Language = "zh"
) -> None:
    """A workbook with a sheet of matters, which may be none, and one that explains each column."""
    from openpyxl import Workbook

    book = Workbook()
    title, explanation = _SHEETS[language]
    sheet = book.active
    sheet.title = title
    _write_head(sheet, language)
    for n, row in enumerate(rows(matters), 2):
        for column, text in enumerate(row, 1):
            if text:
                _write_text(sheet.cell(n, column), text)
    _add_choices(sheet, lines)
    _explain(book.create_sheet(explanation), lines, language)
    book.properties.creator = "kioskd"
    book.properties.created = book.properties.modified = _A_FIXED_TIME
    book.save(path)


def _write_text(cell: Any, text: str) -> None:
    """Text as text: what begins with = stays what it is, and no formula."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"


def _write_head(sheet: Any, language: Language) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for n, (key, column) in enumerate(written_columns().items(), 1):
        cell = sheet.cell(1, n, getattr(column, language))
        needed = _is_needed(key)
        cell.font = Font(bold=True, color="FFFFFF" if needed else "15243A")
        cell.fill = PatternFill("solid", fgColor="0A5AA8" if needed else "E3EEFA")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_about(column, language), "kioskd")
        long = key in ("by_law", "accept_condition", "handle_flow", f"{MATERIAL}note")
        sheet.column_dimensions[get_column_letter(n)].width = 40 if long else 18
    sheet.freeze_panes = "C2"


def _add_choices(sheet: Any, lines: Mapping[str, str]) -> None:
    """Drop-downs. What is not in them may be typed all the same where a hall has its own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    strict = ("project_type", "kiosk", "sample", f"{MATERIAL}needed", "line")
    for n, (key, column) in enumerate(written_columns().items(), 1):
        choices = tuple(lines) if key == "line" else column.choices
        text = ",".join(choices)
        if not choices or len(text) > 250:  # a list in a cell has 255 characters at most
            continue
        choice = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
        choice.errorStyle = "stop" if key in strict else "warning"
        choice.showErrorMessage = True
        sheet.add_data_validation(choice)
        choice.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{_ROOM_ROWS}")


def _explain(sheet: Any, lines: Mapping[str, str], language: Language) -> None:
    from openpyxl.styles import Alignment, Font

    zh = language == "zh"
    sheet.append(
        ["列", "必填", "说明", "例子", "可选"] if zh else ["Column", "Needed", "About", "Example", "Choices"]
    )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for key, column in written_columns().items():
        needed = ("是" if zh else "yes") if _is_needed(key) else ""
        choices = "、".join(f"{id_}（{title}）" for id_, title in lines.items()) if key == "line" else ""
        choices = choices or "、".join(column.choices)
        about = getattr(column, f"about_{language}")
        sheet.append([getattr(column, language), needed, about, column.example, choices])
    for letter, width in zip("ABCDE", (22, 8, 60, 30, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _about(column: Column, language: Language) -> str:
    about: str = getattr(column, f"about_{language}")
    example = f"{'例' if language == 'zh' else 'Example'}: {column.example}"
    return f"{about}\n{example}" if column.example else about


def _is_needed(key: str) -> bool:
    return key in NEEDED or key in SIX_UNITS or key == f"{MATERIAL}name"
