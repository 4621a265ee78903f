"""Events: what happened, told and applied in one transaction, and read again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kioskd.hall.apply import apply
from kioskd.hall.model import Event
from kioskd.hall.store import Store, Transaction
from kioskd.hall.times import from_text, to_text

_REPLAY_AT_A_TIME = 1000
_SECRET_FACTS = frozenset({"token", "key_sha256", "case_number"})
_BULKY_FACTS = frozenset({"versions", "order"})  # of matters_changed: whoever wants them reads the matters


def tell(
    tx: Transaction,
    type_: str,
    *,
    at: datetime,
    service_day: str,
    ticket: int | None = None,
    window: int | None = None,
    by: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Record that something happened, and change the state tables to what it leads to."""
    event = Event(
        id=tx.value("SELECT coalesce(max(id), 0) + 1 FROM events"),
        at=at,
        service_day=service_day,
        type=type_,
        ticket=ticket,
        window=window,
        by=by,
        data=data or {},
    )
    _insert(tx, event)
    apply(tx, event)
    return event


def read_events(tx: Transaction, after: int, limit: int) -> list[Event]:
    """Events newer than `after`, oldest first, with every fact they carry."""
    rows = tx.all("SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?", after, limit)
    return [_event(row) for row in rows]


def without_secrets(event: Event) -> Event:
    """The event as others may see it: without what opens a citizen's own page, or is large."""
    facts = {name: fact for name, fact in event.data.items() if name not in _SECRET_FACTS | _BULKY_FACTS}
    return Event(
        id=event.id,
        at=event.at,
        service_day=event.service_day,
        type=event.type,
        ticket=event.ticket,
        window=event.window,
        by=event.by,
        data=facts,
    )


def replay(source: Store, target: Store) -> None:
    """Apply every event of one store to another, empty one. Their state tables are then the same."""
    after = 0
    while events := _page(source, after):
        _apply_all(target, events)
        after = events[-1].id


def _page(source: Store, after: int) -> list[Event]:
    with source.read() as snapshot:
        return read_events(snapshot, after, _REPLAY_AT_A_TIME)


def _apply_all(target: Store, events: Iterable[Event]) -> None:
    with target.transaction() as tx:
        for event in events:
            _insert(tx, event)
            apply(tx, event)


def _insert(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        event.id,
        to_text(event.at),
        event.service_day,
        event.type,
        event.ticket,
        event.window,
        event.by,
        json.dumps(event.data, ensure_ascii=False),
    )


def _event(row: sqlite3.Row) -> Event:
    return Event(
        id=row["id"],
        at=from_text(row["at"]),
        service_day=row["service_day"],
        type=row["type"],
        ticket=row["ticket"],
        window=row["window"],
        by=row["done_by"],
        data=json.loads(row["data"]),
    )
