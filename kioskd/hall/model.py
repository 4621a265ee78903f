"""What the hall tells others about itself: tickets, windows, the queue, and why a command was refused."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec

from kioskd.hall.plan import Priority


class TicketState(enum.StrEnum):
    """Where a ticket is on its way."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no-show"
    DONE = "done"
    CANCELLED = "cancelled"


class WindowState(enum.StrEnum):
    """Whether a window takes people."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class PaperState(enum.StrEnum):
    """Where a piece of paper is on its way (DESIGN: paper is journalled)."""

    NONE = "none"  # no paper was asked for
    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PaperKind(enum.StrEnum):
    """What a piece of paper is."""

    TICKET = "ticket"
    NOTICE = "notice"  # what to bring for a matter: 一次性告知单


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One citizen's turn. Times are aware and in UTC."""

    id: int
    number: str
    line: str
    matter: str
    matter_name: str
    """As it was called when the ticket was taken."""
    priority: Priority
    state: TicketState
    service_day: str
    """The service day, YYYY-MM-DD."""
    token: str
    """The unguessable name of the citizen's own page, /t/TOKEN."""
    issued_at: datetime
    window: int | None = None
    """Where it is called, served, held, or was last served."""
    for_window: int | None = None
    """The only window that may call it, after a transfer to a window."""
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    calls: int = 0
    """How often it was called out: the call and its recalls."""
    ended_because: str = ""
    rating: int | None = None
    affair_no: str = ""
    """The case number (affairDealNo) that the matter system gave the visit."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting ticket's place. estimated_wait_s is None when there is nothing to go by."""

    ahead: int
    estimated_wait_s: int | None


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One line as the board shows it."""

    id: str
    title: str
    title_en: str
    letter: str
    waiting: int
    open_windows: int
    accepting: bool
    """Whether a ticket can be taken now."""
    stopped: bool = False
    """Whether a supervisor stopped it for today."""
    reason: str = ""
    """The code of why not: line_closed, line_full, line_stopped, day_not_open, holiday …"""
    holiday: str = ""
    """The holiday for which it is closed today."""
    holiday_en: str = ""
    opens_at: datetime | None = None
    estimated_wait_s: int | None = None


class WindowView(msgspec.Struct, frozen=True, kw_only=True):
    """One window as its sign, its clerk and the board see it."""

    number: int
    title: str
    title_en: str
    lines: tuple[str, ...]
    """Those it serves today, in this order."""
    state: WindowState
    pause_reason: str = ""
    clerk: str | None = None
    clerk_name: str = ""
    clerk_position: str = ""
    ticket: Ticket | None = None
    """The ticket called or being served here."""
    last_finished: Ticket | None = None
    waiting: int = 0
    """How many tickets this window may call now."""
    rating_invited: bool = False
    """Whether the last finished ticket was invited to rate, is inside its time, and has not rated."""
    seen: int = 0
    """The last event that changed this window: `Hall.as_seen` takes it. A rating is not among them."""


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole hall at one moment, all of it from one read transaction."""

    service_day: str
    event_id: int
    """The last event this view includes."""
    lines: tuple[LineView, ...]
    windows: tuple[WindowView, ...]
    called: tuple[Ticket, ...]
    """Tickets at a window, the latest call first."""
    waiting: tuple[Ticket, ...]
    """All waiting tickets, in the order they came."""
    held: tuple[Ticket, ...]
    """Tickets put aside, each at its window, the latest call first."""
    no_shows: tuple[Ticket, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, committed together with the state it led to."""

    id: int
    at: datetime
    service_day: str
    type: str
    """ticket_issued, ticket_called, window_paused …: docs/store.md lists all."""
    ticket: int | None
    window: int | None
    by: str = ""
    """Who gave the command."""
    data: dict[str, Any]


class PrintJobView(msgspec.Struct, frozen=True, kw_only=True):
    """One job of the paper journal."""

    id: int
    kind: PaperKind
    ticket: int | None
    """Whose it is; None for a notice."""
    state: PaperState
    reprint: bool
    detail: str
    """The code of what is in the way, such as paper_out; empty when nothing is."""
    printer: str = ""
    queued_at: datetime
    content: dict[str, Any]
    """What to print, as the facts were when it was queued."""
    data: bytes | None = None
    """The rendered bytes, once they are made."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a clerk photographed for a ticket. Times are aware and in UTC."""

    id: int
    ticket: int
    matter: str
    material: int
    """Which row of the matter's materials, from 1; 0 is another paper."""
    material_name: str
    file: str
    """SHA-256 of its content, hex: the name of its file."""
    media_type: str
    pages: int
    bytes: int
    camera: str
    window: int | None
    taken_by: str
    """The clerk's id; empty when nobody was signed in."""
    taken_at: datetime
    delete_after: datetime
    deleted_at: datetime | None = None
    deleted_because: str = ""
    views: int = 0
    """How often it was looked at."""


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a document. viewed_by: a clerk's id, or a page's or token's name."""

    window: int | None
    viewed_by: str
    viewed_at: datetime


class AppointmentState(enum.StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    CHECKED_IN = "checked-in"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A time that somebody has for a matter. masked: who, as a page may show it; empty after the day."""

    id: int
    service_day: str
    at: datetime
    """Aware, in UTC."""
    matter: str
    masked: str
    state: AppointmentState
    ticket: int | None = None
    """The ticket that the check-in gave."""


class Timing(enum.StrEnum):
    """Whether it is the time to check in."""

    NOW = "now"
    EARLY = "early"
    LATE = "late"
    DONE = "done"
    """It was done already."""


class Greeting(msgspec.Struct, frozen=True, kw_only=True):
    """What the hall has for a person who is here. from_: when the check-in begins."""

    appointment: Appointment | None = None
    timing: Timing | None = None
    from_: datetime | None = None
    until: datetime | None = None
    priority: bool = False
    """Whether the age gives priority."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen gave for one purpose, and nothing else may use. Its text shows none of it."""

    ticket: int
    purpose: str
    name: str
    phone: str
    certificate_type: str
    certificate_no: str
    given_at: datetime
    delete_after: datetime
    readings: int
    """How often it was read, this time too."""

    def __repr__(self) -> str:
        return f"<Contact of ticket {self.ticket} for {self.purpose}>"

    __str__ = __repr__

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # msgspec's own tells every field
        return [("ticket", self.ticket), ("purpose", self.purpose)]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody read a contact."""

    purpose: str
    read_by: str
    read_at: datetime


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """A command that the present state does not allow. Nothing was changed.

    code: names the reason, such as line_closed; texts in Chinese and English are in `refusals.toml`.
    facts: what the texts mention, such as the number and the window.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Refused):
    """The command names a matter, ticket, window, line or clerk that this hall does not have."""
