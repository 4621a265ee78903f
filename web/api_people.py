"""The JSON API's routes about persons: appointments, and what an export needs of a citizen.

A certificate number comes in here and goes no further than its hash, or the one table it was given for. No
answer and no problem document repeats it.
"""

from __future__ import annotations

from kioskd.devices.cards import masked_name, masked_number, number_is_right
from kioskd.hall.model import Appointment
from web.declare import Call, Declarations
from web.problems import BadField, Problem
from web.shapes import (
    AppointmentJson,
    BookAppointment,
    ContactGivenJson,
    ContactJson,
    GiveContact,
    Items,
    OfDay,
    OfPurpose,
    ReadingJson,
)
from web.telling import matter_of

people = Declarations()

IDENTITY_CARD = "111"
"""The resident identity card in GB/T 2261 style lists of certificates; its number can be checked."""


# --- appointments ---


@people.route("POST", "/appointments", scope="appointments", status=201)
def book_appointment(call: Call, body: BookAppointment) -> AppointmentJson:
    """Give somebody a time for a matter.

    The certificate number is taken once: what is kept is a hash that recognises the person on that day alone,
    and a masked form. `name` is only for the masked form.
    """
    number = body.certificate_no.strip().upper()
    _check_number(number)
    hall = call.rooms.hall
    booked = hall.people.book(
        body.matter,
        body.at,
        person_hash=call.rooms.floor.cards.person_hash(number, hall.people.service_day_of(body.at)),
        masked=f"{masked_name(body.name)} {masked_number(number)}" if body.name else masked_number(number),
        by=call.caller.name,
    )
    call.headers["Location"] = f"/api/v1/appointments/{booked.id}"
    return _told(call, booked)


@people.route("GET", "/appointments", scope="appointments")
def list_appointments(call: Call, query: OfDay) -> Items[AppointmentJson]:
    """The appointments of a service day, or of the present one, by their time."""
    return Items(items=tuple(_told(call, one) for one in call.rooms.hall.people.appointments(query.day)))


@people.route("DELETE", "/appointments/{appointment}", scope="appointments")
def cancel_appointment(call: Call, appointment: int) -> AppointmentJson:
    """Take a booked time back; who it was for is forgotten."""
    return _told(call, call.rooms.hall.people.cancel_appointment(appointment, by=call.caller.name))


def _told(call: Call, one: Appointment) -> AppointmentJson:
    name, _ = matter_of(call.rooms.hall.catalogue, one.matter)
    return AppointmentJson(
        id=one.id,
        service_day=one.service_day,
        at=one.at,
        matter=one.matter,
        matter_name=name,
        masked=one.masked,
        state=str(one.state),
        ticket=one.ticket,
    )


# --- contacts ---


@people.route("POST", "/tickets/{ticket}/contact", scope="contacts", status=201)
def give_contact(call: Call, ticket: int, body: GiveContact) -> ContactGivenJson:
    """Keep what a citizen gave for one purpose, until `delete_after`. The answer does not repeat it."""
    if body.certificate_type == IDENTITY_CARD:
        _check_number(body.certificate_no)
    delete_after = call.rooms.hall.people.give_contact(
        ticket,
        body.purpose,
        name=body.name,
        phone=body.phone,
        certificate_type=body.certificate_type,
        certificate_no=body.certificate_no,
        by=call.caller.name,
    )
    return ContactGivenJson(ticket=ticket, purpose=body.purpose, delete_after=delete_after)


@people.route("GET", "/tickets/{ticket}/contact", scope="contacts")
def read_contact(call: Call, ticket: int, query: OfPurpose) -> ContactJson:
    """What was given for this purpose. Who reads it, and when, is written down."""
    found = call.rooms.hall.people.read_contact(ticket, query.purpose, by=call.caller.name)
    return ContactJson(**{name: getattr(found, name) for name in ContactJson.__struct_fields__})


@people.route("DELETE", "/tickets/{ticket}/contact", scope="contacts")
def forget_contact(call: Call, ticket: int, query: OfPurpose) -> Items[ReadingJson]:
    """Delete it before its time. The answer is who has read it."""
    call.rooms.hall.people.forget_contact(ticket, query.purpose, by=call.caller.name)
    return list_contact_readings(call, ticket)


@people.route("GET", "/tickets/{ticket}/contact/readings", scope="contacts")
def list_contact_readings(call: Call, ticket: int) -> Items[ReadingJson]:
    """Who read what was given with this ticket, the latest first; kept when the details are deleted."""
    found = call.rooms.hall.people.contact_readings(ticket)
    return Items(
        items=tuple(ReadingJson(purpose=one.purpose, by=one.read_by, at=one.read_at) for one in found)
    )


def _check_number(number: str) -> None:
    if not number_is_right(number):
        wrong = BadField("certificate_no", "is no identity-card number: its date or check character is wrong")
        raise Problem(422, "wrong_fields", mistakes=(wrong,))
