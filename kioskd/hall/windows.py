"""A window opens, pauses and closes; a clerk signs in and out."""

from __future__ import annotations

from kioskd.hall import views
from kioskd.hall.command import Command
from kioskd.hall.model import NotFound, Refused, WindowView

_REASON_CHARACTERS = 40  # what a strip and a page can show


def open_window(command: Command, number: int) -> WindowView:
    """Begin to take people, from closed or paused."""
    if command.window_row(number)["state"] == "open":
        raise Refused("window_already_open", window=number)
    command.tell("window_opened", window=number)
    return views.window(command, number)


def pause(command: Command, number: int, reason: str) -> WindowView:
    """Stop for a while. reason: shown to people; cut to what a sign can show."""
    command.open_window(number)
    _require_free(command, number)
    command.tell("window_paused", window=number, reason=" ".join(reason.split())[:_REASON_CHARACTERS])
    return views.window(command, number)


def resume(command: Command, number: int) -> WindowView:
    """Go on after a pause."""
    state = command.window_row(number)["state"]
    if state != "paused":
        raise Refused("window_not_paused", window=number, state=state)
    command.tell("window_resumed", window=number)
    return views.window(command, number)


def close(command: Command, number: int) -> WindowView:
    """Stop for the day. Tickets sent to this window wait for all windows of their line again."""
    if command.window_row(number)["state"] == "closed":
        raise Refused("window_already_closed", window=number)
    _require_free(command, number)
    command.tell("window_closed", window=number)
    return views.window(command, number)


def sign_in(command: Command, number: int, clerk_id: str) -> WindowView:
    """A clerk takes a seat. One clerk, one window; one window, one clerk."""
    sitting = command.window_row(number)["clerk"]
    if clerk_id not in {clerk.id for clerk in command.plan.clerks}:
        raise NotFound("unknown_clerk", clerk=clerk_id)
    elsewhere = command.tx.value(
        "SELECT number FROM windows WHERE clerk = ? AND number <> ?", clerk_id, number
    )
    if elsewhere is not None:
        raise Refused("clerk_elsewhere", window=elsewhere)
    if sitting not in (None, clerk_id):
        raise Refused("window_has_clerk", window=number)
    if sitting is None:
        command.tell("clerk_signed_in", window=number, clerk=clerk_id)
    return views.window(command, number)


def sign_out(command: Command, number: int) -> WindowView:
    """The clerk leaves the seat."""
    clerk = command.window_row(number)["clerk"]
    if clerk is None:
        raise Refused("nobody_signed_in", window=number)
    command.tell("clerk_signed_out", window=number, clerk=clerk)
    return views.window(command, number)


def _require_free(command: Command, number: int) -> None:
    ticket = command.ticket_at(number)
    if ticket is not None:
        raise Refused("window_busy", window=number, number=ticket["number"])
