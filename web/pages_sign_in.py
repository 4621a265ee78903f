"""The door for staff: sign in with a PIN or password, and out again."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.staff.accounts import Account, any_accounts
from kioskd.staff.lockout import MustWait
from kioskd.staff.sign_in import NotSignedIn
from kioskd.state import STATE_DIRECTORY
from web.rooms import rooms
from web.words import Word, word

sign_in_pages = Blueprint("sign_in", __name__)

FORM_COOKIE = "kioskd-form"
LONGEST_ADDRESS = 500
HOMES = (("clerk", "/clerk"), ("supervisor", "/desk"), ("technician", "/tech"), ("integrator", "/"))
"""Where each role's day begins, when no other page was wanted."""


@sign_in_pages.get("/sign-in")
def sign_in() -> Response:
    """The form: who are you."""
    rooms().doors.check_private()
    return _form()


@sign_in_pages.post("/sign-in")
def sign_in_now() -> AnyResponse:
    """Let them in, or say why not."""
    doors = rooms().doors
    doors.check_private()
    doors.check_origin()
    name, secret = request.form.get("name", ""), request.form.get("secret", "")
    if not _form_is_ours():
        return _form(word("sign_in.once_more"), name)
    try:
        account, session = doors.staff.sign_in(name, secret, address=doors.address())
    except NotSignedIn:
        return _form(word("sign_in.wrong"), name, 401)
    except MustWait as wait:
        return _form(_wait_words(wait), name, 429, {"Retry-After": str(wait.wait_s)})
    answer = redirect(wanted_page() or _home(account), code=303)
    doors.begin_session(answer, session)
    return answer


@sign_in_pages.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session of this browser."""
    doors = rooms().doors
    doors.check_origin()
    answer = redirect("/sign-in", code=303)
    doors.end_session(answer)
    return answer


def wanted_page() -> str:
    """The page of ours that was wanted before, or nothing: an address elsewhere counts as none."""
    wanted = request.values.get("to", "")[:LONGEST_ADDRESS]
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    is_ours = wanted.startswith("/") and not (parts.scheme or parts.netloc) and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() and not parts.path.startswith("//") else ""


def _form(
    problem: Word | None = None, name: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The page, with a form that only this browser can send back."""
    house = rooms()
    seal = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
    page = render_template(
        "sign-in.html",
        problem=problem,
        name=name,
        seal=seal,
        to=wanted_page(),
        signed_in=house.doors.signed_in(),
        empty=not any_accounts(house.hall.store),
        state_option=_state_option(house.hall.store.path.parent),
    )
    answer = make_response(page, status, headers or {})
    house.doors.set_cookie(answer, FORM_COOKIE, seal)
    return answer


def _state_option(state: Path) -> str:
    """What a command must add to find this hall, where it is not in the usual place."""
    return "" if state == STATE_DIRECTORY else f" --state {state}"


def _form_is_ours() -> bool:
    """Whether the form carries what only our page, in this browser, could write into it."""
    cookie = request.cookies.get(FORM_COOKIE, "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), request.form.get("seal", "").encode())


def _wait_words(wait: MustWait) -> Word:
    if wait.locked:
        return word("sign_in.locked", minutes=-(-wait.wait_s // 60))
    return word("sign_in.slower", seconds=wait.wait_s)


def _home(account: Account) -> str:
    """The first page that is there for one of the account's roles."""
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    return next((page for role, page in HOMES if role in account.roles and page in there), "/")
