"""Reports as files: CSV, XLSX, PDF, HTML, JSON. A text from the hall is a text there, never a formula."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import msgspec

from kioskd.hall.statistics import GROUPS, Statistics
from kioskd.sheets.press import make_pdf
from kioskd.sheets.sheet import Bars, Block, Facts, Heading, Sheet, Table, Text
from web.api_desk import statistics_json
from web.report_page import report_html
from web.reports import COLUMNS, Code, Period, about, columns_of, groups_of, name_of, said

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PDF_COLUMNS = (
    "taken", "served", "no_shows", "cancelled", "transfers", "wait_median", "wait_p90", "in_target",
    "service_median", "service_p90", "coverage", "satisfaction",
)  # fmt: skip


def report_file(form: str, statistics: Statistics, period: Period, code: Code, made_at: datetime) -> bytes:
    """The report as a file: csv, xlsx, pdf, html or json. made_at: in the hall's zone. Raises PdfFailed."""
    match form:
        case "csv":
            return report_csv(statistics, code)
        case "xlsx":
            return report_xlsx(statistics, period, code, made_at)
        case "html":
            return report_html(statistics, period, code, made_at)
        case "json":
            return msgspec.json.format(msgspec.json.encode(statistics_json(statistics)), indent=2)
        case _:
            return make_pdf(report_sheet(statistics, period, code, made_at))


def plain(text: str) -> str:
    """A text that a spreadsheet takes for a text, without control characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return f"'{printable}" if text.startswith(_FORMULA) or printable.startswith(_FORMULA) else printable


def report_csv(statistics: Statistics, code: Code) -> bytes:
    """One table of all rows, with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([said("group", code), said("key", code), said("name", code), *_heads(code)])
    total = [column.value(statistics.total) for column in COLUMNS]
    writer.writerow([said("total", code), "", "", *_blank(total)])
    for group in GROUPS:
        own = columns_of(group)
        for row in getattr(statistics, group):
            figures = [column.value(row.figures) if column in own else None for column in COLUMNS]
            writer.writerow([said(group, code), plain(row.key), plain(name_of(row, code)), *_blank(figures)])
    return text.getvalue().encode("utf-8-sig")


def _heads(code: Code) -> list[str]:
    return [said(column.name, code) for column in COLUMNS]


def _blank(figures: list[Any]) -> list[Any]:
    return ["" if figure is None else figure for figure in figures]


def report_xlsx(statistics: Statistics, period: Period, code: Code, made_at: datetime) -> bytes:
    """A workbook: what it is in all, a sheet for each group, and what the figures mean."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = said("total", code)
    for name, figure in about(statistics, period, code, made_at):
        first.append([name, figure])
        _as_text(first.cell(first.max_row, 2), figure)
    first.append([])
    for column in COLUMNS:
        first.append([said(column.name, code), column.value(statistics.total)])
        first.cell(first.max_row, 2).number_format = _FORMATS[column.kind]
    _dress(first, widths=(34, 40), head=0)
    for group, rows in groups_of(statistics, period):
        _group_sheet(book.create_sheet(said(group, code)), group, rows, code)
    notes = book.create_sheet(said("meaning", code))
    for column in COLUMNS:
        notes.append([said(column.name, code), said(f"{column.name}_means", code)])
    _dress(notes, widths=(28, 110), head=0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_FORMATS = {"count": "0", "minutes": "0.0", "share": "0.0%"}


def _group_sheet(sheet: Any, group: str, rows: Any, code: Code) -> None:
    columns = columns_of(group)
    sheet.append([said(group, code), *(said(column.name, code) for column in columns)])
    for row in rows:
        sheet.append([None, *(column.value(row.figures) for column in columns)])
        _as_text(sheet.cell(sheet.max_row, 1), name_of(row, code))
        for place, column in enumerate(columns, 2):
            sheet.cell(sheet.max_row, place).number_format = _FORMATS[column.kind]
    _dress(sheet, widths=(30, *(12 for _ in columns)), head=1)
    sheet.freeze_panes = "B2"


def _as_text(cell: Any, text: str) -> None:
    """Put a text into a cell as what it is: openpyxl would take one that begins with = for a formula."""
    cell.value = "".join(character if character.isprintable() else " " for character in text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)


def _dress(sheet: Any, *, widths: tuple[int, ...], head: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in sheet.iter_rows(max_row=head) if head else ():
        for cell in row:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E3EEFA")
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def report_sheet(statistics: Statistics, period: Period, code: Code, made_at: datetime) -> Sheet:
    """The report for paper: what it is in all, two pictures, the tables."""
    facts = about(statistics, period, code, made_at)
    total = [(said(column.name, code), column.text(statistics.total)) for column in COLUMNS]
    blocks: list[Block] = [
        Facts(rows=tuple(facts[1:4])),
        Heading(text=said("total", code)),
        Facts(rows=tuple(total), abreast=4),
        Heading(text=said("picture_hours", code)),
        Bars(rows=tuple((row.name, row.figures.taken, str(row.figures.taken)) for row in statistics.hours)),
        Heading(text=said("picture_lines", code)),
        Bars(rows=tuple(_wait_bar(name_of(row, code), row.figures.waits.p90_s) for row in statistics.lines)),
    ]
    for group, rows in groups_of(statistics, period):
        columns = [column for column in columns_of(group) if column.name in _PDF_COLUMNS]
        blocks.append(Heading(text=said(group, code)))
        blocks.append(
            Table(
                head=(said(group, code), *(said(f"{column.name}_short", code) for column in columns)),
                rows=tuple(
                    (name_of(row, code), *(column.text(row.figures) for column in columns)) for row in rows
                ),
                widths=(3.2, *(1.0 for _ in columns)),
            )
        )
    blocks.append(Text(text=said("units", code), small=True))
    return Sheet(
        title=getattr(period.title, code),
        subtitle=facts[0][1],
        foot=f"{facts[0][1]} · {made_at:%Y-%m-%d %H:%M}",
        turned=True,
        language=code,
        blocks=tuple(blocks),
    )


def _wait_bar(name: str, wait_s: float | None) -> tuple[str, float, str]:
    minutes = (wait_s or 0) / 60
    return name, minutes, f"{minutes:.1f}"
