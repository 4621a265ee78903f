"""What the events of documents do to their tables: a part of `apply`."""

from __future__ import annotations

from kioskd.hall.model import Event
from kioskd.hall.store import Transaction
from kioskd.hall.times import to_text


def _taken(tx: Transaction, event: Event) -> None:
    facts = event.data
    tx.execute(
        "INSERT INTO documents (id, ticket, matter, material, material_name, file, media_type, pages, bytes,"
        " camera, window, taken_by, taken_at, delete_after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        facts["document"],
        event.ticket,
        facts["matter"],
        facts["material"],
        facts["material_name"],
        facts["file"],
        facts["media_type"],
        facts["pages"],
        facts["bytes"],
        facts["camera"],
        event.window,
        facts["clerk"],
        to_text(event.at),
        facts["delete_after"],
    )


def _viewed(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO document_views (id, document, window, viewed_by, viewed_at) VALUES (?, ?, ?, ?, ?)",
        event.data["view"],
        event.data["document"],
        event.window,
        event.data["viewer"],
        to_text(event.at),
    )


def _deleted(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE documents SET deleted_at = ?, deleted_because = ? WHERE id = ?",
        to_text(event.at),
        event.data["because"],
        event.data["document"],
    )


DOCUMENT_APPLIERS = {
    "document_taken": _taken,
    "document_viewed": _viewed,
    "document_deleted": _deleted,
}
