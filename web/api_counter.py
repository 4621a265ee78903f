"""The JSON API's route for a clerk's page: one window with all that its clerk needs to see."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from kioskd.hall.catalogue import Catalogue
from kioskd.hall.counter import CounterView, Done, Next
from kioskd.hall.plan import Plan
from web.declare import Call, Declarations
from web.problems import Problem
from web.shapes_counter import CounterJson, DoneJson, FiguresJson, NextJson
from web.shapes_matters import MatterJson
from web.telling import matter_json, turn_json, window_json

counter = Declarations()


@counter.route("GET", "/windows/{window}/counter", scope="windows")
def show_counter(call: Call, window: int) -> CounterJson:
    """One window as its clerk sees it: who is next and why, what was done, the clerk's day."""
    hall = call.rooms.hall
    seen, plan = hall.counter(window), hall.plan
    return CounterJson(
        event_id=seen.event_id,
        at=seen.at.astimezone(UTC),
        window=window_json(seen.window, plan),
        next=seen.next and _next_json(seen.next, plan),
        waiting=tuple(turn_json(ticket, plan) for ticket in seen.waiting),
        held=tuple(turn_json(ticket, plan) for ticket in seen.held),
        no_shows=tuple(turn_json(ticket, plan) for ticket in seen.no_shows),
        figures=FiguresJson(**msgspec.structs.asdict(seen.figures)),
        matter_names_en=_names_en(seen, hall.catalogue),
        log=tuple(_done_json(done) for done in seen.log),
    )


@counter.route("GET", "/tickets/{ticket}/matter", scope="windows")
def show_matter_of_ticket(call: Call, ticket: int) -> MatterJson:
    """The ticket's matter as its citizen read it, even if it was changed since."""
    hall = call.rooms.hall
    matter = hall.matter_of(ticket)
    if matter is None:
        raise Problem(404, "not_found")
    accepting = any(line.id == matter.line and line.accepting for line in hall.queue().lines)
    return matter_json(matter, hall.plan, accepting=accepting)


def _names_en(seen: CounterView, catalogue: Catalogue) -> dict[str, str]:
    here = (seen.window.ticket, seen.window.last_finished)
    tickets = [*seen.waiting, *seen.held, *seen.no_shows, *(each for each in here if each)]
    found = ((code, catalogue.get(code)) for code in {ticket.matter for ticket in tickets})
    return {code: matter.name_en for code, matter in found if matter and matter.name_en}


def _next_json(next_: Next, plan: Plan) -> NextJson:
    return NextJson(
        ticket=turn_json(next_.ticket, plan),
        why=str(next_.why),
        appointment_at=_utc(next_.appointment_at),
        passed_over_s=next_.passed_over_s,
        in_a_row=next_.in_a_row,
    )


def _done_json(done: Done) -> DoneJson:
    return DoneJson(**{**msgspec.structs.asdict(done), "at": _utc(done.at)})


def _utc(time: datetime | None) -> datetime | None:
    return time and time.astimezone(UTC)
