"""Rows of cells out of a workbook or a CSV file, each with its place; nothing about matters yet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kioskd.reading import Mistake, Mistakes

LARGEST_BYTES = 50_000_000
MOST_ROWS = 100_000
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class Row(msgspec.Struct, frozen=True):
    """One row that is not empty. number: as the program that shows the file counts, from 1."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    """Which cells are formulas, or the error of one."""


class Table(msgspec.Struct, frozen=True):
    """One sheet of a workbook; a CSV file is one sheet without a name."""

    file: str
    name: str
    rows: tuple[Row, ...]

    def place(self, row: int, column: int | None = None, header: str = "") -> str:
        """Where, for people: `事项, row 7, column C 受理条件`."""
        parts = [self.name] if self.name else []
        parts.append(f"row {row}")
        if column is not None:
            parts.append(f"column {column_letters(column)} {header}".rstrip())
        return ", ".join(parts)


def column_letters(index: int) -> str:
    """A, B … Z, AA as spreadsheets name columns; index counts from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_tables(path: Path) -> list[Table]:
    """The tables of a workbook (.xlsx) or a CSV file. Raises Mistakes for what is neither."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _wrong(path, f"is larger than {LARGEST_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}") from error
    if path.suffix.lower() in (".xlsx", ".xlsm") or data.startswith(b"PK"):
        return _workbook(path, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _wrong(path, "is an old .xls or an encrypted workbook", "save it as .xlsx without a password")
    return [_csv(path, data)]


def _wrong(path: Path, problem: str, hint: str = "") -> Mistakes:
    return Mistakes([Mistake(str(path), "", problem, hint)])


def _workbook(path: Path, data: bytes) -> list[Table]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        return [
            Table(str(path), sheet.title, tuple(_rows_of(sheet)))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise _wrong(path, f"is no workbook that can be read: {error}") from error


def _rows_of(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS), 1):
        texts = tuple(_cell_text(cell.value) for cell in cells)
        if any(texts):
            formulas = frozenset(n for n, cell in enumerate(cells) if cell.data_type in ("f", "e"))
            yield Row(number, texts, formulas)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip(" \t\n\u3000")


def _csv(path: Path, data: bytes) -> Table:
    text = _decoded(path, data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _wrong(path, f"is no CSV that can be read: {error}") from error
    found = (Row(n, tuple(_unguarded(_cell_text(cell)) for cell in cells)) for n, cells in enumerate(rows, 1))
    return Table(str(path), "", tuple(row for row in found if any(row.cells)))


def _decoded(path: Path, data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, or GB18030, as Excel in China saves CSV."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _wrong(path, "is neither UTF-8 nor GB18030", "save it as CSV UTF-8")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens the CSV file; `read_tables` undoes it."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") or _GUARDED.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
