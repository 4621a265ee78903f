"""The pages. Each is for a role, which the doors look at; what they show live comes through the API."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.hall.refusals import refusal_catalogue
from kioskd.staff.roles import SCREENS
from web.doors import DEVICE_ARGUMENT, SignInNeeded
from web.rooms import rooms
from web.words import all_words

pages = Blueprint("pages", __name__)

WORDS_OF_SCRIPTS = (
    "kiosk", "card", "paper", "ticket", "window", "board", "screen", "clerk", "clerk_why", "clerk_log",
    "documents", "tech", "lab", "page", "matter",
    "desk", "report",
)  # fmt: skip

View = Callable[..., str | AnyResponse]


def page(path: str, role: str) -> Callable[[View], View]:
    """A page for one role: screens (kiosk, display) open it here or with their token, staff sign in first.

    A supervisor may also open what is a clerk's.
    """

    def declare(view: View) -> View:
        @pages.get(path)
        @wraps(view)
        def served(**arguments: Any) -> AnyResponse:
            doors = rooms().doors
            if role in SCREENS and DEVICE_ARGUMENT in request.args:
                return _introduce_device()
            try:
                doors.check_page(role)
            except SignInNeeded:
                return redirect(f"/sign-in?to={quote(request.full_path.rstrip('?'))}", code=303)
            response = make_response(view(**arguments))
            doors.open_session(response, role)
            return response

        served.role = role  # type: ignore[attr-defined]  # for whoever lists the pages
        return view

    return declare


def _introduce_device() -> AnyResponse:
    """A screen opened its page with its token: from now on a cookie says who it is, and no address does."""
    doors = rooms().doors
    token = doors.device_of_address()
    rest = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != DEVICE_ARGUMENT])
    answer = redirect(f"{request.path}?{rest}" if rest else request.path, code=303)
    doors.keep_device(answer, token)
    return answer


@page("/", "display")
def index() -> str:
    """What there is."""
    return render_template("index.html")


@page("/tech", "technician")
def tech() -> str:
    """The devices, for a technician."""
    return render_template("tech.html")


@pages.get("/problems")
def problems() -> str:
    """What each problem of the API means; a problem document's `type` points here."""
    own = {code: text for code, text in all_words()["problem"].items() if not code.endswith("_detail")}
    return render_template("problems.html", own=own, refusals=refusal_catalogue())
