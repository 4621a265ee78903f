"""The kiosk's page: what it shows first, and what it fetches when somebody touches.

The first page has the areas and the departments alone. The names of all matters, the characters of those
names and a matter's guide are fetched when they are wanted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from flask import Blueprint, Response, render_template

from kioskd.hall.guide import full_guide
from kioskd.hall.matter import Matter
from web.pages import page
from web.problems import Problem
from web.rooms import rooms
from web.spelling import readings
from web.static_files import json_answer, page_answer
from web.words import Word, all_words

kiosk_pages = Blueprint("kiosk_pages", __name__)

MODULES = (
    "dom.js", "language.js", "words.js", "api.js", "live.js", "live-hub.js",
    "kiosk-views.js", "kiosk-lists.js", "kiosk-pager.js",
    "kiosk-search.js", "kiosk-matter.js", "kiosk-ticket.js", "kiosk-trouble.js", "kiosk-modes.js",
    "kiosk-voice.js", "kiosk-idle.js", "kiosk-keys.js", "kiosk-card.js", "unattended.js", "hall-clock.js",
)  # fmt: skip
"""What kiosk.js imports, asked for at once instead of one after another."""


class Group(NamedTuple):
    """An area or a department with how many matters it has."""

    name: str
    title: Word
    count: int


class MatterName(msgspec.Struct, frozen=True, kw_only=True):
    """A matter as lists show it."""

    code: str
    name: str
    name_en: str
    area: str
    department: str
    line: str


@page("/kiosk", "kiosk")
def kiosk() -> Response:
    """Where a citizen takes a number."""
    house = rooms()
    matters = served_matters()
    html = render_template(
        "kiosk.html",
        areas=_areas(matters),
        departments=_groups(matter.department for matter in matters),
        has_card_reader=house.floor.has_card_reader(),
        declares_priority=house.hall.plan.rules.self_declared_priority,
        modules=MODULES,
    )
    return page_answer(html)


@kiosk_pages.get("/kiosk/matters.json")
def matter_names() -> Response:
    """Every matter that some window serves, open or not, by its names alone."""
    fields = MatterName.__struct_fields__
    names = [MatterName(**{name: getattr(one, name) for name in fields}) for one in served_matters()]
    return json_answer(names)


@kiosk_pages.get("/kiosk/characters.json")
def characters() -> Response:
    """The characters of the matters' names by their pinyin, those of most names first, for the keyboard."""
    count = Counter(character for matter in served_matters() for character in set(matter.name))
    by_reading: defaultdict[str, str] = defaultdict(str)
    for character, _ in count.most_common():
        for reading in readings(character):
            if reading != character and reading.isalpha():
                by_reading[reading] += character
    return json_answer(by_reading)


@kiosk_pages.get("/kiosk/matters/<code>")
def matter(code: str) -> str:
    """One matter's guide, as a part of the kiosk's page. Raises Problem 404."""
    found = next((one for one in served_matters() if one.code == code), None)
    if found is None:
        raise Problem(404, "not_found")
    return render_template(
        "kiosk_matter.html", matter=found, guide=full_guide(found, rooms().hall.plan.public_url)
    )


def served_matters() -> tuple[Matter, ...]:
    """The matters of every window of this hall, whether it is open now but for what a hall keeps off it."""
    hall = rooms().hall
    served = {line for window in hall.plan.windows for line in window.lines}
    return tuple(one for one in hall.catalogue if one.kiosk and one.line in served)


def _areas(matters: Iterable[Matter]) -> list[Group]:
    """The standard's nine areas first, in its order; a hall's own after them."""
    order = {name: rank for rank, name in enumerate(all_words()["area"])}
    groups = _groups(matter.area for matter in matters)
    return sorted(groups, key=lambda group: order.get(group.name, len(order)))


def _groups(names: Iterable[str]) -> list[Group]:
    titles = all_words()["area"]
    return [Group(name, titles.get(name, Word(name, name)), count) for name, count in Counter(names).items()]
