"""The JSON API's routes about papers that need no ticket: what to bring for a matter."""

from __future__ import annotations

from web.declare import Call, Declarations
from web.shapes import Nothing
from web.shapes_papers import PaperJson
from web.telling import paper_json

papers = Declarations()


@papers.route("POST", "/matters/{matter}/notice", scope="tickets", status=201, paper=True)
def print_notice(call: Call, matter: str, body: Nothing) -> PaperJson:
    """Print what to bring for a matter (一次性告知单) at the kiosk.

    Asked for again while it is being printed, it is the same paper.
    """
    job = call.rooms.hall.print_notice(matter, by=call.caller.name)
    call.headers["Location"] = f"/api/v1/papers/{job}"
    return paper_json(call.rooms.journal.job(job))


@papers.route("GET", "/papers/{job}", scope="read")
def show_paper(call: Call, job: int) -> PaperJson:
    """Where a paper is."""
    return paper_json(call.rooms.journal.job(job))
