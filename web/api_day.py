"""The JSON API's routes about the service day: what staff do when the computer's clock jumped."""

from __future__ import annotations

from web.declare import Call, Declarations
from web.shapes import DayJson, Nothing

day = Declarations()


@day.route("GET", "/day", scope="read")
def show_day(call: Call) -> DayJson:
    """The service day the hall is in, and the one that staff must confirm first, if any."""
    hall = call.rooms.hall
    return DayJson(service_day=hall.queue().service_day, to_confirm=hall.day_to_confirm())


@day.route("POST", "/day/confirm", scope="windows")
def confirm_day(call: Call, body: Nothing) -> DayJson:
    """The date is right: open the day that the clock jumped to."""
    call.rooms.hall.confirm_day(by=call.caller.name)
    return show_day(call)


@day.route("POST", "/day/withdraw", scope="windows")
def withdraw_day(call: Call, body: Nothing) -> DayJson:
    """The date was wrong: take the day back that it opened. Its unfinished tickets are cancelled."""
    call.rooms.hall.withdraw_day(by=call.caller.name)
    return show_day(call)
