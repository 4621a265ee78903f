"""Complaints and suggestions, at the kiosk or by phone: each has a number, and is followed by that alone."""

from __future__ import annotations

from typing import cast

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.hall.cases import LONGEST_TEXT, Case, CaseKind
from kioskd.hall.model import NotFound, Refused
from kioskd.hall.rating_reasons import Reason, rating_reasons
from web.pages import pages
from web.problems import Problem, RefusedProblem
from web.rooms import rooms
from web.wall_clock import local_time
from web.words import Word

KINDS = (CaseKind.COMPLAINT, CaseKind.SUGGESTION)


@pages.get("/feedback")
def feedback() -> AnyResponse | str:
    """The form, and the way to a number. `?ticket=TOKEN` says which visit it is about."""
    if number := request.args.get("number", "").strip():
        return redirect(f"/feedback/{number.upper()}", code=303)
    return render_template(
        "feedback.html",
        topics=_topics(),
        kinds=KINDS,
        longest=LONGEST_TEXT,
        typed={},
        kiosk=_at_the_kiosk(),
    )


@pages.post("/feedback")
def give_feedback() -> AnyResponse | tuple[str, int]:
    """Take it. What was written is kept on the page when something is missing."""
    house = rooms()
    house.doors.check_origin()
    ticket = _ticket(request.form.get("ticket", ""))
    house.doors.limits.phone(f"feedback {house.doors.sender() if ticket is None else f'ticket {ticket}'}")
    try:
        case = house.hall.follow_up.take(
            _kind(),
            _words(),
            contact=request.form.get("contact", ""),
            ticket=ticket,
            by="citizen",
        )
    except Refused as error:
        return (
            render_template(
                "feedback.html",
                topics=_topics(),
                kinds=KINDS,
                longest=LONGEST_TEXT,
                typed=request.form,
                missing=RefusedProblem(error).title,
                kiosk=_at_the_kiosk(),
            ),
            422,
        )
    here = "&kiosk=1" if _at_the_kiosk() else ""
    return redirect(f"/feedback/{case.number}?taken=1{here}", code=303)


@pages.get("/feedback/<number>")
def followed(number: str) -> str | tuple[str, int]:
    """How it stands, for whoever has the number. Who asks for many that there are not is told to wait."""
    house = rooms()
    try:
        case: Case = house.hall.follow_up.case_by_number(number)
    except NotFound:
        house.doors.limits.phone(f"feedback? {house.doors.sender()}")
        return (
            render_template("feedback_case.html", case=None, number=number[:20], kiosk=_at_the_kiosk()),
            404,
        )
    taken = request.args.get("taken") == "1"
    return render_template(
        "feedback_case.html", case=case, taken=taken, local=local_time, kiosk=_at_the_kiosk()
    )


def _at_the_kiosk() -> bool:
    """Whether it is opened from the kiosk's page, where there is nothing to write with."""
    return (request.form.get("kiosk") or request.args.get("kiosk")) == "1"


def _kind() -> CaseKind:
    suggestion = request.form.get("kind") == CaseKind.SUGGESTION
    return CaseKind.SUGGESTION if suggestion else CaseKind.COMPLAINT


def _topics() -> list[Reason]:
    """What may be ticked instead of being written: a kiosk has no pen."""
    return [reason for reason in rating_reasons() if not reason.good]


def _words() -> str:
    """What was ticked and what was written, as one text."""
    names = {reason.code: Word(reason.zh, reason.en) for reason in _topics()}
    ticked = [names[code].zh for code in request.form.getlist("topic") if code in names]
    written = cast("str", request.form.get("text", ""))
    return "\n".join([*(["、".join(ticked)] if ticked else []), *([written] if written.strip() else [])])


def _ticket(token: str) -> int | None:
    if not token:
        return None
    try:
        return rooms().hall.ticket_by_token(token).id
    except NotFound as error:
        raise Problem(404, "not_found") from error
