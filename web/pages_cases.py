"""The supervisor's pages about cases: bad ratings, complaints and suggestions, up to their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.hall.cases import Case, CaseKind, CaseState, Outcome
from kioskd.hall.follow_up import FollowUp
from kioskd.hall.model import NotFound
from kioskd.uplink.outbox import counts
from web.doors import SignInNeeded
from web.pages import page, pages
from web.problems import BadField, Problem
from web.rooms import rooms
from web.wall_clock import local_time


@page("/desk/cases", "supervisor")
def cases() -> str:
    """What is not answered, the first due first; and how the reports to the platform above stand."""
    hall = rooms().hall
    return render_template(
        "cases.html",
        cases=hall.follow_up.cases(),
        today=local_time(hall.clock.now()).date(),
        reports=counts(hall.store),
        state=CaseState,
        local=local_time,
    )


@page("/desk/cases/<int:case>", "supervisor")
def one_case(case: int) -> str:
    """One case whole, and what may be done with it now."""
    found = _case(case)
    ticket = rooms().hall.ticket(found.ticket).number if found.ticket is not None else ""
    return render_template(
        "case.html",
        case=found,
        ticket=ticket,
        outcomes=tuple(Outcome),
        open=found.state in (CaseState.OPEN, CaseState.HANDLING),
        may_appeal=_may_appeal(found),
        state=CaseState,
        local=local_time,
    )


def _may_appeal(found: Case) -> bool:
    appealed = any(step.step == "appealed" for step in found.steps)
    return found.kind is CaseKind.RATING and found.state is CaseState.RESOLVED and not appealed


@pages.post("/desk/cases/<int:case>/<step>")
def take_step(case: int, step: str) -> AnyResponse:
    """One step with a case. The supervisor who has signed in is who took it."""
    by = _supervisor()
    if step not in STEPS:
        raise Problem(404, "not_found")
    _case(case)
    STEPS[step](rooms().hall.follow_up, case, by)
    return redirect(f"/desk/cases/{case}", code=303)


def _supervisor() -> str:
    """Who has signed in at the page that this form is of. Raises Problem 401 or 403."""
    doors = rooms().doors
    doors.check_origin()
    try:
        doors.check_page("supervisor")
    except SignInNeeded as error:
        raise Problem(401, "no_token") from error
    account = doors.signed_in()
    assert account is not None, "check_page lets nobody else in"
    return account.acts_as("desk")


def _assign(follow_up: FollowUp, case: int, by: str) -> None:
    follow_up.assign(case, request.form.get("handler", ""), by=by)


def _call_back(follow_up: FollowUp, case: int, by: str) -> None:
    follow_up.call_back(case, reached=request.form.get("reached") == "yes", text=_text(), by=by)


def _extend(follow_up: FollowUp, case: int, by: str) -> None:
    try:
        due_on = date.fromisoformat(request.form.get("due_on", ""))
    except ValueError as error:
        raise Problem(422, "wrong_fields", mistakes=(BadField("due_on", "is no date"),)) from error
    follow_up.extend(case, due_on, _text(), by=by)


def _note(follow_up: FollowUp, case: int, by: str) -> None:
    follow_up.note(case, _text(), by=by)


def _resolve(follow_up: FollowUp, case: int, by: str) -> None:
    outcome = request.form.get("outcome", "")
    if outcome not in tuple(Outcome):
        raise Problem(422, "wrong_fields", mistakes=(BadField("outcome", "is not one of the outcomes"),))
    follow_up.resolve(case, Outcome(outcome), _text(), by=by)


def _appeal(follow_up: FollowUp, case: int, by: str) -> None:
    follow_up.appeal(case, _text(), by=by)


def _decide(follow_up: FollowUp, case: int, by: str) -> None:
    follow_up.decide_appeal(case, upheld=request.form.get("upheld") == "yes", text=_text(), by=by)


STEPS: dict[str, Callable[[FollowUp, int, str], None]] = {
    "assign": _assign,
    "call-back": _call_back,
    "extend": _extend,
    "note": _note,
    "resolve": _resolve,
    "appeal": _appeal,
    "decide": _decide,
}


def _text() -> str:
    return request.form.get("text", "")


def _case(case: int) -> Case:
    try:
        return rooms().hall.follow_up.case(case)
    except NotFound as error:
        raise Problem(404, "not_found") from error
