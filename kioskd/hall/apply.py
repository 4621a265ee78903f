"""What each event does to the state tables. Nothing else writes them.

An applier takes all it needs from the event, never from the plan, the clock or chance, so that replaying the
events gives the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from kioskd.hall.apply_appointments import APPOINTMENT_APPLIERS, day_begins, day_ends, day_was_wrong
from kioskd.hall.apply_cases import CASE_APPLIERS
from kioskd.hall.apply_documents import DOCUMENT_APPLIERS
from kioskd.hall.apply_matters import MATTER_APPLIERS
from kioskd.hall.model import Event
from kioskd.hall.store import Transaction
from kioskd.hall.times import to_text

Applier = Callable[[Transaction, Event], None]

_APPLIERS: dict[str, Applier] = {
    **DOCUMENT_APPLIERS,
    **MATTER_APPLIERS,
    **APPOINTMENT_APPLIERS,
    **CASE_APPLIERS,
}


def apply(tx: Transaction, event: Event) -> None:
    """Change the state tables to what the event leads to."""
    _APPLIERS[event.type](tx, event)


def event_types() -> frozenset[str]:
    """Every type of event there is."""
    return frozenset(_APPLIERS)


def _applies(type_: str) -> Callable[[Applier], Applier]:
    def register(applier: Applier) -> Applier:
        _APPLIERS[type_] = applier
        return applier

    return register


# --- the plan and the day -----------------------------------------------------------------------------------


@_applies("plan_changed")
def _plan_changed(tx: Transaction, event: Event) -> None:
    for table, key in (("lines", "id"), ("clerks", "id"), ("windows", "number")):
        tx.execute(f"UPDATE {table} SET in_use = 0")  # noqa: S608 - names from the line above
        for row in event.data[table]:
            _put(tx, table, key, {**row, "in_use": 1})
    if "matters" in event.data:  # the first version's; later ones have events of their own
        tx.execute("UPDATE matters SET in_use = 0")
        for row in event.data["matters"]:
            _put(tx, "matters", "code", {**row, "in_use": 1})
    # Nobody sits at, or is sent to, a window that is gone.
    tx.execute("UPDATE windows SET state = 'closed', pause_reason = '', clerk = NULL WHERE NOT in_use")
    tx.execute("UPDATE windows SET clerk = NULL WHERE clerk IN (SELECT id FROM clerks WHERE NOT in_use)")
    tx.execute(
        "UPDATE tickets SET for_window = NULL"
        " WHERE for_window IN (SELECT number FROM windows WHERE NOT in_use)"
    )


def _put(tx: Transaction, table: str, key: str, row: dict[str, object]) -> None:
    columns = ", ".join(row)
    marks = ", ".join("?" * len(row))
    changes = ", ".join(f"{column} = excluded.{column}" for column in row)
    tx.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {changes}",  # noqa: S608
        *row.values(),
    )


@_applies("day_opened")
def _day_opened(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO service_days (day, opened_at) VALUES (?, ?)"
        " ON CONFLICT (day) DO UPDATE SET withdrawn_at = NULL, wound_up_at = NULL",
        event.service_day,
        to_text(event.at),
    )
    tx.execute("UPDATE windows SET priority_run = 0, lines_today = NULL")
    tx.execute("UPDATE lines SET stopped = 0")
    tx.execute("DELETE FROM idempotency_keys WHERE service_day <> ?", event.service_day)
    day_begins(tx, event.service_day)


@_applies("day_withdrawn")
def _day_withdrawn(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE service_days SET withdrawn_at = ? WHERE day = ?", to_text(event.at), event.service_day)
    tx.execute("UPDATE service_days SET wound_up_at = NULL WHERE day = ?", event.data["back_to"])
    day_was_wrong(tx, event.data["back_to"])


@_applies("day_wound_up")
def _day_wound_up(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE service_days SET wound_up_at = ? WHERE day = ?", to_text(event.at), event.service_day)
    day_ends(tx, event.service_day)


# --- tickets ------------------------------------------------------------------------------------------------


@_applies("ticket_issued")
def _ticket_issued(tx: Transaction, event: Event) -> None:
    facts = event.data
    tx.execute(
        "INSERT INTO tickets (id, service_day, number, line, issued_line, serial, matter, matter_name,"
        " matter_version, priority, state, position, token, issued_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)",
        event.ticket,
        event.service_day,
        facts["number"],
        facts["line"],
        facts["line"],
        facts["serial"],
        facts["matter"],
        facts["matter_name"],
        facts.get("matter_version"),  # the first version knew none
        facts["priority"],
        facts["position"],
        facts["token"],
        to_text(event.at),
    )
    if "key_sha256" in facts:
        tx.execute(
            "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?)",
            facts["key_sha256"],
            facts["request"],
            event.ticket,
            event.service_day,
        )


@_applies("ticket_called")
def _ticket_called(tx: Transaction, event: Event) -> None:
    at = to_text(event.at)
    tx.execute(
        "UPDATE tickets SET state = 'called', window = ?, called_at = ?, last_called_at = ?,"
        " last_call_event = ?, calls = 1, started_at = NULL, passed_over_since = NULL WHERE id = ?",
        event.window,
        at,
        at,
        event.id,
        event.ticket,
    )
    tx.execute(
        "UPDATE windows SET priority_run = ? WHERE number = ?", event.data["priority_run"], event.window
    )
    for ticket in event.data["passed_over"]:
        tx.execute("UPDATE tickets SET passed_over_since = ? WHERE id = ?", at, ticket)


@_applies("ticket_recalled")
def _ticket_recalled(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET last_called_at = ?, last_call_event = ?, calls = calls + 1 WHERE id = ?",
        to_text(event.at),
        event.id,
        event.ticket,
    )


@_applies("ticket_started")
def _ticket_started(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'serving', started_at = ? WHERE id = ?", event.data["since"], event.ticket
    )


@_applies("ticket_finished")
def _ticket_finished(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'done', finished_at = ?, service_s = ?, clerk = ?,"
        " ended_because = ? WHERE id = ?",
        to_text(event.at),
        event.data["service_s"],
        event.data["clerk"],
        event.data.get("because", ""),
        event.ticket,
    )
    tx.execute("UPDATE windows SET last_finished = ? WHERE number = ?", event.ticket, event.window)


@_applies("ticket_no_show")
def _ticket_no_show(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'no-show', ended_because = ?, clerk = ? WHERE id = ?",
        event.data.get("because", ""),
        event.data.get("clerk"),
        event.ticket,
    )


@_applies("ticket_held")
def _ticket_held(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE tickets SET state = 'held' WHERE id = ?", event.ticket)


@_applies("ticket_resumed")
def _ticket_resumed(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'serving', started_at = ? WHERE id = ?", to_text(event.at), event.ticket
    )


@_applies("ticket_requeued")
def _ticket_requeued(tx: Transaction, event: Event) -> None:
    _wait_again(tx, event)
    tx.execute("UPDATE tickets SET position = ? WHERE id = ?", event.data["position"], event.ticket)


@_applies("ticket_transferred")
def _ticket_transferred(tx: Transaction, event: Event) -> None:
    _wait_again(tx, event)
    tx.execute(
        "UPDATE tickets SET line = ?, for_window = ? WHERE id = ?",
        event.data["to_line"],
        event.data["to_window"],
        event.ticket,
    )


@_applies("ticket_moved")
def _ticket_moved(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET line = ?, for_window = ?, passed_over_since = NULL WHERE id = ?",
        event.data["to_line"],
        event.data["to_window"],
        event.ticket,
    )


def _wait_again(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'waiting', window = NULL, called_at = NULL, last_called_at = NULL,"
        " last_call_event = NULL, calls = 0, started_at = NULL, passed_over_since = NULL WHERE id = ?",
        event.ticket,
    )


@_applies("ticket_cancelled")
def _ticket_cancelled(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE tickets SET state = 'cancelled', ended_because = ? WHERE id = ?",
        event.data["because"],
        event.ticket,
    )


# --- lines --------------------------------------------------------------------------------------------------


@_applies("line_stopped")
def _line_stopped(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE lines SET stopped = 1 WHERE id = ?", event.data["line"])


@_applies("line_reopened")
def _line_reopened(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE lines SET stopped = 0 WHERE id = ?", event.data["line"])


# --- windows ------------------------------------------------------------------------------------------------


@_applies("window_opened")
@_applies("window_resumed")
def _window_opened(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE windows SET state = 'open', pause_reason = '' WHERE number = ?", event.window)


@_applies("window_paused")
def _window_paused(tx: Transaction, event: Event) -> None:
    reason = event.data["reason"]
    tx.execute("UPDATE windows SET state = 'paused', pause_reason = ? WHERE number = ?", reason, event.window)


@_applies("window_closed")
def _window_closed(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE windows SET state = 'closed', pause_reason = '' WHERE number = ?", event.window)
    # Tickets that only this window might have called wait for every window of their line again.
    tx.execute("UPDATE tickets SET for_window = NULL WHERE for_window = ?", event.window)


@_applies("window_lines_changed")
def _window_lines_changed(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE windows SET lines_today = ? WHERE number = ?", event.data["lines_today"], event.window)


@_applies("clerk_signed_in")
def _clerk_signed_in(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE windows SET clerk = ? WHERE number = ?", event.data["clerk"], event.window)


@_applies("clerk_signed_out")
def _clerk_signed_out(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE windows SET clerk = NULL WHERE number = ?", event.window)


# --- ratings ------------------------------------------------------------------------------------------------


@_applies("rating_invited")
def _rating_invited(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE tickets SET invited_at = ? WHERE id = ?", to_text(event.at), event.ticket)


@_applies("ticket_rated")
def _ticket_rated(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO ratings (ticket, level, channel, window, clerk, service_day, rated_at, reasons)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        event.ticket,
        event.data["level"],
        event.data["channel"],
        event.window,
        event.data["clerk"],
        event.service_day,
        to_text(event.at),
        json.dumps(event.data.get("reasons", [])),
    )


# --- paper --------------------------------------------------------------------------------------------------


@_applies("paper_queued")
def _paper_queued(tx: Transaction, event: Event) -> None:
    tx.execute(
        "INSERT INTO print_jobs (id, kind, ticket, matter, service_day, state, reprint, queued_at, content)"
        " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
        event.data["job"],
        event.data.get("kind", "ticket"),  # the first version knew no other
        event.ticket,
        event.data["content"]["matter"],
        event.service_day,
        int(event.data["reprint"]),
        to_text(event.at),
        json.dumps(event.data["content"], ensure_ascii=False),
    )


@_applies("paper_sending")
def _paper_sending(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE print_jobs SET state = 'sending', printer = ?, detail = '' WHERE id = ?",
        event.data["printer"],
        event.data["job"],
    )


@_applies("paper_noted")
def _paper_noted(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE print_jobs SET detail = ? WHERE id = ?", event.data["detail"], event.data["job"])


@_applies("paper_requeued")
def _paper_requeued(tx: Transaction, event: Event) -> None:
    tx.execute("UPDATE print_jobs SET state = 'queued', printer = '' WHERE id = ?", event.data["job"])


@_applies("paper_ended")
def _paper_ended(tx: Transaction, event: Event) -> None:
    tx.execute(
        "UPDATE print_jobs SET state = ?, detail = ?, ended_at = ? WHERE id = ?",
        event.data["state"],
        event.data["detail"],
        to_text(event.at),
        event.data["job"],
    )
