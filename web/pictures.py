"""Statistics as pictures: SVG made by leather, with presentation attributes (our policy allows no styles).

Each picture stands beside a table of the same numbers, for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Callable

import leather
from leather import theme

from kioskd.hall.figures import Figures
from kioskd.hall.statistics import Row, Statistics
from web.reports import Code, name_of, said

PICTURES = ("hours", "waits", "lines", "windows", "days", "matters")
WIDTH, HEIGHT = 640, 300
LONGEST_NAME = 12
MOST_ROWS = 10

_INK, _DIM, _RULE, _PAPER, _BLUE, _AMBER = "#15243a", "#4d5d73", "#d5dde8", "#ffffff", "#0a5aa8", "#845200"
_IN_THE_DARK = {
    _INK: "#eaf1f8",
    _DIM: "#a9b8ca",
    _RULE: "#2d3d4f",
    _PAPER: "#17232f",
    _BLUE: "#82bcf5",
    _AMBER: "#f0bd60",
}
"""As the pages' own values, light and dark."""

theme.background_color = _PAPER
theme.title_color = _INK
theme.legend_color = theme.axis_title_color = theme.label_color = _DIM
theme.tick_color = _RULE
theme.zero_color = _DIM
for _what in ("title", "legend", "axis_title", "tick"):
    setattr(theme, f"{_what}_font_family", "Noto Sans CJK SC, Microsoft YaHei, sans-serif")
theme.tick_font_size = theme.axis_title_font_size = 13
theme.tick_font_char_width = theme.legend_font_char_width = 9


def picture(statistics: Statistics, name: str, code: Code, *, dark: bool) -> bytes:
    """One of PICTURES as an SVG document. Raises KeyError for another name."""
    chart = leather.Chart(said(f"picture_{name}", code))
    _DRAWN_BY[name](chart, statistics, code)
    svg: str = chart.to_svg(width=WIDTH, height=HEIGHT)
    for light, night in _IN_THE_DARK.items() if dark else ():
        svg = svg.replace(light, night)
    return svg.encode()


def _columns(chart: leather.Chart, points: list[tuple[str, float]], color: str) -> None:
    """Upright bars; an empty picture has one of no height, as leather draws none."""
    points = points or [("—", 0)]
    chart.add_columns(points, fill_color=color)
    chart.add_y_scale(0, _round_top(max(value for _, value in points)))


def _bars(chart: leather.Chart, points: list[tuple[str, float]], color: str) -> None:
    points = points or [("—", 0)]
    chart.add_bars([(value, name) for name, value in points], fill_color=color)
    chart.add_x_scale(0, _round_top(max(value for _, value in points)))


def _round_top(largest: float) -> float:
    """A little more than the largest, and a round number."""
    for top in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000):
        if largest <= top:
            return top
    return largest


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _hours(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    _columns(chart, [(row.key, row.figures.taken) for row in statistics.hours], _BLUE)


def _waits(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    points = [(row.key, _minutes(row.figures.waits.p90_s)) for row in statistics.hours]
    _columns(chart, points, _AMBER)


def _lines(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    _bars(chart, _named(statistics.lines, code, lambda one: _minutes(one.waits.p90_s)), _AMBER)


def _windows(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    _columns(chart, [(row.key, row.figures.served) for row in statistics.windows], _BLUE)


def _days(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    _columns(chart, [(row.key[8:], row.figures.taken) for row in statistics.days], _BLUE)


def _matters(chart: leather.Chart, statistics: Statistics, code: Code) -> None:
    _bars(chart, _named(statistics.matters[:MOST_ROWS], code, lambda one: float(one.taken)), _BLUE)


def _named(rows: tuple[Row, ...], code: Code, value: Callable[[Figures], float]) -> list[tuple[str, float]]:
    """Names of one length, each once: leather takes two of the same name for one."""
    points: dict[str, float] = {}
    for row in rows:
        name = _short(name_of(row, code))
        points[name if name not in points else f"{name} {row.key}"] = value(row.figures)
    return list(points.items())


def _minutes(seconds: float | None) -> float:
    return round((seconds or 0) / 60, 1)


_DRAWN_BY: dict[str, Callable[[leather.Chart, Statistics, Code], None]] = {
    "hours": _hours,
    "waits": _waits,
    "lines": _lines,
    "windows": _windows,
    "days": _days,
    "matters": _matters,
}
