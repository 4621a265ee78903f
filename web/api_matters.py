"""The JSON API's routes about matters: all of them, those that fit what was typed, one."""

from __future__ import annotations

from itertools import islice

from web.declare import Call, Declarations
from web.shapes import Items
from web.shapes_matters import MatterJson, SearchMatters
from web.telling import matter_json

matters = Declarations()


@matters.route("GET", "/matters", scope="read")
def list_matters(call: Call, query: SearchMatters) -> Items[MatterJson]:
    """The matters of this hall, or those that fit `q`, the best first.

    `q` is part of a code, of a name or a synonym, or of its pinyin: `sfz` and `sfzheng` find 身份证.
    """
    rooms = call.rooms
    accepting = {line.id: line.accepting for line in rooms.hall.queue().lines}
    found = rooms.search(rooms.hall.catalogue.matters, query.q)
    wanted = islice((one for one in found if query.area in ("", one.area)), query.limit)
    return Items(
        items=tuple(
            matter_json(one, rooms.hall.plan, accepting=accepting.get(one.line, False)) for one in wanted
        )
    )
