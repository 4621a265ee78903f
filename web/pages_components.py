"""One page that shows every component of the pages, in each theme: what a page is built of."""

from __future__ import annotations

from flask import render_template

from web.pages import page
from web.signs import sign_names

THEMES = (
    ("light", "light", ""),
    ("dark", "dark", ""),
    ("light_high", "light", "high"),
    ("dark_high", "dark", "high"),
)
"""What each is called in the texts; the values of `data-theme` and `data-contrast`."""

COLOURS = ("blue", "red", "green", "amber")
KINDS = (
    ("ok", "ok"),
    ("attention", "warning"),
    ("trouble", "trouble"),
    ("called", "bell"),
    ("info", "information"),
)
"""How something is, and the sign that says so without colour."""


@page("/components", "display")
def components() -> str:
    """The components, side by side in light, dark and high contrast."""
    return render_template("components.html", themes=THEMES, colours=COLOURS, kinds=KINDS, signs=sign_names())
