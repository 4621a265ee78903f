"""The citizen's answer: one rating for one finished service, voluntary, inside its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from kioskd.hall import calling, cases, views
from kioskd.hall.command import Command
from kioskd.hall.model import Refused, Ticket
from kioskd.hall.rating_reasons import check_reasons
from kioskd.hall.times import elapsed_s, from_text

_TURN_S = 15.0
"""Nobody is called, comes to the window, is served and rates within so many seconds."""


def invite(command: Command, window: int, *, finish_current: bool) -> Ticket:
    """Ask the citizen this window has just served for a rating.

    finish_current: the window's present ticket is finished first, for a pad that has no key for it.
    """
    command.window(window)
    if finish_current:
        calling.finish_ticket_at(command, window)
    ticket = _last_finished(command, window)
    _require_ratable(command, ticket)
    command.tell("rating_invited", ticket=ticket["id"], window=window)
    return views.ticket(command.tx, ticket["id"])


def rate(command: Command, ticket_id: int, level: int, channel: str, reasons: Iterable[str] = ()) -> Ticket:
    """Count a rating. level: 5 very satisfied … 1 very dissatisfied; channel: where it was given.

    reasons: what was ticked with it (`rating_reasons.toml`). A bad one opens a case.
    """
    ticket = command.ticket_row(ticket_id)
    _require_ratable(command, ticket)
    if not 1 <= level <= 5:
        raise Refused("wrong_level", level=level)
    ticked = check_reasons(level, reasons)
    command.tell(
        "ticket_rated",
        ticket=ticket_id,
        window=ticket["window"],
        level=level,
        channel=channel,
        clerk=ticket["clerk"],
        reasons=ticked,
    )
    if level in cases.BAD_LEVELS:
        cases.open_for_rating(command, ticket, level)
    return views.ticket(command.tx, ticket_id)


def rate_at(command: Command, window: int, level: int, channel: str) -> Ticket:
    """Count what an evaluator says, for the ticket its window has just served.

    Where nobody presses "finish", the rating key itself ends the service of the ticket called there, unless
    the citizen before may still be answering: one who was asked and has not, or was served only seconds ago.
    Refused while somebody is being served after "start": the clerk says when that ends.
    """
    command.window(window)
    here = command.ticket_at(window)
    if here is not None and here["state"] == "serving":
        raise Refused("serving_another", window=window, number=here["number"])
    if here is not None and not _may_still_be_answering(command, window, here):
        calling.finish_ticket_at(command, window)
    return rate(command, _last_finished(command, window)["id"], level, channel)


def _may_still_be_answering(command: Command, window: int, called: sqlite3.Row) -> bool:
    """Whether the citizen before the called one may still be the one at the keys."""
    last: int | None = command.window_row(window)["last_finished"]
    if last is None:
        return False
    if elapsed_s(from_text(called["called_at"]), command.now) < _TURN_S:
        return True  # also when he has rated: a second press is his, not the next one's answer
    ticket = command.ticket_row(last)
    ratable = not views.is_rated(command, ticket) and not views.is_late_to_rate(command, ticket)
    return ratable and ticket["invited_at"] is not None


def _last_finished(command: Command, window: int) -> sqlite3.Row:
    ticket: int | None = command.window_row(window)["last_finished"]
    if ticket is None:
        raise Refused("nothing_to_rate", window=window)
    return command.ticket_row(ticket)


def _require_ratable(command: Command, ticket: sqlite3.Row) -> None:
    number = ticket["number"]
    if ticket["state"] != "done":
        raise Refused("not_finished", number=number)
    if views.is_rated(command, ticket):
        raise Refused("already_rated", number=number)
    if views.is_late_to_rate(command, ticket):
        raise Refused("rating_too_late", number=number, within_min=command.plan.rules.rating_within_min)
