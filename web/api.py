"""The JSON API's routes about tickets and the queue. Matters, windows, day and devices have their own."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, request

from kioskd.hall.plan import Priority
from web.api_cards import cards
from web.api_conform import conformity
from web.api_counter import counter
from web.api_day import day
from web.api_desk import desk
from web.api_devices import devices
from web.api_documents import documents
from web.api_matters import matters
from web.api_me import me
from web.api_papers import papers
from web.api_people import people
from web.api_voice import voice
from web.api_windows import windows
from web.declare import Call, Declarations
from web.openapi import openapi_document
from web.problems import BadField, Problem
from web.shapes import (
    AttachAffair,
    Items,
    LineJson,
    Nothing,
    QueueJson,
    Rate,
    Requeue,
    TakeTicket,
    TicketJson,
)
from web.telling import line_json, ticket_json

api = Declarations()

LONGEST_KEY = 255


@api.route("GET", "/lines", scope="read")
def list_lines(call: Call) -> Items[LineJson]:
    """The lines now: how many wait, and whether a ticket can be taken."""
    return Items(items=tuple(line_json(line) for line in call.rooms.queue_now.view().lines))


@api.route("GET", "/queue", scope="read", answer=QueueJson)
def show_queue(call: Call) -> msgspec.Raw:
    """The whole hall at one moment: lines, windows, called, waiting, held and absent tickets."""
    return msgspec.Raw(call.rooms.queue_now.json())


@api.route(
    "POST",
    "/tickets",
    scope="tickets",
    status=201,
    paper=True,
    headers={"Idempotency-Key": "The client's own name for this wish: sent again, it gives the same ticket."},
)
def take_ticket(call: Call, body: TakeTicket) -> TicketJson:
    """Take a ticket for a matter, and queue its paper.

    The ticket stands whatever the printer does; `print` says where its paper is.
    """
    key = _idempotency_key(call)
    if body.card is not None:
        ticket = call.rooms.floor.cards.take_ticket(body.card, body.matter, key=key)
    else:
        _check_priority(call, body.priority)
        ticket = call.rooms.hall.issue(body.matter, priority=body.priority, key=key, by=call.caller.name)
    call.headers["Location"] = f"/api/v1/tickets/{ticket.id}"
    return ticket_json(ticket, call.rooms, call.caller)


def _check_priority(call: Call, priority: Priority) -> None:
    """At the kiosk a hall may want to see a card first."""
    at_kiosk = call.caller.account is None and "kiosk" in call.caller.roles
    declared = at_kiosk and priority is not Priority.ORDINARY
    if declared and not call.rooms.hall.plan.rules.self_declared_priority:
        raise Problem(409, "priority_needs_card")


def _idempotency_key(call: Call) -> str | None:
    """The client's key; two programs may choose the same one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        wrong = BadField("Idempotency-Key", f"is not 1 to {LONGEST_KEY} printable characters")
        raise Problem(422, "wrong_fields", mistakes=(wrong,))
    return f"{call.caller.kind} {key}"


@api.route("GET", "/tickets/{ticket}", scope="read")
def show_ticket(call: Call, ticket: int) -> TicketJson:
    """One ticket, its place and its paper."""
    return ticket_json(call.rooms.hall.ticket(ticket), call.rooms, call.caller)


@api.route("POST", "/tickets/{ticket}/cancel", scope="windows")
def cancel_ticket(call: Call, ticket: int, body: Nothing) -> TicketJson:
    """Cancel a ticket that has not been served."""
    return ticket_json(call.rooms.hall.cancel(ticket, by=call.caller.name), call.rooms, call.caller)


@api.route("POST", "/tickets/{ticket}/requeue", scope="windows")
def requeue_ticket(call: Call, ticket: int, body: Requeue) -> TicketJson:
    """Put a called, absent or held ticket back into its line, under its own number."""
    moved = call.rooms.hall.requeue(ticket, after=body.after, by=call.caller.name)
    return ticket_json(moved, call.rooms, call.caller)


@api.route("POST", "/tickets/{ticket}/rate", scope="ratings")
def rate_ticket(call: Call, ticket: int, body: Rate) -> TicketJson:
    """Rate a finished service, once, inside its time: 5 very satisfied … 1 very dissatisfied."""
    rated = call.rooms.hall.rate(ticket, body.level, channel="api", reasons=body.reasons, by=call.caller.name)
    return ticket_json(rated, call.rooms, call.caller)


@api.route("POST", "/tickets/{ticket}/affair", scope="windows")
def attach_affair(call: Call, ticket: int, body: AttachAffair) -> TicketJson:
    """Name the case number (affairDealNo) that the matter system gave this visit.

    Its rating is reported upward only with it.
    """
    named = call.rooms.hall.follow_up.attach_affair(ticket, body.affair_no, by=call.caller.name)
    return ticket_json(named, call.rooms, call.caller)


@api.route("POST", "/tickets/{ticket}/reprint", scope="tickets", paper=True)
def reprint_ticket(call: Call, ticket: int, body: Nothing) -> TicketJson:
    """Print a ticket again; the paper carries 补打."""
    again = call.rooms.floor.reprint(ticket, by=call.caller.name)
    return ticket_json(again, call.rooms, call.caller)


api.include(me)
api.include(windows)
api.include(counter)
api.include(cards)
api.include(matters)
api.include(papers)
api.include(people)
api.include(day)
api.include(devices)
api.include(desk)
api.include(documents)
api.include(conformity)
api.include(voice)


@api.route(
    "GET",
    "/events",
    scope="read",
    content="text/event-stream",
    headers={"Last-Event-ID": "The id of the last event received: those since then come first."},
)
def stream_events(call: Call) -> Response:
    """What happens in the hall, as server-sent events.

    `hello` comes first and names what the pages are made of. `hall` events carry {id, type, ticket, window,
    at}, those of calls also the ticket's number; none tells of a case. `health` names a device whose health
    changed; `card` names the window at which a card was read, null for the kiosk, and says no more of it;
    `resync` says that events were left out and the present state should be read anew; `alive` comes when
    nothing else did for 10 s. At most 80 streams are open at once.
    """
    stream = call.rooms.live.stream(_last_event_id())
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, content_type="text/event-stream", headers=headers)


def _last_event_id() -> int | None:
    """The event a browser saw last; what is not a number of ours counts as none."""
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@api.route("GET", "/openapi.json", scope=None)
def show_openapi(call: Call) -> dict[str, Any]:
    """The API's own description, as OpenAPI 3.1."""
    return openapi_document(api)
