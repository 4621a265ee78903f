"""The plan's lines, windows and clerks, kept in the store as rows a person can read, and its matters."""

from __future__ import annotations

import json
from typing import Any

from kioskd.hall import matters
from kioskd.hall.command import Command
from kioskd.hall.plan import Plan

Rows = dict[str, list[dict[str, Any]]]


def adopt(command: Command) -> None:
    """Make the store's rows those of the plan, if they are not. What the plan dropped is kept and marked."""
    wanted = _rows(command.plan)
    if wanted != _rows_in_use(command, wanted):
        _change_plan(command, wanted)
    _adopt_matters(command)


def _adopt_matters(command: Command) -> None:
    """Where the hall file names a file of matters, that is what they are from today on."""
    plan, tx = command.plan, command.tx
    if plan.matters is not None:
        matters.change(
            tx,
            plan.matters,
            at=command.now,
            service_day=command.day,
            replace=True,
            by=command.by or "hall file",
        )
    named = "" if plan.matters is None else plan.matters_file
    if tx.value("SELECT value FROM meta WHERE key = ?", matters.MATTERS_FILE) != named:
        tx.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", matters.MATTERS_FILE, named)


def _change_plan(command: Command, wanted: Rows) -> None:
    numbers = {window.number for window in command.plan.windows}
    for row in command.tx.all("SELECT id, window FROM tickets WHERE state IN ('called', 'serving')"):
        if row["window"] not in numbers:
            command.tell("ticket_held", ticket=row["id"], window=row["window"])
    command.tell("plan_changed", ticket=None, window=None, **wanted)


def _rows(plan: Plan) -> Rows:
    return {
        "lines": [
            {
                "id": line.id,
                "title": line.title,
                "title_en": line.title_en,
                "letter": line.letter,
                "width": line.width,
                "first": line.first,
                "daily_limit": line.daily_limit,
            }
            for line in plan.lines
        ],
        "clerks": [{"id": clerk.id, "name": clerk.name, "position": clerk.position} for clerk in plan.clerks],
        "windows": [
            {
                "number": window.number,
                "title": window.title,
                "title_en": window.title_en,
                "lines": _json(window.lines),
                "line_order": window.order,
            }
            for window in plan.windows
        ],
    }


def _rows_in_use(command: Command, like: Rows) -> Rows:
    """The store's rows in the same columns and, where it has them, the same order."""
    keys = {"lines": "id", "clerks": "id", "windows": "number"}
    found: Rows = {}
    for table, key in keys.items():
        order = {row[key]: place for place, row in enumerate(like[table])}
        rows = command.tx.all(f"SELECT * FROM {table} WHERE in_use")  # noqa: S608 - names from above
        columns = list(like[table][0]) if like[table] else [key]
        kept = [{column: row[column] for column in columns} for row in rows]
        found[table] = sorted(kept, key=lambda row: order.get(row[key], len(order)))
    return found


def _json(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)
