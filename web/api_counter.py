"""The JSON API's route for a clerk's page: one window with all that its clerk needs to see."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from kioskd.hall.counter import Done, Next
from kioskd.hall.plan import Plan
from web.declare import Call, Declarations
from web.shapes_counter import CounterJson, DoneJson, FiguresJson, NextJson
from web.telling import turn_json, window_json

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
        log=tuple(_done_json(done) for done in seen.log),
    )


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
