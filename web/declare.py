"""A route of the JSON API is declared once: its method, path, scope, request and answer.

The decorated function's own annotations are the declaration: path parameters are `int` or `str` arguments,
`query` and `body` are structs, and the return annotation is the answer. Checking, decoding, encoding and the
OpenAPI document come of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

import msgspec
from flask import Flask, Response, request

from kioskd.reading import Mistake, read_as
from web.callers import Caller
from web.problems import LARGEST_BODY_BYTES, BadField, Problem, too_large
from web.rooms import Rooms, rooms

PREFIX = "/api/v1"
LARGEST_ID = 2**63 - 1
"""SQLite's largest integer: a path with a larger one names nothing."""

Handler = Callable[..., Any]


@dataclass
class Call:
    """One request at a route: who calls, the rooms, and headers to add to the answer."""

    rooms: Rooms
    caller: Caller
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One declared route. path has its parameters in braces, as OpenAPI writes them."""

    method: str
    path: str
    scope: str | None
    handler: Handler
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    answer: Any
    status: int
    content: str
    headers: dict[str, str]
    """Request headers the route reads, with what each is for."""
    paper: bool = False
    """Whether it may print: how often is limited."""
    audit: str = ""
    """What the audit trail calls it, where it is no event of the hall."""

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]

    @property
    def description(self) -> str:
        """The rest of the docstring."""
        lines = (self.handler.__doc__ or "").strip().splitlines()[1:]
        return "\n".join(line.strip() for line in lines).strip()

    @property
    def parameters(self) -> dict[str, type]:
        """The path's parameters and their types, int or str."""
        hints = get_type_hints(self.handler)
        return {name: hints[name] for name in re.findall(r"\{(\w+)\}", self.path)}

    @property
    def flask_rule(self) -> str:
        """The path as Flask writes it."""
        rule = self.path
        for name, type_ in self.parameters.items():
            converter = f"int(max={LARGEST_ID}):" if type_ is int else ""
            rule = rule.replace(f"{{{name}}}", f"<{converter}{name}>")
        return PREFIX + rule


class Declarations:
    """The routes of an API, in the order they were declared."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(
        self,
        method: str,
        path: str,
        *,
        scope: str | None,
        status: int = 200,
        content: str = "application/json",
        headers: dict[str, str] | None = None,
        answer: Any = None,
        paper: bool = False,
        audit: str = "",
    ) -> Callable[[Handler], Handler]:
        """Declare a route. scope: what the caller must be allowed, None for everybody.

        answer: the struct of what it returns encoded already, as `msgspec.Raw`.
        paper: it may print, so nobody may do it without end. audit: staff do it, and no event of the hall
        tells of it (an export, a test of a device): the audit trail does, under this name.
        """

        def declare(handler: Handler) -> Handler:
            hints = get_type_hints(handler)
            self.routes.append(
                Route(
                    method, path, scope, handler, hints.get("body"), hints.get("query"),
                    answer or hints["return"],
                    status, content, headers or {}, paper, audit,
                )
            )  # fmt: skip
            return handler

        return declare

    def include(self, others: Declarations) -> None:
        """Take another module's routes in."""
        self.routes.extend(others.routes)

    def bind(self, app: Flask) -> None:
        """Give every declared route to the app."""
        for route in self.routes:
            endpoint = f"api.{route.handler.__name__}"
            app.add_url_rule(route.flask_rule, endpoint, _view(route), methods=[route.method])


def _view(route: Route) -> Callable[..., Response]:
    def view(**arguments: Any) -> Response:
        house = rooms()
        call = Call(house, house.doors.admit(route.scope))
        if route.paper:
            house.doors.limits.paper(call.caller)
        if route.query:
            arguments["query"] = _read(_query_fields(route.query), route.query)
        if route.body:
            arguments["body"] = _read(_json_body(), route.body)
        answer = route.handler(call, **arguments)
        if route.audit:
            subject = " ".join(str(arguments[name]) for name in route.parameters)
            house.doors.staff.note(
                route.audit, by=call.caller.name, subject=subject, address=house.doors.address()
            )
        if isinstance(answer, Response):
            return answer
        body = msgspec.json.encode(answer)
        return Response(body, status=route.status, headers=call.headers, content_type=route.content)

    return view


def _query_fields(type_: type[msgspec.Struct]) -> dict[str, object]:
    """The query's fields: they are text, but where a number belongs its digits are read as one."""
    hints = get_type_hints(type_)
    found: dict[str, object] = {}
    for name, text in request.args.items():
        is_number = (
            hints.get(name) in (int, int | None) and text.isascii() and text.isdigit() and len(text) < 19
        )
        found[name] = int(text) if is_number else text
    return found


def _json_body() -> object:
    """The request's JSON, or an empty object when there is no body at all."""
    data = request.get_data()
    if request.content_length is None and len(data) >= LARGEST_BODY_BYTES:
        raise too_large()  # Werkzeug cuts a chunked body off at its limit
    if not data:
        return {}
    if not request.is_json:
        raise Problem(415, "not_json_type")
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise Problem(400, "not_json", why=str(error)) from error
    except RecursionError as error:
        raise Problem(400, "not_json", why="nested too deeply") from error


def _read(value: object, type_: type[msgspec.Struct]) -> msgspec.Struct:
    """The request's fields as a struct; all that is wrong with them in one go."""
    if not isinstance(value, dict):
        raise Problem(422, "wrong_fields", mistakes=(BadField("", "is not a JSON object"),))
    mistakes: list[Mistake] = []
    read = read_as(value, type_, file="", key="", mistakes=mistakes)
    if read is None:
        fields = tuple(BadField(one.key, one.problem, one.hint) for one in mistakes)
        raise Problem(422, "wrong_fields", mistakes=fields)
    return read
