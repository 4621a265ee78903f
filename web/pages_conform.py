"""The conformity report as a page, to be read, printed or saved."""

from __future__ import annotations

from flask import render_template

from kioskd.conform.report import Verdict
from web.conform import conform
from web.pages import page
from web.rooms import rooms
from web.wall_clock import local_time


@page("/desk/conform", "supervisor")
def conform_page() -> str:
    """The hall against the standard, clause by clause."""
    found = conform(rooms())
    return render_template("conform.html", report=found, at=local_time(found.at), verdicts=tuple(Verdict))
