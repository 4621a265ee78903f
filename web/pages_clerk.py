"""The clerk's page: a window's commands, its people, the matter's guide, papers before the camera."""

from __future__ import annotations

from typing import Any

from flask import render_template

from kioskd.devices.kinds import Kind
from web.pages import page
from web.rooms import rooms
from web.words import all_words


@page("/clerk", "clerk")
def clerk() -> str:
    """Where a clerk calls, and photographs papers where there is a camera."""
    return render_template(
        "clerk.html",
        pause_reasons=all_words()["pause_reason"],
        cameras=_document_cameras(),
        me=rooms().doors.signed_in(),
    )


def _document_cameras() -> list[dict[str, Any]]:
    """The cameras that look at papers: name, title, window."""
    house = rooms()
    if house.documents is None:
        return []
    return [
        {"name": one.name, "title": one.title, "window": house.floor.window_of(one.name)}
        for one in house.supervisor.devices.values()
        if Kind.CAMERA in one.kinds and getattr(one.options, "role", "document") == "document"
    ]
