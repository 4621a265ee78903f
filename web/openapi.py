"""The OpenAPI document, made from the declared routes."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec

from web.declare import PREFIX, Declarations, Route
from web.problems import MEDIA_TYPE, ProblemDocument

REFERENCE = "#/components/schemas/{name}"
SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"page": []}]

# What each kind of route can answer instead; every one is a problem document.
PROBLEMS = {
    "400": "Not JSON, or a foreign Host.",
    "401": "No token, or a wrong one.",
    "403": "The token's scopes do not allow it.",
    "404": "There is no such ticket, window or device.",
    "409": "The present state does not allow it; nothing was changed.",
    "413": "The body is too large.",
    "415": "The body is not declared as JSON.",
    "422": "Fields are missing, wrong or unknown.",
    "429": "Too many in a row; `Retry-After` says how many seconds to wait.",
    "503": "Too many streams, or the device does not answer.",
}


def openapi_document(declarations: Declarations) -> dict[str, Any]:
    """OpenAPI 3.1 for these routes."""
    types = _types(declarations.routes)
    (_, *schemas), components = _schemas([ProblemDocument, *types])
    schema_of = dict(zip(map(str, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in declarations.routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kioskd",
            "version": version("kioskd"),
            "description": "A hall, from its matters to its devices. Times are RFC 3339 in UTC.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "page": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "kioskd-ROLE",
                    "description": "Set by our own pages on the kiosk computer; writing also needs X-Kioskd.",
                },
            },
        },
    }


def _types(routes: list[Route]) -> list[Any]:
    """Every struct a route takes or gives, once."""
    found: dict[str, Any] = {}
    for route in routes:
        for type_ in (route.body, route.answer):
            if type_ is not None and _is_json(type_):
                found[str(type_)] = type_
    return list(found.values())


def _is_json(type_: Any) -> bool:
    return hasattr(type_, "__struct_fields__") or hasattr(type_, "__origin__")


def _schemas(types: list[Any]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    return msgspec.json.schema_components(types, ref_template=REFERENCE)


def _operation(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    schema = schema_of.get(str(route.answer), {})
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "description": route.description,
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": {
            str(route.status): {"description": "Done.", "content": {route.content: {"schema": schema}}},
            **_problems(route),
        },
        "security": SECURITY if route.scope else [],
    }
    if route.scope:
        operation["x-scope"] = route.scope
    if route.body:
        content = {"application/json": {"schema": schema_of[str(route.body)]}}
        operation["requestBody"] = {"required": _has_required(route.body), "content": content}
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    number, word = {"type": "integer", "minimum": 0}, {"type": "string"}
    return [
        {"name": name, "in": "path", "required": True, "schema": number if type_ is int else word}
        for name, type_ in route.parameters.items()
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = msgspec.json.schema_components([route.query])[1][route.query.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": field}
        for name, field in schema["properties"].items()
    ]


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
        for name, text in route.headers.items()
    ]


def _problems(route: Route) -> dict[str, Any]:
    codes = ["400"]
    codes += ["401", "403"] if route.scope else []
    codes += ["404"] if route.parameters else []
    codes += ["409", "413", "415", "422"] if route.body else []
    codes += ["422"] if route.query else []
    codes += ["429"] if route.paper else []
    codes += ["503"] if route.content == "text/event-stream" or route.scope == "documents" else []
    reference = {"$ref": REFERENCE.format(name=ProblemDocument.__name__)}
    return {
        code: {"description": PROBLEMS[code], "content": {MEDIA_TYPE: {"schema": reference}}}
        for code in codes
    }


def _has_required(body: type[msgspec.Struct]) -> bool:
    return any(field.required for field in msgspec.structs.fields(body))
