"""A report as one HTML file: with its style and pictures inside, for a mail or a folder."""

from __future__ import annotations

import re
from datetime import datetime

from markupsafe import Markup, escape

from kioskd.hall.statistics import Statistics
from web.pictures import PICTURES, picture
from web.reports import COLUMNS, Code, Period, about, columns_of, groups_of, name_of, said

_STYLE = """
body { font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #15243a; margin: 2rem; }
h1, h2 { color: #0a5aa8; } table { border-collapse: collapse; margin-bottom: 1rem; }
th, td { border-bottom: 1px solid #d5dde8; padding: .25rem .6rem; text-align: left; font-weight: 400; }
td { text-align: right; font-variant-numeric: tabular-nums; }
thead th { background: #e3eefa; font-weight: 600; }
figure { display: inline-block; margin: .3rem; border: 1px solid #d5dde8; }
svg { width: 32rem; height: auto; }
@media print { section { break-inside: avoid; } }
"""

_PAGE = Markup(
    '<!doctype html>\n<html lang="{tag}">\n<meta charset="utf-8">\n<title>{title} · {hall}</title>\n'
    "<style>{style}</style>\n<h1>{title}</h1>\n{body}\n</html>\n"
)

_TABLE = Markup("<table><thead><tr><th></th>{}</tr></thead><tbody>{}</tbody></table>")


def report_html(statistics: Statistics, period: Period, code: Code, made_at: datetime) -> bytes:
    """The report, whole in one file."""
    facts = about(statistics, period, code, made_at)
    total = [(said(column.name, code), column.text(statistics.total)) for column in COLUMNS]
    parts = [_pairs(facts), _section(said("total", code), _pairs(total)), _pictures(statistics, period, code)]
    for group, rows in groups_of(statistics, period):
        columns = columns_of(group)
        head = Markup("").join(Markup("<th>{}</th>").format(said(one.name, code)) for one in columns)
        body = Markup("").join(
            _row(name_of(row, code), [one.text(row.figures) for one in columns]) for row in rows
        )
        table = Markup("<table><thead><tr><th></th>{}</tr></thead><tbody>{}</tbody></table>").format(
            head, body
        )
        parts.append(_section(said(group, code), table))
    page = _PAGE.format(
        tag="en" if code == "en" else "zh-CN",
        title=getattr(period.title, code),
        hall=facts[0][1],
        style=Markup(_STYLE),  # noqa: S704 - our own
        body=Markup("\n").join(parts),
    )
    return page.encode()


def _row(name: str, cells: list[str]) -> Markup:
    figures = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup("<tr><th>{}</th>{}</tr>").format(name, figures)


def _pairs(pairs: list[tuple[str, str]]) -> Markup:
    return Markup("<table>{}</table>").format(Markup("").join(_row(name, [text]) for name, text in pairs))


def _section(title: str, content: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>{}</section>").format(title, content)


def _pictures(statistics: Statistics, period: Period, code: Code) -> Markup:
    names = [name for name in PICTURES if name != "days" or period.is_month]
    drawn = (picture(statistics, name, code, dark=False).decode() for name in names if statistics.hours)
    figure = Markup('<figure role="img" aria-label="{}">{}</figure>')
    return Markup("").join(
        # leather writes its texts escaped; the document's head is not part of the picture
        figure.format(escape(said(f"picture_{name}", code)), Markup(_only_svg(svg)))  # noqa: S704
        for name, svg in zip(names, drawn, strict=False)
    )


def _only_svg(document: str) -> str:
    found = re.search(r"<svg.*</svg>", document, flags=re.DOTALL)
    assert found is not None, "leather makes an svg"
    return found[0]
