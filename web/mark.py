"""The official mark (最多跑一次) in the heads of kiosk and board, where the hall supplies it."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_file
from markupsafe import Markup

from web.problems import Problem
from web.rooms import rooms
from web.words import labelled

marks = Blueprint("marks", __name__)

TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@marks.get("/mark")
def mark_file() -> Response:
    """The hall's own picture of the mark."""
    file = Path(rooms().hall.plan.mark)
    if not file.is_file():  # none, or taken away since the start
        raise Problem(404, "not_found")
    return send_file(file, mimetype=TYPES[file.suffix])


def mark() -> Markup:
    """The mark as a picture for a page's head; nothing where the hall has none."""
    if not rooms().hall.plan.mark:
        return Markup("")
    return Markup('<img class="mark" src="/mark" {}>').format(labelled("page.mark", "alt"))
