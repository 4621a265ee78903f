"""A citizen's own ticket, on a phone. Whoever knows the token may see it; nothing personal is on it.

A thousand phones must not press on the hall: each asks again the sooner, the sooner its turn comes, and is
answered 304 while nothing on its page has changed.
"""

from __future__ import annotations

import hashlib

import msgspec
from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.hall.model import NotFound, Refused, Ticket, TicketState
from kioskd.hall.rating_reasons import LOWEST_GOOD_LEVEL, rating_reasons
from web.languages import language
from web.pages import pages
from web.problems import Problem
from web.rooms import rooms

CANCELLABLE = (TicketState.WAITING, TicketState.HELD, TicketState.NO_SHOW)
ASK_AGAIN_S = ((0, 5), (3, 8), (10, 15), (30, 30))
"""So many ahead at most, and so often the phone asks; with more ahead every minute."""
CALLS_SHOWN = 3


class Call(msgspec.Struct, frozen=True):
    """A ticket of the same line, called or served now."""

    number: str
    window: int | None


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page shows of the present moment: it is new when one of these is."""

    number: str
    state: TicketState
    window: int | None
    ahead: int | None
    wait_min: int | None
    calls: tuple[Call, ...]
    rating: int | None
    may_rate: bool
    may_cancel: bool
    again_s: int
    """After so many seconds the phone asks again; 0: no more."""


@pages.get("/t/<token>")
def ticket(token: str) -> AnyResponse:
    """The ticket's place now; kindly no more once its day is over."""
    found = _own_ticket(token)
    hall = rooms().hall
    if found.service_day != rooms().queue_now.view().service_day:
        page = make_response(render_template("ticket-over.html", ticket=found), 410)
        page.headers["Cache-Control"] = "no-store"
        return page
    turn = _turn(found)
    etag = hashlib.sha256(
        msgspec.json.encode([turn, language().code, rooms().live.build, found.matter])
    ).hexdigest()[:32]
    answer = Response(status=304)
    if etag not in request.if_none_match:
        text = render_template("ticket.html", ticket=found, turn=turn, matter=hall.matter_of(found.id))
        answer = Response(text, content_type="text/html; charset=utf-8")
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    return answer


def _turn(found: Ticket) -> Turn:
    house = rooms()
    place = house.hall.place(found.id)
    ahead = None if place is None else place.ahead
    wait_s = None if place is None else place.estimated_wait_s
    calls = [one for one in house.queue_now.view().called if one.line == found.line and one.id != found.id]
    return Turn(
        number=found.number,
        state=found.state,
        window=found.window,
        ahead=ahead,
        wait_min=None if wait_s is None or not ahead else -(-wait_s // 60),
        calls=tuple(Call(one.number, one.window) for one in calls[:CALLS_SHOWN]) if place else (),
        rating=found.rating,
        may_rate=found.state is TicketState.DONE and found.rating is None and _in_time(found),
        may_cancel=found.state in CANCELLABLE,
        again_s=_again_s(found.state, ahead),
    )


def _again_s(state: TicketState, ahead: int | None) -> int:
    if state is TicketState.CANCELLED:
        return 0
    if ahead is not None:
        return next((seconds for most, seconds in ASK_AGAIN_S if ahead <= most), 60)
    return 5 if state in (TicketState.CALLED, TicketState.SERVING) else 20


def _in_time(found: Ticket) -> bool:
    hall = rooms().hall
    assert found.finished_at is not None
    return (hall.clock.now() - found.finished_at).total_seconds() <= hall.plan.rules.rating_within_min * 60


@pages.get("/t/<token>/rate")
def say_why(token: str) -> str | AnyResponse:
    """The level that was chosen, and what may be ticked with it; nothing need be."""
    found = _own_ticket(token)
    level = _level(request.args.get("level", ""))
    fitting = [reason for reason in rating_reasons() if reason.good == (level >= LOWEST_GOOD_LEVEL)]
    return render_template("rate.html", ticket=found, level=level, reasons=fitting)


@pages.post("/t/<token>/rate")
def rate_ticket(token: str) -> AnyResponse:
    """The citizen's answer on the phone, once. Its address is the secret; the form must be our own page's."""
    rooms().doors.check_origin()
    found = _own_ticket(token)
    rooms().doors.limits.phone(token)
    level = _level(request.form.get("level", ""))
    ticked = request.form.getlist("reason")
    rooms().hall.rate(found.id, level, channel="phone", reasons=ticked, by="citizen")
    return redirect(f"/t/{found.token}", code=303)


def _level(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise Problem(422, "bad_request")
    return int(text)


@pages.post("/t/<token>/cancel")
def cancel_ticket(token: str) -> AnyResponse:
    """The citizen cannot come, and has said twice so: the others move up."""
    rooms().doors.check_origin()
    found = _own_ticket(token)
    rooms().doors.limits.phone(token)
    if request.form.get("sure") != "yes":
        raise Problem(422, "bad_request")
    if found.state not in CANCELLABLE:  # called meanwhile: the window decides now
        raise Refused("wrong_state", number=found.number, state=found.state)
    rooms().hall.cancel(found.id, by="citizen")
    return redirect(f"/t/{found.token}", code=303)


def _own_ticket(token: str) -> Ticket:
    try:
        return rooms().hall.ticket_by_token(token)
    except NotFound as error:
        raise Problem(404, "not_found") from error
