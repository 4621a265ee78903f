"""The child process that makes a PDF: a sheet as JSON on its input, the PDF on its output.

fpdf2 embeds just the glyphs that are used, also from OpenType collections such as Noto's.
"""

from __future__ import annotations

import logging
import resource
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from kioskd.sheets.fonts import chinese_font
from kioskd.sheets.press import NO_FONT, NO_LIBRARY
from kioskd.sheets.sheet import Bars, Code, Facts, Heading, Sheet, Steps, Table, Text

if TYPE_CHECKING:
    from fpdf import FPDF

MEMORY_BYTES = 1024 * 2**20
CPU_S = 55
FONT = "hall"
INK, DIM, BLUE, PALE, RULE = (21, 36, 58), (90, 107, 130), (10, 90, 168), (227, 238, 250), (213, 221, 232)
MARGIN_MM, BAR_MM, LABEL_MM, CODE_MM = 15, 5.2, 38, 32


def main() -> int:
    """Read, draw, write. Returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    sheet = msgspec.json.decode(sys.stdin.buffer.read(), type=Sheet)
    font = chinese_font()
    if font is None:
        return NO_FONT
    try:
        import fpdf
    except ImportError:
        return NO_LIBRARY
    logging.disable(logging.WARNING)  # fontTools tells every table that it leaves out
    sys.stdout.buffer.write(_draw(fpdf, sheet, font))
    return 0


def _draw(fpdf: Any, sheet: Sheet, font: tuple[str, int]) -> bytes:
    class Pages(fpdf.FPDF):  # type: ignore[misc] # fpdf2 asks for the foot by a method
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(FONT, size=8)
            self.set_text_color(*DIM)
            self.cell(0, 5, clean(sheet.foot), align="L")
            self.set_x(self.l_margin)
            self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    pdf = Pages(orientation="landscape" if sheet.turned else "portrait", format="A4")
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(True, margin=MARGIN_MM + 3)
    pdf.add_font(FONT, fname=font[0], collection_font_number=font[1])
    pdf.set_title(clean(sheet.title))
    pdf.set_lang("en" if sheet.language == "en" else "zh-CN")
    pdf.add_page()
    _write(pdf, sheet.title, size=18, color=BLUE)
    if sheet.subtitle:
        _write(pdf, sheet.subtitle, size=10, color=DIM)
    for block in sheet.blocks:
        _DRAWN_BY[type(block)](pdf, block)
    return bytes(pdf.output())


def clean(text: str) -> str:
    """What can be drawn of a text: control characters cannot."""
    return "".join(character if character.isprintable() else " " for character in text)


def _write(
    pdf: FPDF, text: str, *, size: float, color: tuple[int, int, int] = INK, indent: float = 0
) -> None:
    pdf.set_font(FONT, size=size)
    pdf.set_text_color(*color)
    pdf.set_x(pdf.l_margin + indent)
    pdf.multi_cell(0, size * 0.55, clean(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _heading(pdf: FPDF, block: Heading) -> None:
    if pdf.will_page_break(30):  # a heading alone at the foot of a page is of no use
        pdf.add_page()
    pdf.ln(4)
    _write(pdf, block.text, size=13, color=BLUE)
    pdf.ln(1)


def _text(pdf: FPDF, block: Text) -> None:
    _write(pdf, block.text, size=8.5 if block.small else 10.5, color=DIM if block.small else INK)
    pdf.ln(1)


def _steps(pdf: FPDF, block: Steps) -> None:
    for number, item in enumerate(block.items, 1):
        if pdf.will_page_break(7):
            pdf.add_page()
        top = pdf.get_y()
        pdf.set_text_color(*INK)
        if block.box:
            pdf.set_draw_color(*INK)
            pdf.rect(pdf.l_margin + 1, top + 1.2, 3.6, 3.6)
        else:
            pdf.set_font(FONT, size=10.5)
            pdf.text(pdf.l_margin + 1, top + 4.4, f"{number}.")
        _write(pdf, item, size=10.5, indent=8)
        pdf.ln(0.8)


def _facts(pdf: FPDF, block: Facts) -> None:
    cells = [cell for row in block.rows for cell in row]
    cells += [""] * (-len(cells) % (2 * block.abreast))
    step = 2 * block.abreast
    rows = tuple(tuple(cells[at : at + step]) for at in range(0, len(cells), step))
    widths = (1, 3.4) if block.abreast == 1 else (1, 1) * block.abreast
    _table(pdf, rows, widths=widths, head=False, align=("LEFT",) * step, size=10)


def _rows(pdf: FPDF, block: Table) -> None:
    align = ("LEFT", *(("RIGHT" if block.figures else "LEFT",) * (len(block.head) - 1)))
    _table(pdf, (block.head, *block.rows), widths=block.widths, head=True, align=align, size=8)


def _table(
    pdf: FPDF,
    rows: tuple[tuple[str, ...], ...],
    *,
    widths: tuple[float, ...],
    head: bool,
    align: tuple[str, ...],
    size: float,
) -> None:
    from fpdf.fonts import FontFace

    pdf.set_font(FONT, size=size)
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*RULE)
    pdf.set_fill_color(255)  # what was filled before, such as a bar, would be every cell's ground
    with pdf.table(
        rows=[[clean(cell) for cell in row] for row in rows],
        col_widths=widths or None,
        text_align=align,
        first_row_as_headings=head,
        headings_style=FontFace(emphasis="", color=BLUE, fill_color=PALE),
        line_height=size * 0.55,
        padding=(0.7, 1.2),
        borders_layout="HORIZONTAL_LINES",
    ):
        pass
    pdf.ln(2)


def _bars(pdf: FPDF, block: Bars) -> None:
    longest = max((value for _, value, _ in block.rows), default=0) or 1
    room = pdf.epw - LABEL_MM - 24
    pdf.set_font(FONT, size=8.5)
    for label, value, end in block.rows:
        if pdf.will_page_break(BAR_MM):
            pdf.add_page()
        top = pdf.get_y()
        pdf.set_text_color(*DIM)
        pdf.cell(LABEL_MM - 2, BAR_MM, _cut(pdf, clean(label), LABEL_MM - 4), align="R")
        pdf.set_fill_color(*BLUE)
        pdf.rect(
            pdf.l_margin + LABEL_MM, top + 0.7, max(0.2, room * value / longest), BAR_MM - 1.4, style="F"
        )
        pdf.set_text_color(*INK)
        pdf.set_xy(pdf.l_margin + LABEL_MM + room * value / longest + 1, top)
        pdf.cell(22, BAR_MM, clean(end), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def _cut(pdf: FPDF, text: str, width_mm: float) -> str:
    while text and pdf.get_string_width(text) > width_mm:
        text = text[:-2] + "…" if len(text) > 2 else ""
    return text


def _code(pdf: FPDF, block: Code) -> None:
    import qrcode

    if pdf.will_page_break(CODE_MM + 8):
        pdf.add_page()
    picture = qrcode.make(block.content, border=2).get_image()
    pdf.image(picture, x=pdf.l_margin, w=CODE_MM)
    if block.caption:
        _write(pdf, block.caption, size=8.5, color=DIM)
    pdf.ln(1)


_DRAWN_BY: dict[type, Any] = {
    Heading: _heading,
    Text: _text,
    Steps: _steps,
    Facts: _facts,
    Table: _rows,
    Bars: _bars,
    Code: _code,
}

if __name__ == "__main__":
    sys.exit(main())
