"""What can be done here, for anybody: the list with its search, a matter's guide, and the guide as PDF."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from kioskd.hall.guide import full_guide
from kioskd.hall.matter import Matter
from kioskd.sheets.press import Kept, PdfFailed, make_pdf
from web.guide_sheet import guide_sheet
from web.languages import Language, language
from web.problems import Problem, no_pdf
from web.rooms import rooms
from web.words import Word, all_words

matters_pages = Blueprint("matters_pages", __name__)

LONGEST_QUERY = 50
_guides = Kept(64)


@matters_pages.get("/matters")
def matters() -> str:
    """All matters by area, or those that fit what was typed, the best first."""
    house = rooms()
    typed = request.args.get("q", "")[:LONGEST_QUERY].strip()
    found = house.search(house.hall.catalogue.matters, typed) if typed else ()
    areas = [] if typed else house.hall.catalogue.areas()
    return render_template(
        "matters.html", typed=typed, found=found, areas=areas, area_words=all_words()["area"]
    )


@matters_pages.get("/matters/<code>")
def guide(code: str) -> str:
    """A matter's guide. Raises Problem 404."""
    matter = _matter(code)
    hall = rooms().hall
    lines = {line.id: line for line in hall.plan.lines}
    windows = [window.number for window in hall.plan.windows if matter.line in window.lines]
    return render_template(
        "guide.html",
        title=Word(matter.name, matter.name_en or matter.name),
        matter=matter,
        windows=windows,
        line=lines.get(matter.line),
        full=full_guide(matter, hall.plan.public_url),
    )


@matters_pages.get("/matters/<code>.pdf")
def guide_as_pdf(code: str) -> Response:
    """The same to hand out, in the page's language. Raises Problem 404, 503 where no PDF is to be had."""
    matter = _matter(code)
    plan = rooms().hall.plan
    english = language() is Language.EN
    try:
        body = _pdf(matter, plan.name_en or plan.name if english else plan.name, plan.public_url, english)
    except PdfFailed as error:
        raise no_pdf(error) from error
    headers = {"Content-Disposition": f'inline; filename="{matter.code}.pdf"'}
    return Response(body, content_type="application/pdf", headers=headers)


def _pdf(matter: Matter, hall: str, public_url: str, english: bool) -> bytes:
    return make_pdf(guide_sheet(matter, hall, full_guide(matter, public_url), english=english), kept=_guides)


def _matter(code: str) -> Matter:
    found = rooms().hall.catalogue.get(code)
    if found is None:
        raise Problem(404, "not_found")
    return found
