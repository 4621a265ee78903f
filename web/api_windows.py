"""The JSON API's routes about windows: what a clerk does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from kioskd.hall.hall import Hall
from kioskd.hall.seen import Changed
from web.declare import Call, Declarations
from web.problems import BadField, Problem
from web.shapes import (
    CallNext,
    CallTicket,
    InviteRating,
    Items,
    Nothing,
    Pause,
    ResumeTicket,
    SignIn,
    Transfer,
    WindowJson,
)
from web.telling import window_json

windows = Declarations()


def _window(call: Call, number: int) -> WindowJson:
    return window_json(call.rooms.hall.window(number), call.rooms.hall.plan)


@windows.route("GET", "/windows", scope="read")
def list_windows(call: Call) -> Items[WindowJson]:
    """All windows, their clerks and their tickets."""
    hall = call.rooms.hall
    return Items(items=tuple(window_json(window, hall.plan) for window in hall.queue().windows))


@windows.route("GET", "/windows/{window}", scope="read")
def show_window(call: Call, window: int) -> WindowJson:
    """One window, its clerk and its ticket."""
    return _window(call, window)


def _command(path: str) -> Callable[[Callable[..., WindowJson]], Callable[..., WindowJson]]:
    """Declare a window's command; its answer is the window as it then is, whoever made it so."""

    def declare(handler: Callable[..., WindowJson]) -> Callable[..., WindowJson]:
        @wraps(handler)
        def command(call: Call, window: int, **more: Any) -> WindowJson:
            try:
                return handler(call, window, **more)
            except Changed:
                call.headers["Kioskd-Changed"] = "true"
                return _window(call, window)

        headers = {
            "If-Match": "`seen` of the window as the caller saw it. When it has changed since, nothing is"
            " done: the answer is the window as it is, and carries the header `Kioskd-Changed`."
        }
        return windows.route("POST", f"/windows/{{window}}/{path}", scope="windows", headers=headers)(command)

    return declare


def _hall(call: Call, window: int) -> Hall:
    """The hall, as the caller saw this window."""
    seen = request.headers.get("If-Match", "*").strip().strip('"')
    if seen == "*":
        return call.rooms.hall
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        raise Problem(422, "wrong_fields", mistakes=(BadField("If-Match", "is not a window's `seen`"),))
    return call.rooms.hall.as_seen(window, int(seen))


@_command("call-next")
def call_next(call: Call, window: int, body: CallNext) -> WindowJson:
    """Call the ticket whose turn it is."""
    _hall(call, window).call_next(window, finish_current=body.finish_current, by=call.caller.name)
    return _window(call, window)


@_command("call")
def call_ticket(call: Call, window: int, body: CallTicket) -> WindowJson:
    """Call a chosen ticket: a waiting, held or absent one."""
    _hall(call, window).call(window, body.ticket, finish_current=body.finish_current, by=call.caller.name)
    return _window(call, window)


@_command("recall")
def recall_ticket(call: Call, window: int, body: Nothing) -> WindowJson:
    """Call the same ticket out once more, as often and as soon as the rules allow."""
    _hall(call, window).recall(window, by=call.caller.name)
    return _window(call, window)


@_command("start")
def start_service(call: Call, window: int, body: Nothing) -> WindowJson:
    """The citizen has come."""
    _hall(call, window).start(window, by=call.caller.name)
    return _window(call, window)


@_command("finish")
def finish_service(call: Call, window: int, body: Nothing) -> WindowJson:
    """The matter is done."""
    _hall(call, window).finish(window, by=call.caller.name)
    return _window(call, window)


@_command("no-show")
def note_no_show(call: Call, window: int, body: Nothing) -> WindowJson:
    """Nobody came."""
    _hall(call, window).no_show(window, by=call.caller.name)
    return _window(call, window)


@_command("hold")
def hold_ticket(call: Call, window: int, body: Nothing) -> WindowJson:
    """Set the ticket aside: the citizen is fetching something."""
    _hall(call, window).hold(window, by=call.caller.name)
    return _window(call, window)


@_command("resume-ticket")
def resume_ticket(call: Call, window: int, body: ResumeTicket) -> WindowJson:
    """Go on with a held ticket."""
    _hall(call, window).resume_ticket(window, body.ticket, by=call.caller.name)
    return _window(call, window)


@_command("transfer")
def transfer_ticket(call: Call, window: int, body: Transfer) -> WindowJson:
    """Send the ticket to another line or window, under its own number."""
    if (body.line is None) == (body.window is None):
        wrong = BadField("line", "give either a line or a window, and not both")
        raise Problem(422, "wrong_fields", mistakes=(wrong,))
    _hall(call, window).transfer(window, to_line=body.line, to_window=body.window, by=call.caller.name)
    return _window(call, window)


@_command("pause")
def pause_window(call: Call, window: int, body: Pause) -> WindowJson:
    """Take a break; the sign says so."""
    _hall(call, window).pause(window, body.reason, by=call.caller.name)
    return _window(call, window)


@_command("resume")
def resume_window(call: Call, window: int, body: Nothing) -> WindowJson:
    """End the break."""
    _hall(call, window).resume(window, by=call.caller.name)
    return _window(call, window)


@_command("open")
def open_window(call: Call, window: int, body: Nothing) -> WindowJson:
    """Open the window."""
    _hall(call, window).open(window, by=call.caller.name)
    return _window(call, window)


@_command("close")
def close_window(call: Call, window: int, body: Nothing) -> WindowJson:
    """Close the window."""
    _hall(call, window).close(window, by=call.caller.name)
    return _window(call, window)


@_command("sign-in")
def sign_in(call: Call, window: int, body: SignIn) -> WindowJson:
    """A clerk begins to work here: from a page it is whoever has signed in there.

    A supervisor may name another; a program must.
    """
    _hall(call, window).sign_in(window, _who_works(call, body.clerk), by=call.caller.name)
    return _window(call, window)


def _who_works(call: Call, named: str | None) -> str:
    """The clerk's id, of who signed in at the page unless they may say otherwise."""
    account = call.caller.account
    own = account.clerk if account is not None else None
    may_name = account is None or "supervisor" in account.roles
    wanted = named if named is not None else own
    if wanted is None:
        raise Problem(
            422, "wrong_fields", mistakes=(BadField("clerk", "is missing: nobody here is a clerk"),)
        )
    if wanted != own and not may_name:
        raise Problem(403, "not_your_name", who=account.display_name if account else "")
    return wanted


@_command("sign-out")
def sign_out(call: Call, window: int, body: Nothing) -> WindowJson:
    """The clerk leaves."""
    _hall(call, window).sign_out(window, by=call.caller.name)
    return _window(call, window)


@_command("invite-rating")
def invite_rating(call: Call, window: int, body: InviteRating) -> WindowJson:
    """Ask the citizen who was served last to rate."""
    _hall(call, window).invite_rating(window, finish_current=body.finish_current, by=call.caller.name)
    return _window(call, window)
