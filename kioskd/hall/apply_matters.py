"""What the events about matters do to the state tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kioskd.hall.model import Event
from kioskd.hall.store import Transaction
from kioskd.hall.times import to_text


def _matters_changed(tx: Transaction, event: Event) -> None:
    for one in event.data["versions"]:
        tx.execute(
            "INSERT INTO matter_versions (code, version, effective_from, content, changed_at, changed_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            one["code"],
            one["version"],
            one["effective_from"],
            None if one["content"] is None else json.dumps(one["content"], ensure_ascii=False),
            to_text(event.at),
            event.by,
        )
    for code, version in event.data["begins"]:
        _begin(tx, code, version)
    for place, code in enumerate(event.data.get("order", ())):
        tx.execute("UPDATE matters SET place = ? WHERE code = ?", place, code)


def _begin(tx: Transaction, code: str, version: int) -> None:
    text = tx.value("SELECT content FROM matter_versions WHERE code = ? AND version = ?", code, version)
    if text is None:
        tx.execute("UPDATE matters SET in_use = 0, version = ? WHERE code = ?", version, code)
        return
    row = _row(json.loads(text), version)
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    changes = ", ".join(f"{column} = excluded.{column}" for column in row)
    tx.execute(
        f"INSERT INTO matters ({columns}) VALUES ({marks}) ON CONFLICT (code) DO UPDATE SET {changes}",  # noqa: S608
        *row.values(),
    )


def _row(content: dict[str, Any], version: int) -> dict[str, Any]:
    """The columns that a person looks for first; all the rest stands in the version's content."""
    names = (
        "code",
        "name",
        "line",
        "area",
        "department",
        "by_law",
        "accept_condition",
        "handle_flow",
        "promise",
    )
    materials = [row["name"] for row in content["materials"]]
    return {
        **{name: content[name] for name in names},
        "name_en": content.get("name_en", ""),
        "materials": json.dumps(materials, ensure_ascii=False),
        "version": version,
        "in_use": 1,
    }


MATTER_APPLIERS: dict[str, Callable[[Transaction, Event], None]] = {"matters_changed": _matters_changed}
