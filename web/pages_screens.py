"""The screens that nobody touches: the board over the waiting people, and the sign of each window."""

from __future__ import annotations

import msgspec
from flask import Response, abort, render_template

from web.pages import page, pages
from web.rooms import rooms
from web.speech import board_voice

A_YEAR_S = 31_536_000


@page("/board", "display")
def board() -> str:
    """The big screen over the waiting people."""
    return render_template("board.html", messages=rooms().showing.messages, voice=board_voice())


@page(f"/windows/<int(max={2**31}):number>/screen", "display")
def screen(number: int) -> str:
    """The sign of one window, with the clerk's name, post and photo as the standard asks."""
    rooms().signs_seen.note(rooms().hall.window(number).number)
    photos = {clerk: f"/photos/{photo.name}" for clerk, photo in rooms().showing.photos.items()}
    return render_template(
        "screen.html", window=rooms().hall.window(number), photos=msgspec.json.encode(photos).decode()
    )


@pages.get("/photos/<name>")
def photo(name: str) -> Response:
    """One clerk's photo. Its name is its content's, so it never changes; no other file can be asked for."""
    found = next((one for one in rooms().showing.photos.values() if one.name == name), None)
    if found is None:
        abort(404)
    headers = {"Cache-Control": f"public, max-age={A_YEAR_S}, immutable"}
    return Response(found.data, content_type=found.media_type, headers=headers)
