"""The hall's commands about persons: appointments, the check-in, and what is given for an export."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from kioskd.hall import appointments, contacts
from kioskd.hall.command import Command
from kioskd.hall.model import Appointment, Contact, Greeting, Reading, Ticket

Opened = AbstractContextManager[Command]


class People:
    """A part of Hall (`hall.people`). A person is a keyed hash here: only a contact has a number."""

    def __init__(self, command: Callable[[str], Opened], question: Callable[[], Opened]) -> None:
        self._command = command
        self._question = question

    # --- appointments ---

    def service_day_of(self, at: datetime) -> str:
        """The service day a moment belongs to: the day whose key makes the hash for `book`."""
        with self._question() as command:
            return appointments.service_day_of(command.plan, at)

    def book(self, matter: str, at: datetime, *, person_hash: str, masked: str, by: str = "") -> Appointment:
        """Give somebody a time for a matter; `at` is aware."""
        with self._command(by) as command:
            return appointments.book(command, matter, at, person_hash=person_hash, masked=masked)

    def cancel_appointment(self, appointment: int, *, by: str = "") -> Appointment:
        """Take a booked time back."""
        with self._command(by) as command:
            return appointments.cancel(command, appointment)

    def appointments(self, service_day: str | None = None) -> list[Appointment]:
        """The appointments of a service day, or of the present one."""
        with self._question() as command:
            return appointments.of_day(command.tx, service_day or command.day)

    def today(self) -> str:
        """The service day the hall is in: the day whose key makes the hash for `greet` and `check_in`."""
        with self._question() as command:
            return command.day

    def greet(self, person_hash: str, born: date) -> Greeting:
        """What the hall has for somebody who is here. Changes nothing."""
        with self._question() as command:
            return appointments.greet(command, person_hash, born)

    def check_in(self, appointment: int, person_hash: str, *, paper: bool = True, by: str = "") -> Ticket:
        """Give the ticket for an appointment; asked again, the same ticket."""
        with self._command(by) as command:
            return appointments.check_in(command, appointment, person_hash, paper=paper)

    # --- contacts ---

    def give_contact(
        self,
        ticket: int,
        purpose: str,
        *,
        name: str,
        phone: str,
        certificate_type: str,
        certificate_no: str,
        by: str = "",
    ) -> datetime:
        """Keep what a citizen gave for one purpose. Returns when it will be deleted."""
        with self._command(by) as command:
            return contacts.give(
                command,
                ticket,
                purpose,
                name=name,
                phone=phone,
                certificate_type=certificate_type,
                certificate_no=certificate_no,
            )

    def read_contact(self, ticket: int, purpose: str, *, by: str) -> Contact:
        """What was given for this purpose; who reads it is written down."""
        with self._command(by) as command:
            return contacts.read(command.tx, ticket, purpose, by=command.by, at=command.now)

    def forget_contact(self, ticket: int, purpose: str, *, by: str = "") -> None:
        """Delete it before its time."""
        with self._command(by) as command:
            contacts.forget(command, ticket, purpose)

    def contact_readings(self, ticket: int) -> list[Reading]:
        """Who read what was given with this ticket."""
        with self._question() as command:
            command.ticket_row(ticket)
            return contacts.readings(command.tx, ticket)
