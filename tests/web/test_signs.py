"""The signs: one grid and one stroke, and no page asks for one that is not drawn."""

import re
from importlib import resources
from xml.etree import ElementTree

import pytest

from web.signs import sign, sign_names

WEB = resources.files("web")
SVG = "{http://www.w3.org/2000/svg}"


def test_all_signs_have_one_grid_one_stroke_and_the_colour_of_the_text():
    root = ElementTree.fromstring(WEB.joinpath("static/signs.svg").read_text("utf-8"))
    symbols = root.findall(f"{SVG}symbol")
    assert [symbol.get("id") for symbol in symbols] == list(sign_names())
    for symbol in symbols:
        assert (symbol.get("viewBox"), symbol.get("stroke-width")) == ("0 0 48 48", "4"), symbol.get("id")
        colours = {part.get(name) for part in symbol.iter() for name in ("fill", "stroke")} - {None}
        assert colours <= {"none", "currentColor"}, symbol.get("id")


def test_a_sign_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in sign("ticket")
    assert 'role="img" aria-label="&lt;号&gt;"' in sign("ticket", "<号>")
    with pytest.raises(KeyError, match="no sign is called 'tiket'"):
        sign("tiket")


def names_in(text):
    """What is asked for by name, and what a script's table names."""
    tables = re.findall(r"SIGN_OF_\w+ = \{(.*?)\}", text, re.DOTALL)
    return re.findall(r"""\bsign\(["']([a-z-]+)""", text) + re.findall(r': "([a-z-]+)"', " ".join(tables))


def test_every_sign_that_a_page_asks_for_is_drawn():
    files = [file for folder in ("templates", "static") for file in WEB.joinpath(folder).iterdir()]
    asked = {
        name: file.name
        for file in files
        if file.name.endswith((".html", ".js"))
        for name in names_in(file.read_text("utf-8"))
    }
    assert {name: file for name, file in asked.items() if name not in sign_names()} == {}
