"""The JSON API's routes about a card that lies on a reader: what it offers, and taking the offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.declare import Call, Declarations
from web.shapes import CardJson, CardOfferJson, MeetingJson, Nothing, TakeOffer, TicketJson
from web.telling import matter_of, ticket_json

if TYPE_CHECKING:
    from kioskd.floor.cards import Offer
    from kioskd.hall.model import Greeting

cards = Declarations()


@cards.route("GET", "/card", scope="tickets")
def show_card(call: Call) -> CardJson:
    """What the card that was last read at the kiosk offers; null when none was read in the last two minutes.

    The person is shown masked. `timing` says whether the appointment can be checked in `now`, is `early` or
    `late`, or is `done`.
    """
    return CardJson(offer=_offer(call, None))


@cards.route("POST", "/card/check-in", scope="tickets", status=201)
def check_in(call: Call, body: TakeOffer) -> TicketJson:
    """Check the offered appointment in. Asked again, it is the same ticket."""
    ticket = call.rooms.floor.cards.check_in(body.offer, by=call.caller.name)
    call.headers["Location"] = f"/api/v1/tickets/{ticket.id}"
    return ticket_json(ticket, call.rooms, call.caller)


@cards.route("POST", "/card/dismiss", scope="tickets")
def dismiss_card(call: Call, body: TakeOffer) -> CardJson:
    """The person is done, or is another one: forget what the card offered."""
    call.rooms.floor.cards.dismiss(body.offer)
    return CardJson(offer=None)


@cards.route("GET", "/windows/{window}/card", scope="windows")
def show_card_at_window(call: Call, window: int) -> CardJson:
    """The same for the reader of a window."""
    call.rooms.hall.window(window)
    return CardJson(offer=_offer(call, window))


@cards.route("POST", "/windows/{window}/card/dismiss", scope="windows")
def dismiss_card_at_window(call: Call, window: int, body: Nothing) -> CardJson:
    """Forget it before its time."""
    offer = call.rooms.floor.cards.offer(window)
    if offer is not None:
        call.rooms.floor.cards.dismiss(offer.id)
    return CardJson(offer=None)


def _offer(call: Call, window: int | None) -> CardOfferJson | None:
    offer = call.rooms.floor.cards.offer(window)
    if offer is None:
        return None
    return CardOfferJson(
        id=offer.id,
        read_at=offer.read_at,
        masked=offer.masked,
        problem=None if offer.problem is None else str(offer.problem),
        priority=offer.greeting.priority,
        appointment=_meeting(call, offer),
    )


def _meeting(call: Call, offer: Offer) -> MeetingJson | None:
    greeting: Greeting = offer.greeting
    if greeting.appointment is None or greeting.timing is None:
        return None
    name, name_en = matter_of(call.rooms.hall.catalogue, greeting.appointment.matter)
    ticket = greeting.appointment.ticket
    return MeetingJson(
        matter=greeting.appointment.matter,
        matter_name=name,
        matter_name_en=name_en,
        at=greeting.appointment.at,
        timing=str(greeting.timing),
        check_in_from=greeting.from_,
        check_in_until=greeting.until,
        number=None if ticket is None else call.rooms.hall.ticket(ticket).number,
    )
