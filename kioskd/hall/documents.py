"""What clerks photograph for a ticket: who may, when, for which material, how long it is kept, who saw it.

The hall knows a document as a row with the hash of its content; the content is kept by `kioskd.documents`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import msgspec

from kioskd.hall import matters
from kioskd.hall.command import Command
from kioskd.hall.model import Document, DocumentView, NotFound, Refused
from kioskd.hall.store import Transaction
from kioskd.hall.tickets import require_state, require_today
from kioskd.hall.times import from_text, moment, to_text

OTHER = "其他材料"
"""The name of material 0: a paper that is in no row of the matter."""
_STATES = ("called", "serving", "held", "done")

_DOCUMENTS = (
    "SELECT documents.*, (SELECT count(*) FROM document_views WHERE document = documents.id) AS views"
    " FROM documents"
)


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """A finished file. sha256: of its content, hex; camera: the device that took its pages."""

    sha256: str
    media_type: str
    pages: int
    bytes: int
    camera: str


def material_name(command: Command, ticket_id: int, material: int) -> str:
    """What the material of this ticket's matter is called, where a document may be taken for it now.

    Raises NotFound for a ticket or a row that is not there, Refused for a ticket nobody has called yet, was
    cancelled, or is of another day.
    """
    row = command.ticket_row(ticket_id)
    require_state(row, *_STATES)
    require_today(command, row)
    if material == 0:
        return OTHER
    matter = matters.of_ticket(command.tx, ticket_id) or command.matter(row["matter"])
    materials = matter.materials
    if not 0 < material <= len(materials):
        raise NotFound("unknown_material", material=material, matter=row["matter"], count=len(materials))
    return str(materials[material - 1])


def keep(command: Command, ticket_id: int, material: int, scan: Scan, *, keep_days: float) -> Document:
    """List a document whose file is written."""
    name = material_name(command, ticket_id, material)
    ticket = command.ticket_row(ticket_id)
    document = int(command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM documents"))
    command.tell(
        "document_taken",
        ticket=ticket_id,
        window=ticket["window"],
        document=document,
        matter=ticket["matter"],
        material=material,
        material_name=name,
        file=scan.sha256,
        media_type=scan.media_type,
        pages=scan.pages,
        bytes=scan.bytes,
        camera=scan.camera,
        clerk=_clerk_at(command, ticket["window"]),
        delete_after=to_text(command.now + timedelta(days=keep_days)),
    )
    return get(command.tx, document)


def view(command: Command, document_id: int, window: int | None) -> Document:
    """Note that somebody looks at it, before it is shown. window: where; its clerk is who looks."""
    document = _require(command.tx, document_id)
    if window is not None:
        command.window(window)
    viewer = _clerk_at(command, window) or command.by
    number = int(command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM document_views"))
    command.tell(
        "document_viewed",
        ticket=document.ticket,
        window=window,
        document=document_id,
        view=number,
        viewer=viewer,
    )
    return document


def delete(command: Command, document_id: int, because: str) -> Document:
    """It is gone for everybody from now on. because: clerk or retention."""
    document = _require(command.tx, document_id)
    command.tell("document_deleted", ticket=document.ticket, document=document_id, because=because)
    return get(command.tx, document_id)


# --- questions ---


def get(tx: Transaction, document_id: int) -> Document:
    """The document, also when it was deleted. Raises NotFound."""
    row = tx.one(f"{_DOCUMENTS} WHERE documents.id = ?", document_id)
    if row is None:
        raise NotFound("unknown_document", document=document_id)
    return _document(row)


def of_ticket(tx: Transaction, ticket_id: int) -> list[Document]:
    """What is kept for a ticket, by material, the oldest first."""
    rows = tx.all(
        f"{_DOCUMENTS} WHERE ticket = ? AND deleted_at IS NULL ORDER BY material = 0, material, documents.id",
        ticket_id,
    )
    return [_document(row) for row in rows]


def views(tx: Transaction, document_id: int) -> list[DocumentView]:
    """Who looked at it, the latest first. Raises NotFound."""
    get(tx, document_id)
    rows = tx.all("SELECT * FROM document_views WHERE document = ? ORDER BY id DESC", document_id)
    return [
        DocumentView(window=row["window"], viewed_by=row["viewed_by"], viewed_at=from_text(row["viewed_at"]))
        for row in rows
    ]


def due(tx: Transaction, now: datetime) -> list[int]:
    """The documents whose time is over."""
    rows = tx.all(
        "SELECT id FROM documents WHERE deleted_at IS NULL AND delete_after <= ? ORDER BY id", to_text(now)
    )
    return [row["id"] for row in rows]


def files_kept(tx: Transaction) -> set[str]:
    """The names of all files that some document still has."""
    return {row["file"] for row in tx.all("SELECT DISTINCT file FROM documents WHERE deleted_at IS NULL")}


def _require(tx: Transaction, document_id: int) -> Document:
    document = get(tx, document_id)
    if document.deleted_at is not None:
        raise Refused("document_deleted", document=document_id)
    return document


def _clerk_at(command: Command, window: int | None) -> str:
    if window is None:
        return ""
    return str(command.tx.value("SELECT clerk FROM windows WHERE number = ?", window) or "")


def _document(row: sqlite3.Row) -> Document:
    fields = {name: row[name] for name in Document.__struct_fields__ if not name.endswith(("_at", "_after"))}
    return Document(
        **fields,
        taken_at=from_text(row["taken_at"]),
        delete_after=from_text(row["delete_after"]),
        deleted_at=moment(row["deleted_at"]),
    )
