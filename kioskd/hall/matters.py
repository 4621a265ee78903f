"""The hall's matters: what is in force now, what begins on a later day, and changing them.

The store is the truth. Every change of a matter is a version with the service day on which it begins, so
that a ticket keeps the guide that its citizen read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from kioskd.hall import events
from kioskd.hall.matter import Matter
from kioskd.hall.matter_checks import harmless
from kioskd.hall.store import Transaction

MATTERS_FILE = "matters_file"
"""In `meta`: the file that gives this hall's matters at every start; empty where the store alone has them."""

_SUSPECT = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff]|\\\\u00")
"""In the JSON of a matter: something that must not be shown as it is. Files are refused with it, but a store
may have been written otherwise."""
_IN_FORCE = (
    "SELECT matters.code, matters.version, content FROM matters"
    " JOIN matter_versions USING (code, version) WHERE in_use"
)
_ON_A_DAY = (
    "SELECT code, version, content FROM (SELECT *, row_number() OVER"
    " (PARTITION BY code ORDER BY effective_from DESC, version DESC) AS nth"
    " FROM matter_versions WHERE effective_from <= ?) WHERE nth = 1"
)


def in_force(tx: Transaction) -> tuple[Matter, ...]:
    """The matters that this hall offers now, in their order."""
    return tuple(_matter(row) for row in tx.all(f"{_IN_FORCE} ORDER BY place, matters.rowid"))


def current(tx: Transaction, code: str) -> tuple[Matter, int] | None:
    """A matter as it is in force, and the number of its version; None where the hall does not offer it."""
    row = tx.one(f"{_IN_FORCE} AND matters.code = ?", code)
    return None if row is None else (_matter(row), int(row["version"]))


def on_day(tx: Transaction, day: str) -> dict[str, Matter]:
    """The matters as they will be, or were, on a service day, by code."""
    rows = tx.all(f"{_ON_A_DAY} AND content IS NOT NULL", day)
    return {row["code"]: _matter(row) for row in rows}


def of_ticket(tx: Transaction, ticket_id: int) -> Matter | None:
    """The matter as it was when the ticket was taken; None where the store has not kept it."""
    row = tx.one(
        "SELECT content FROM tickets JOIN matter_versions"
        " ON code = matter AND version = coalesce(matter_version, -1)"
        " WHERE tickets.id = ? AND content IS NOT NULL",
        ticket_id,
    )
    return None if row is None else _matter(row)


def as_read(tx: Transaction, ticket_id: int) -> Matter | None:
    """A ticket's matter as its citizen read it, else as it is now; None where it is not known any more."""
    then = of_ticket(tx, ticket_id)
    if then is not None:
        return then
    code = tx.value("SELECT matter FROM tickets WHERE id = ?", ticket_id)
    found = current(tx, code)
    return None if found is None else found[0]


def last_change(tx: Transaction) -> int:
    """The event that changed what is in force last; 0 where none has."""
    return int(tx.value("SELECT coalesce(max(id), 0) FROM events WHERE type = 'matters_changed'"))


class Changes(msgspec.Struct, frozen=True):
    """What changing to other matters means: codes; for a changed one its fields, old and new."""

    added: tuple[str, ...]
    changed: dict[str, dict[str, tuple[Any, Any]]]
    withdrawn: tuple[str, ...]
    kept: tuple[str, ...]
    """Not among the new ones and not withdrawn either."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn)


def compare(old: Mapping[str, Matter], new: Iterable[Matter], *, replace: bool) -> Changes:
    """How the new matters differ from the old. replace: those that are missing are withdrawn, else kept."""
    wanted = {matter.code: matter for matter in new}
    missing = tuple(code for code in old if code not in wanted)
    return Changes(
        added=tuple(code for code in wanted if code not in old),
        changed={
            code: _fields_changed(old[code], matter)
            for code, matter in wanted.items()
            if code in old and old[code] != matter
        },
        withdrawn=missing if replace else (),
        kept=() if replace else missing,
    )


def _fields_changed(old: Matter, new: Matter) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in Matter.__struct_fields__}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def change(
    tx: Transaction,
    new: Sequence[Matter],
    *,
    at: datetime,
    service_day: str,
    effective_from: str | None = None,
    replace: bool = False,
    by: str = "",
) -> Changes:
    """Make these the hall's matters from a service day on; from the present one if none is given.

    Every matter that differs gets a version; the rest is left alone. One event tells of all of it. The lines
    of the matters must be there. Returns what changed.
    """
    begins_on = effective_from or service_day
    changes = compare(on_day(tx, begins_on), new, replace=replace)
    differing = [matter for matter in new if matter.code in {*changes.added, *changes.changed}]
    contents: list[tuple[str, Matter | None]] = [
        *((matter.code, matter) for matter in differing),
        *((code, None) for code in changes.withdrawn),
    ]
    versions = [
        {
            "code": code,
            "version": _next_version(tx, code),
            "effective_from": begins_on,
            "content": None if matter is None else msgspec.to_builtins(matter),
        }
        for code, matter in contents
    ]
    at_once = begins_on <= service_day
    begins = [[one["code"], one["version"]] for one in versions] if at_once else []
    order = _order(tx, new) if at_once else None
    if versions or order is not None:
        facts = {"versions": versions, "begins": begins, **({} if order is None else {"order": order})}
        events.tell(tx, "matters_changed", at=at, service_day=service_day, by=by, data=facts)
    return changes


def begin_due(tx: Transaction, *, at: datetime, service_day: str, by: str = "clock") -> None:
    """Put in force what begins on this service day, or was in force on it after a wrong one was withdrawn."""
    there = {row["code"]: row["version"] for row in tx.all("SELECT code, version FROM matters")}
    begins = [
        [row["code"], row["version"]]
        for row in tx.all(_ON_A_DAY, service_day)
        if there.get(row["code"]) != row["version"] and (row["content"] is not None or row["code"] in there)
    ]
    if begins:
        facts = {"versions": [], "begins": begins}
        events.tell(tx, "matters_changed", at=at, service_day=service_day, by=by, data=facts)


def to_begin(tx: Transaction, after: str) -> list[tuple[str, int]]:
    """The days after this one on which versions begin, with how many."""
    rows = tx.all(
        "SELECT effective_from, count(*) AS many FROM matter_versions WHERE effective_from > ?"
        " GROUP BY effective_from ORDER BY effective_from",
        after,
    )
    return [(row["effective_from"], row["many"]) for row in rows]


def _order(tx: Transaction, new: Sequence[Matter]) -> list[str] | None:
    """The codes in their new order, those that are not among the new behind; None where it stays as it is."""
    present = [row["code"] for row in tx.all("SELECT code FROM matters WHERE in_use ORDER BY place, rowid")]
    wanted = [matter.code for matter in new]
    listed = set(wanted)
    whole = [*wanted, *(code for code in present if code not in listed)]
    return None if whole == present else whole


def _next_version(tx: Transaction, code: str) -> int:
    return int(tx.value("SELECT coalesce(max(version), 0) + 1 FROM matter_versions WHERE code = ?", code))


def _matter(row: sqlite3.Row) -> Matter:
    found = msgspec.json.decode(row["content"], type=Matter)
    return harmless(found) if _SUSPECT.search(row["content"]) else found
