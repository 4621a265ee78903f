"""The JSON API's routes for a supervisor: lines, windows and people today, and statistics."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from kioskd.hall.figures import Figures
from kioskd.hall.statistics import Row, Statistics
from web.declare import Call, Declarations
from web.problems import BadField, Problem
from web.shapes import Items, LineJson, Nothing, TurnJson, WindowJson
from web.shapes_desk import (
    BadRatingJson,
    DeskJson,
    FiguresJson,
    MoveTickets,
    OfDays,
    ServeLines,
    SpreadJson,
    StatisticsJson,
    StatisticsRowJson,
)
from web.telling import line_json, turn_json, window_json

desk = Declarations()

MOST_DAYS = 366


@desk.route("GET", "/desk", scope="desk")
def show_desk(call: Call) -> DeskJson:
    """Today's figures, and what waits for an answer: what the supervisor's page shows beside the queue."""
    hall = call.rooms.hall
    day = hall.queue().service_day
    found = hall.desk.statistics(day, day)
    return DeskJson(
        now=hall.clock.now(),
        service_day=day,
        wait_target_s=found.wait_target_s,
        today=figures_json(found.total),
        bad_ratings=tuple(
            BadRatingJson(
                case=one.case,
                number=one.number,
                matter_name=one.matter_name,
                window=one.window,
                level=one.level,
                service_day=one.service_day,
                rated_at=datetime.fromisoformat(one.rated_at),
            )
            for one in hall.desk.bad_ratings()
        ),
        overdue_cases=hall.desk.overdue_cases(),
    )


@desk.route("GET", "/statistics", scope="desk")
def show_statistics(call: Call, query: OfDays) -> StatisticsJson:
    """What the hall did, by day, hour, line, window, clerk, matter and class; docs/statistics.md."""
    try:
        days = (date.fromisoformat(query.last) - date.fromisoformat(query.first)).days
    except ValueError as error:
        raise Problem(422, "wrong_fields", mistakes=(BadField("first", f"no such day: {error}"),)) from error
    if not 0 <= days < MOST_DAYS:
        wrong = BadField("last", f"is not within {MOST_DAYS} days after first")
        raise Problem(422, "wrong_fields", mistakes=(wrong,))
    return statistics_json(call.rooms.hall.desk.statistics(query.first, query.last))


def statistics_json(found: Statistics) -> StatisticsJson:
    """Statistics with the shares that come of them."""
    return StatisticsJson(
        first=found.first,
        last=found.last,
        wait_target_s=found.wait_target_s,
        total=figures_json(found.total),
        days=_rows(found.days),
        hours=_rows(found.hours),
        lines=_rows(found.lines),
        windows=_rows(found.windows),
        clerks=_rows(found.clerks),
        matters=_rows(found.matters),
        priorities=_rows(found.priorities),
    )


def figures_json(figures: Figures) -> FiguresJson:
    """Figures with the shares that come of them."""
    fields = msgspec.structs.asdict(figures)
    fields["waits"] = SpreadJson(**msgspec.structs.asdict(figures.waits))
    fields["services"] = SpreadJson(**msgspec.structs.asdict(figures.services))
    return FiguresJson(
        **fields,
        in_target=figures.in_target,
        rated=figures.rated,
        coverage=figures.coverage,
        satisfaction=figures.satisfaction,
    )


def _rows(rows: tuple[Row, ...]) -> tuple[StatisticsRowJson, ...]:
    return tuple(
        StatisticsRowJson(key=row.key, name=row.name, name_en=row.name_en, figures=figures_json(row.figures))
        for row in rows
    )


def _line(call: Call, line: str) -> LineJson:
    return next(line_json(one) for one in call.rooms.hall.queue().lines if one.id == line)


@desk.route("POST", "/lines/{line}/stop", scope="desk")
def stop_line(call: Call, line: str, body: Nothing) -> LineJson:
    """Give no more tickets in this line today. Those who wait are served."""
    call.rooms.hall.desk.stop_line(line, by=call.caller.name)
    return _line(call, line)


@desk.route("POST", "/lines/{line}/reopen", scope="desk")
def reopen_line(call: Call, line: str, body: Nothing) -> LineJson:
    """Give tickets again."""
    call.rooms.hall.desk.reopen_line(line, by=call.caller.name)
    return _line(call, line)


@desk.route("POST", "/windows/{window}/lines", scope="desk")
def serve_lines(call: Call, window: int, body: ServeLines) -> WindowJson:
    """Let a window serve these lines today, in this order. The next day begins as the hall file says."""
    view = call.rooms.hall.desk.serve_lines(window, body.lines, by=call.caller.name)
    return window_json(view, call.rooms.hall.plan)


@desk.route("POST", "/tickets/move", scope="desk")
def move_tickets(call: Call, body: MoveTickets) -> Items[TurnJson]:
    """Let waiting people wait in another line, or for one window: all of them, or none. Numbers stay."""
    if (body.line is None) == (body.window is None):
        wrong = BadField("line", "give either a line or a window, and not both")
        raise Problem(422, "wrong_fields", mistakes=(wrong,))
    hall = call.rooms.hall
    moved = hall.desk.move(body.tickets, body.line, body.window, by=call.caller.name)
    return Items(items=tuple(turn_json(ticket, hall.plan) for ticket in moved))
