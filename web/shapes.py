"""The JSON of the API: what goes out and what comes in, as structs. Times are RFC 3339 in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

from kioskd.devices.kinds import Kind
from kioskd.hall.model import PaperState, TicketState, WindowState
from kioskd.hall.plan import Priority
from kioskd.reading import PRIVATE

T = TypeVar("T")

Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]
WindowNumber = Annotated[int, Meta(ge=1, le=255)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What all answers have in common: nothing but their manner."""


class Items(Answer, Generic[T], frozen=True, kw_only=True):
    """A list."""

    items: tuple[T, ...]


class LineJson(Answer, frozen=True, kw_only=True):
    """One line now. reason: why no ticket can be taken, in both languages."""

    id: str
    title: str
    title_en: str
    letter: str
    waiting: int
    open_windows: int
    accepting: bool
    stopped: bool
    """A supervisor stopped it for today."""
    reason: str
    reason_zh: str
    reason_en: str
    holiday: str
    holiday_en: str
    opens_at: datetime | None
    estimated_wait_s: int | None


class TurnJson(Answer, frozen=True, kw_only=True):
    """A ticket as everybody in the hall may see it."""

    id: int
    number: str
    line: str
    matter: str
    matter_name: str
    priority: Priority
    state: TicketState
    window: int | None
    for_window: int | None
    calls: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    rated: bool
    """Whether the citizen answered; what, is in `rating` of a ticket, and for few."""


class PrintJson(Answer, frozen=True, kw_only=True):
    """Where a ticket's paper is. detail: what is in the way, with what it says to people."""

    state: PaperState
    detail: str
    detail_zh: str
    detail_en: str
    reprint: bool


class TicketJson(TurnJson, frozen=True, kw_only=True):
    """A ticket with its place, its paper, and the citizen's own page.

    page and url are null for callers who may not take tickets; url also where the hall has no public address.
    rating is null for callers without the scope `ratings`: a clerk does not learn what one citizen said.
    """

    service_day: str
    ahead: int | None
    """How many go before it; null unless it waits."""
    estimated_wait_s: int | None
    """Null when there is nothing to go by."""
    ended_because: str
    affair_no: str | None
    """The matter system's case number; empty: not known yet; null for callers without the scope `windows`."""
    rating: int | None
    print: PrintJson
    page: str | None
    url: str | None


class WindowJson(Answer, frozen=True, kw_only=True):
    """One window now."""

    number: int
    title: str
    title_en: str
    state: WindowState
    pause_reason: str
    clerk: str | None
    clerk_name: str
    clerk_position: str
    lines: tuple[str, ...]
    ticket: TurnJson | None
    last_finished: TurnJson | None
    waiting: int
    rating_invited: bool
    seen: int
    """The last event that changed the window: a command sent with `If-Match` and this number is done once."""


class QueueJson(Answer, frozen=True, kw_only=True):
    """The whole hall at one moment."""

    service_day: str
    event_id: int
    lines: tuple[LineJson, ...]
    windows: tuple[WindowJson, ...]
    called: tuple[TurnJson, ...]
    waiting: tuple[TurnJson, ...]
    held: tuple[TurnJson, ...]
    no_shows: tuple[TurnJson, ...]


class DayJson(Answer, frozen=True, kw_only=True):
    """The service day, YYYY-MM-DD. to_confirm: the day by the clock, where nobody vouches for the clock."""

    service_day: str
    to_confirm: str | None


class ReasonJson(Answer, frozen=True, kw_only=True):
    """Why a device is not simply well, and the step to take."""

    code: str
    detail: str
    zh: str
    en: str
    step_zh: str
    step_en: str


class DeviceJson(Answer, frozen=True, kw_only=True):
    """One device and its health."""

    name: str
    title: str
    profile: str
    window: int | None
    kinds: tuple[str, ...]
    state: str
    since: datetime
    reasons: tuple[ReasonJson, ...]
    counters: dict[str, int]
    facts: dict[str, str]


class DeviceDetailJson(DeviceJson, frozen=True, kw_only=True):
    """One device with all that is known of it.

    port: its name in the hall file; at: where that is. settings: the line's speed and format.
    local_echo: whether it reads back what it sends; null: nobody said. options: what the hall file overrides
    of the profile's. maturity: how far the profile was tried. private: its bytes are a person's, and shown to
    nobody.
    """

    address: int | None
    port: str
    at: str
    settings: str
    local_echo: bool | None
    options: dict[str, Any]
    driver: str
    private: bool
    profile_title: str
    maturity: str
    notes: str
    faults: tuple[ChangeJson, ...]


class ChangeJson(Answer, frozen=True, kw_only=True):
    """A device's state and reasons became these."""

    at: datetime
    state: str
    reasons: tuple[ReasonJson, ...]


class MeetingJson(Answer, frozen=True, kw_only=True):
    """The appointment of whoever laid the card there. number: the ticket's, once it is checked in."""

    matter: str
    matter_name: str
    matter_name_en: str
    at: datetime
    timing: str
    check_in_from: datetime | None
    check_in_until: datetime | None
    number: str | None


class CardOfferJson(Answer, frozen=True, kw_only=True):
    """What a card offers. problem: why it could not be used; priority: the age gives it."""

    id: str
    read_at: datetime
    masked: str
    problem: str | None
    priority: bool
    appointment: MeetingJson | None


class CardJson(Answer, frozen=True, kw_only=True):
    """The offer that stands, if one does."""

    offer: CardOfferJson | None


class AppointmentJson(Answer, frozen=True, kw_only=True):
    """A time that somebody has. masked is empty once the day after it has ended."""

    id: int
    service_day: str
    at: datetime
    matter: str
    matter_name: str
    masked: str
    state: str
    ticket: int | None


class ContactGivenJson(Answer, frozen=True, kw_only=True):
    """It is kept until then."""

    ticket: int
    purpose: str
    delete_after: datetime


class ContactJson(Answer, frozen=True, kw_only=True):
    """What a citizen gave for one purpose. readings: how often it was read, this time too."""

    ticket: int
    purpose: str
    name: str
    phone: str
    certificate_type: str
    certificate_no: str
    given_at: datetime
    delete_after: datetime
    readings: int


class ReadingJson(Answer, frozen=True, kw_only=True):
    """Somebody read it."""

    purpose: str
    by: str
    at: datetime


# --- requests ---


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all requests have in common: an unknown field is refused."""


class TakeTicket(Request, frozen=True, kw_only=True):
    """A citizen's wish: the matter's code."""

    matter: Name
    priority: Priority = Priority.ORDINARY
    card: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    """The offer of a card at the kiosk: it alone then says whether the ticket has priority."""


class TakeOffer(Request, frozen=True, kw_only=True):
    """offer: its id, as GET card gives it."""

    offer: Annotated[str, Meta(min_length=1, max_length=40)]


class BookAppointment(Request, frozen=True, kw_only=True):
    """at: with its time zone, such as 2026-03-02T10:30:00+08:00. name: only for the masked form."""

    matter: Name
    at: Annotated[datetime, Meta(tz=True)]
    certificate_no: Annotated[str, Meta(min_length=1, max_length=40), PRIVATE]
    name: Annotated[str, Meta(max_length=50), PRIVATE] = ""

    def __repr__(self) -> str:
        return f"<BookAppointment for {self.matter}>"


class OfDay(Request, frozen=True, kw_only=True):
    """day: YYYY-MM-DD; the present service day where nobody says."""

    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


Purpose = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]


class OfPurpose(Request, frozen=True, kw_only=True):
    """purpose: what it was given for."""

    purpose: Purpose


class GiveContact(Request, frozen=True, kw_only=True):
    """What the citizen gives, and for what. The number of an identity card (type 111) is checked."""

    purpose: Purpose
    name: Annotated[str, Meta(min_length=1, max_length=100), PRIVATE]
    phone: Annotated[str, Meta(min_length=3, max_length=40), PRIVATE]
    certificate_type: Annotated[str, Meta(min_length=1, max_length=20)]
    certificate_no: Annotated[str, Meta(min_length=1, max_length=60), PRIVATE]

    def __repr__(self) -> str:
        return f"<GiveContact for {self.purpose}>"


class Requeue(Request, frozen=True, kw_only=True):
    """after: behind how many others it comes again; the hall's own rule where nobody says."""

    after: Annotated[int, Meta(ge=0, le=1000)] | None = None


class Rate(Request, frozen=True, kw_only=True):
    """5 very satisfied … 1 very dissatisfied. reasons: codes that go with the level."""

    level: Annotated[int, Meta(ge=1, le=5)]
    reasons: Annotated[tuple[str, ...], Meta(max_length=20)] = ()


class AttachAffair(Request, frozen=True, kw_only=True):
    """The matter system's case number of a visit (affairDealNo): letters, figures and . _ / -."""

    affair_no: Annotated[str, Meta(min_length=1, max_length=64)]


class Nothing(Request, frozen=True, kw_only=True):
    """A command that needs no more than its address."""


class CallNext(Request, frozen=True, kw_only=True):
    """finish_current: finish the ticket at the window first."""

    finish_current: bool = False


class CallTicket(Request, frozen=True, kw_only=True):
    """ticket: the id of the ticket to call."""

    ticket: Id
    finish_current: bool = False


class ResumeTicket(Request, frozen=True, kw_only=True):
    """ticket: the id of a held ticket; the one held last at this window where nobody says."""

    ticket: Id | None = None


class Transfer(Request, frozen=True, kw_only=True):
    """Where the ticket goes: to a line, or to a window. Exactly one of the two."""

    line: Name | None = None
    window: WindowNumber | None = None


class Pause(Request, frozen=True, kw_only=True):
    """reason: shown to the people who wait."""

    reason: Annotated[str, Meta(max_length=50)] = ""


class SignIn(Request, frozen=True, kw_only=True):
    """clerk: an id from the hall file; left out, whoever has signed in at the page."""

    clerk: Name | None = None


class TryDevice(Request, frozen=True, kw_only=True):
    """kind: only this one of the device's kinds, such as keypad; empty: all."""

    kind: Kind | None = None


class InviteRating(Request, frozen=True, kw_only=True):
    """finish_current: finish the ticket at the window first."""

    finish_current: bool = False
