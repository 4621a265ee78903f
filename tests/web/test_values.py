"""The named values of the pages: what is meant to be read on something can be read on it, in every theme."""

import re
from importlib import resources
from itertools import product

import pytest

SHEETS = {
    file.name: re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL)
    for file in resources.files("web").joinpath("static/css").iterdir()
}
SHEET = SHEETS["values.css"]
LIGHT = ':root, [data-theme="light"]'
DARK = '[data-theme="dark"]'
HIGH = ':root[data-contrast="high"], [data-theme][data-contrast="high"]'
DARK_HIGH = DARK + '[data-contrast="high"]'
SYSTEM_DARK = ":root:not([data-theme])"


def values_of(*selectors):
    """The values under these selectors, later ones over earlier ones."""
    found = {}
    for selector, body in re.findall(r"([:[][^{};]*)\{([^{}]*)\}", SHEET):
        if selector.strip() in selectors:
            found |= dict(re.findall(r"--([a-z-]+):\s*([^;]+);", body))
    return found


THEMES = {
    "light": (values_of(":root", LIGHT), 4.5),
    "dark": (values_of(":root", LIGHT, DARK), 4.5),
    "high contrast": (values_of(":root", LIGHT, HIGH), 7),
    "dark, high contrast": (values_of(":root", LIGHT, DARK, HIGH, DARK_HIGH), 7),
}
GROUNDS = ("paper", "ground", "blue-pale", "red-pale", "green-pale", "amber-pale")
READ = [
    *product(("ink", "dim"), GROUNDS),
    *product(("blue", "blue-dark", "red", "red-dark", "green", "amber"), ("paper", "ground")),
    *((name, f"{name}-pale") for name in ("blue", "red", "green", "amber")),
    *((f"on-{name}", name) for name in ("blue", "red", "green", "amber", "bar", "night", "lamp")),
    ("blue-dark", "blue-pale"),
    ("red-dark", "red-pale"),
    ("on-blue", "blue-dark"),
    ("on-red", "red-dark"),
    *product(("on-night", "night-dim", "night-red", "night-green", "lamp"), ("night", "night-card")),
]
WITH_COLOURS = ("values.css", "lab.css")
"""The lab's devices glow as devices do."""
SEEN = [("edge", "paper"), ("edge", "ground"), ("focus", "paper"), ("focus", "ground"), ("focus-gap", "bar")]


def contrast(one, other):
    """As WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_what_it_stands_on(theme):
    values, least = THEMES[theme]
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text, ground in READ
        if (ratio := contrast(values[text], values[ground])) < least
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_and_the_focus_are_seen(theme):
    values, _ = THEMES[theme]
    poor = {f"{line} on {ground}" for line, ground in SEEN if contrast(values[line], values[ground]) < 3}
    if "dark" in theme:  # the gap is inside, the ring outside
        poor.discard("focus-gap on bar")
        assert contrast(values["focus"], values["bar"]) >= 3
    assert not poor


def test_the_dark_of_the_system_is_the_dark_of_the_page():
    assert values_of(SYSTEM_DARK) == values_of(DARK)
    assert values_of(DARK).keys() == values_of(LIGHT).keys() == values_of(DARK_HIGH).keys()
    assert values_of(LIGHT).keys() <= values_of(HIGH).keys()


def test_every_value_that_a_sheet_names_is_there():
    named = {name for sheet in SHEETS.values() for name in re.findall(r"var\(--([a-z-]+)", sheet)}
    own = {name for sheet in SHEETS.values() for name in re.findall(r"--([a-z-]+)\s*:", sheet)}
    scripts = [
        file for file in resources.files("web").joinpath("static").iterdir() if file.name.endswith(".js")
    ]
    set_there = {
        name
        for file in scripts
        for name in re.findall(r"""setProperty\(["'`]--([a-z-]+)""", file.read_text("utf-8"))
    }
    assert named <= own | set_there


@pytest.mark.parametrize("name", [sheet for sheet in sorted(SHEETS) if sheet not in WITH_COLOURS])
def test_no_sheet_of_a_page_has_a_colour_of_its_own(name):
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*;)|rgba?\([^)]*\)", SHEETS[name]) == []
