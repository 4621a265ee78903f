"""What a hall is set up to be: lines, windows, matters, clerks and rules. Read once, from the hall file."""

from __future__ import annotations

import enum
from datetime import time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kioskd.hall.calendar import Calendar
from kioskd.hall.matter import Material, Matter

__all__ = [
    "Calendar", "Clerk", "DayRules", "Hours", "Line", "Material", "Matter", "Plan", "Priority",
    "PrivacyRules", "Rules", "Window",
]  # fmt: skip


class Priority(enum.StrEnum):
    """A ticket's class. Priority and appointment tickets go before ordinary ones, within limits."""

    ORDINARY = "ordinary"
    PRIORITY = "priority"
    APPOINTMENT = "appointment"


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stretch of opening time, in the hall's own time zone. closes = 00:00 means the end of the day."""

    opens: time
    closes: time
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"], ...] = (
        "mon", "tue", "wed", "thu", "fri",
    )  # fmt: skip
    """A date of the calendar's holidays is no weekday, only `holiday`; a worked weekend day is a Monday."""


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tickets waiting under one letter: A001, A002 and so on."""

    id: str
    title: str
    title_en: str = ""
    letter: Annotated[str, Meta(pattern="^[A-Z]{0,2}$")]
    width: Annotated[int, Meta(ge=1, le=6)] = 3
    first: Annotated[int, Meta(ge=0)] = 1
    daily_limit: Annotated[int, Meta(ge=1)] = 500
    hours: tuple[Hours, ...] = ()
    """When tickets can be taken; the hall's hours where none are given."""


class Clerk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who works at a window."""

    id: str
    name: str
    position: str


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A counter and the lines it serves."""

    number: Annotated[int, Meta(ge=1, le=255)]
    title: str
    """Its function, as its sign says."""
    title_en: str = ""
    lines: tuple[str, ...]
    order: Literal["strict", "longest-waiting"] = "strict"


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hall's published rules. docs/queue-rules.md tells each in words."""

    priority_in_a_row: Annotated[int, Meta(ge=1)] = 2
    """At most so many priority or appointment tickets in a row at a window that ordinary ones wait for."""
    passed_over_limit_min: Annotated[float, Meta(ge=0)] = 30.0
    """A ticket passed over for longer than so many minutes goes first."""
    recall_limit: Annotated[int, Meta(ge=0)] = 3
    recall_spacing_s: Annotated[float, Meta(ge=0)] = 5.0
    rating_within_min: Annotated[float, Meta(ge=0)] = 30.0
    """How long after a service its rating still counts."""
    answer_within_working_days: Annotated[int, Meta(ge=1, le=250)] = 15
    """A bad rating, a complaint or a suggestion is answered within so many working days."""
    requeue_after: Annotated[int, Meta(ge=0)] = 3
    """After how many others a requeued ticket comes again, when nobody says."""
    wait_target_min: Annotated[float, Meta(gt=0)] = 20.0
    """How long nobody should wait; statistics and the supervisor's desk measure by it."""
    priority_age: Annotated[int, Meta(ge=0, le=150)] = 70
    """From this age on, whoever lays an identity card on the reader has priority; 0: nobody has by age."""
    self_declared_priority: bool = True
    """Whether the kiosk has a button for a priority ticket that asks for no card."""
    check_in_early_min: Annotated[float, Meta(ge=0)] = 60.0
    """How long before the time agreed a check-in for an appointment counts."""
    check_in_late_min: Annotated[float, Meta(ge=0)] = 30.0
    """How long after it."""


class DayRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service day."""

    starts: time = time(4, 0)
    """When the day begins and the numbers start again."""
    closes: time = time(17, 30)
    """When the hall closes. Tickets stop with their line's hours; those who hold one are still served until
    wind_up_after_min; then waiting and held tickets are cancelled, called ones no-shows, served ones done."""
    wind_up_after_min: Annotated[float, Meta(ge=0)] = 120.0


class PrivacyRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what belongs to a person is kept."""

    contact_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    """After so many days the contact details given for an export are deleted."""
    case_days: Annotated[int, Meta(ge=30, le=3650)] = 730
    """After so many days the words of complaints and of their answers are deleted; the dates stay."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All of it: a hall that has been checked and makes sense."""

    name: str
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    public_url: str = ""
    """The address a citizen's phone can reach; QR codes appear only where it is given."""
    mark: str = ""
    """The file of the official mark, for the heads of kiosk and board; empty: the hall shows none."""
    hours: tuple[Hours, ...] = ()
    """When tickets can be taken, for lines without hours of their own. None at all: always."""
    calendar: Calendar = Calendar()
    day: DayRules = DayRules()
    rules: Rules = Rules()
    privacy: PrivacyRules = PrivacyRules()
    lines: tuple[Line, ...]
    windows: tuple[Window, ...]
    matters: tuple[Matter, ...] | None = None
    """What the file that the hall file names says; None where the store alone has them. `Hall.catalogue` is
    what is in force."""
    matters_file: str = ""
    """The path of that file."""
    clerks: tuple[Clerk, ...] = ()
