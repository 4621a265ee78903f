"""What the events about cases do to the state tables."""

from __future__ import annotations

from kioskd.hall.model import Event
from kioskd.hall.store import Transaction
from kioskd.hall.times import to_text


def _opened(tx: Transaction, event: Event) -> None:
    data = event.data
    tx.execute(
        "INSERT INTO cases (id, number, kind, state, ticket, window, clerk, level, opened_at, due_on)"
        " VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?)",
        data["case"],
        data["case_number"],
        data["kind"],
        event.ticket,
        event.window,
        data["clerk"],
        data["level"],
        to_text(event.at),
        data["due_on"],
    )
    _step(tx, event, "opened", data["due_on"])


def _assigned(tx: Transaction, event: Event) -> None:
    handler = event.data["handler"]
    tx.execute("UPDATE cases SET state = 'handling', handler = ? WHERE id = ?", handler, event.data["case"])
    _step(tx, event, "assigned", handler)


def _called_back(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE cases SET called_back_at = ? WHERE id = ?", to_text(event.at), event.data["case"])
    _step(tx, event, "called_back", "reached" if event.data["reached"] else "not_reached")


def _extended(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE cases SET due_on = ? WHERE id = ?", event.data["due_on"], event.data["case"])
    _step(tx, event, "extended", event.data["due_on"])


def _noted(tx: Transaction, event: Event) -> None:
    _step(tx, event, "noted", "")


def _resolved(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE cases SET state = 'resolved', outcome = ?, resolved_at = ? WHERE id = ?",
        event.data["outcome"],
        to_text(event.at),
        event.data["case"],
    )
    _step(tx, event, "resolved", event.data["outcome"])


def _appealed(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE cases SET state = 'appealed', appealed_at = ? WHERE id = ?",
        to_text(event.at),
        event.data["case"],
    )
    _step(tx, event, "appealed", "")


def _appeal_decided(tx: Transaction, event: Event) -> None:
    upheld = int(event.data["upheld"])
    tx.execute("UPDATE cases SET state = 'resolved', set_aside = ? WHERE id = ?", upheld, event.data["case"])
    tx.execute("UPDATE ratings SET set_aside = ? WHERE ticket = ?", upheld, event.ticket)
    _step(tx, event, "appeal_decided", "upheld" if upheld else "rejected")


def _step(tx: Transaction, event: Event, step: str, fact: str) -> None:
    tx.execute(
        "INSERT INTO case_steps VALUES (?, ?, ?, ?, ?, ?)",
        event.id,
        event.data["case"],
        step,
        to_text(event.at),
        event.by,
        fact,
    )


def _affair_attached(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE tickets SET affair_no = ? WHERE id = ?", event.data["affair_no"], event.ticket)


CASE_APPLIERS = {
    "affair_attached": _affair_attached,
    "case_opened": _opened,
    "case_assigned": _assigned,
    "case_called_back": _called_back,
    "case_extended": _extended,
    "case_noted": _noted,
    "case_resolved": _resolved,
    "case_appealed": _appealed,
    "case_appeal_decided": _appeal_decided,
}
