"""Cases: a bad rating, a complaint or a suggestion, each followed to its answer. Every step is dated.

A case has a number, by which alone the citizen asks how it stands. What people write is in `case_words` and
nowhere else: in no event and no log, and deleted after its time, like the contacts.
"""

from __future__ import annotations

import enum
import secrets
import sqlite3
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from kioskd.hall.command import Command
from kioskd.hall.model import NotFound, Refused
from kioskd.hall.store import Transaction
from kioskd.hall.times import from_text, moment, to_text

LONGEST_TEXT = 1000
"""Characters of what somebody writes."""
BAD_LEVELS = (1, 2)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_RANDOM_LETTERS = 6


class CaseKind(enum.StrEnum):
    """What a case began with."""

    RATING = "rating"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class CaseState(enum.StrEnum):
    """How far a case has come."""

    OPEN = "open"
    HANDLING = "handling"
    RESOLVED = "resolved"
    APPEALED = "appealed"


class Outcome(enum.StrEnum):
    """How a case was answered."""

    PUT_RIGHT = "put_right"
    EXPLAINED = "explained"
    UNFOUNDED = "unfounded"
    NOT_REACHED = "not_reached"


class CaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step. step: opened, assigned, extended, called_back, noted, resolved, appealed, appeal_decided.

    fact: the handler, the new date, whether somebody was reached, the outcome. text: what was written.
    """

    step: str
    at: datetime
    by: str
    fact: str
    text: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case. Times are aware and in UTC; due_on is a date in the hall's own time zone."""

    id: int
    number: str
    """What the citizen asks by."""
    kind: CaseKind
    state: CaseState
    ticket: int | None
    window: int | None
    clerk: str | None
    level: int | None
    """The rating it began with."""
    handler: str
    opened_at: datetime
    due_on: date
    called_back_at: datetime | None
    resolved_at: datetime | None
    outcome: Outcome | None
    set_aside: bool
    """Whether an appeal found the rating malicious: it counts no more."""
    said: str = ""
    """What the citizen wrote."""
    contact: str = ""
    """Where the citizen may be reached, if they said so."""
    steps: tuple[CaseStep, ...] = ()

    def __repr__(self) -> str:
        return f"<Case {self.id}: {self.kind}, {self.state}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # msgspec's own tells every field
        return [("id", self.id), ("kind", self.kind), ("state", self.state)]


# --- how a case begins ---


def open_for_rating(command: Command, ticket: sqlite3.Row, level: int) -> None:
    """A bad rating opens a case, in the rating's own transaction."""
    _open(command, CaseKind.RATING, ticket, level)


def take(command: Command, kind: CaseKind, text: str, contact: str, ticket_id: int | None) -> Case:
    """Take a complaint or a suggestion. ticket_id: of the visit it is about, where there is one."""
    words, reach = _words(text), _words(contact, may_be_empty=True)
    ticket = None if ticket_id is None else command.ticket_row(ticket_id)
    step = _open(command, kind, ticket)
    _write(command, step, "citizen", words)
    _write(command, step, "contact", reach)
    return _of_step(command.tx, step)


def _open(command: Command, kind: CaseKind, ticket: sqlite3.Row | None, level: int | None = None) -> int:
    """Open a case and return its first step."""
    today = command.local.date()
    due_on = command.plan.calendar.working_day_after(today, command.plan.rules.answer_within_working_days)
    event = command.tell(
        "case_opened",
        ticket=None if ticket is None else ticket["id"],
        window=None if ticket is None else ticket["window"],
        case=command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM cases"),
        case_number=_new_number(today),
        kind=kind,
        clerk=None if ticket is None else ticket["clerk"],
        level=level,
        due_on=due_on.isoformat(),
    )
    return event.id


def _new_number(today: date) -> str:
    """Such as 260302-K7Q4MZ: nobody guesses another's."""
    return f"{today:%y%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))


# --- what staff do with it ---


def assign(command: Command, case_id: int, handler: str) -> Case:
    """Name who answers for it; again, when somebody else does."""
    row = _unresolved(command, case_id)
    if not handler.strip():
        raise Refused("no_handler", case=row["id"])
    return _step(command, "case_assigned", row, "", handler=handler.strip())


def call_back(command: Command, case_id: int, reached: bool, text: str) -> Case:
    """Note that the citizen was called, or could not be."""
    row = _unresolved(command, case_id)
    return _step(command, "case_called_back", row, text, reached=reached)


def extend(command: Command, case_id: int, due_on: date, text: str) -> Case:
    """Give it more time, with the reason, which the citizen sees."""
    row = _unresolved(command, case_id)
    if due_on.isoformat() <= row["due_on"]:
        raise Refused("not_later", due_on=row["due_on"])
    _words(text)
    return _step(command, "case_extended", row, text, due_on=due_on.isoformat())


def note(command: Command, case_id: int, text: str) -> Case:
    """Write something down; only staff see it."""
    _words(text)
    return _step(command, "case_noted", _row(command, case_id), text)


def resolve(command: Command, case_id: int, outcome: Outcome, text: str) -> Case:
    """Answer it. text: the answer, which the citizen sees. A bad rating is called back first."""
    row = _unresolved(command, case_id)
    if not row["handler"]:
        raise Refused("no_handler", case=case_id)
    if row["kind"] == CaseKind.RATING and row["called_back_at"] is None:
        raise Refused("call_back_first", case=case_id)
    _words(text)
    return _step(command, "case_resolved", row, text, outcome=outcome)


def appeal(command: Command, case_id: int, text: str) -> Case:
    """Staff say that a rating was malicious. Once, after it was answered."""
    row = _row(command, case_id)
    if row["kind"] != CaseKind.RATING or row["state"] != CaseState.RESOLVED or row["appealed_at"] is not None:
        raise Refused("no_appeal", case=case_id)
    _words(text)
    return _step(command, "case_appealed", row, text)


def decide_appeal(command: Command, case_id: int, upheld: bool, text: str) -> Case:
    """upheld: the rating is set aside and counts no more; it stays written down."""
    row = _row(command, case_id)
    if row["state"] != CaseState.APPEALED:
        raise Refused("no_appeal", case=case_id)
    _words(text)
    return _step(command, "case_appeal_decided", row, text, upheld=upheld)


def _step(command: Command, type_: str, row: sqlite3.Row, text: str, **facts: object) -> Case:
    event = command.tell(type_, ticket=row["ticket"], window=row["window"], case=row["id"], **facts)
    _write(command, event.id, "staff", _words(text, may_be_empty=True))
    return _of_step(command.tx, event.id)


def _unresolved(command: Command, case_id: int) -> sqlite3.Row:
    row = _row(command, case_id)
    if row["state"] not in (CaseState.OPEN, CaseState.HANDLING):
        raise Refused("case_resolved", case=case_id)
    return row


def _row(command: Command, case_id: int) -> sqlite3.Row:
    row = command.tx.one("SELECT * FROM cases WHERE id = ?", case_id)
    if row is None:
        raise NotFound("unknown_case", case=case_id)
    return row


# --- words: in one table, and no event ---


def _words(text: str, *, may_be_empty: bool = False) -> str:
    """What was written, without control characters. Raises Refused when there is nothing, or too much."""
    kept = "".join(each for each in text if each.isprintable() or each == "\n").strip()
    if not kept and not may_be_empty:
        raise Refused("nothing_written")
    if len(kept) > LONGEST_TEXT:
        raise Refused("too_much_written", longest=LONGEST_TEXT)
    return kept


def _write(command: Command, step: int, who: str, text: str) -> None:
    if text:
        delete_after = command.now + timedelta(days=command.plan.privacy.case_days)
        command.tx.execute(
            "INSERT INTO case_words VALUES (?, ?, ?, ?)", step, who, text, to_text(delete_after)
        )


def overdue_words(tx: Transaction, now: datetime) -> bool:
    """Whether words have outlived their time."""
    return tx.one("SELECT 1 FROM case_words WHERE delete_after <= ?", to_text(now)) is not None


def delete_overdue_words(tx: Transaction, now: datetime) -> None:
    """Delete what has. The case and its dates stay."""
    tx.execute("DELETE FROM case_words WHERE delete_after <= ?", to_text(now))


# --- questions ---


def case(tx: Transaction, case_id: int) -> Case:
    """One case whole, for staff. Raises NotFound."""
    row = tx.one("SELECT * FROM cases WHERE id = ?", case_id)
    if row is None:
        raise NotFound("unknown_case", case=case_id)
    return _case(tx, row)


def case_by_number(tx: Transaction, number: str) -> Case:
    """One case as its citizen sees it: the dates and the answer, not who wrote what. Raises NotFound."""
    row = tx.one("SELECT * FROM cases WHERE number = ?", number.strip().upper())
    if row is None:
        raise NotFound("unknown_case", case=number)
    return _for_citizen(_case(tx, row))


def cases(tx: Transaction, *, unresolved_only: bool = False, limit: int = 500) -> list[Case]:
    """The cases, those that are due first before the others; the answered ones last, newest first."""
    where = "WHERE state <> 'resolved'" if unresolved_only else ""
    rows = tx.all(
        f"SELECT * FROM cases {where} ORDER BY state = 'resolved', "  # noqa: S608 - a constant
        "CASE WHEN state = 'resolved' THEN '' ELSE due_on END, id DESC LIMIT ?",
        limit,
    )
    return [_case(tx, row) for row in rows]


def _for_citizen(whole: Case) -> Case:
    steps = tuple(
        msgspec.structs.replace(
            step,
            by="",
            fact=step.fact if step.step in ("opened", "extended", "resolved") else "",
            text=step.text if step.step in ("extended", "resolved") else "",
        )
        for step in whole.steps
        if step.step not in ("noted", "appealed", "appeal_decided")
    )
    if whole.state is CaseState.APPEALED:  # that is between the staff
        whole = msgspec.structs.replace(whole, state=CaseState.RESOLVED)
    hidden = {"said": "", "contact": "", "clerk": None, "handler": "", "level": None, "set_aside": False}
    return msgspec.structs.replace(whole, steps=steps, **hidden)


def _of_step(tx: Transaction, event: int) -> Case:
    return case(tx, tx.value("SELECT case_id FROM case_steps WHERE event = ?", event))


def _case(tx: Transaction, row: sqlite3.Row) -> Case:
    steps = tx.all("SELECT * FROM case_steps WHERE case_id = ? ORDER BY event", row["id"])
    words = {
        (word["step"], word["who"]): word["text"]
        for word in tx.all(
            "SELECT w.* FROM case_words w JOIN case_steps s ON s.event = w.step WHERE s.case_id = ?",
            row["id"],
        )
    }
    first = steps[0]["event"]
    return Case(
        id=row["id"],
        number=row["number"],
        kind=CaseKind(row["kind"]),
        state=CaseState(row["state"]),
        ticket=row["ticket"],
        window=row["window"],
        clerk=row["clerk"],
        level=row["level"],
        handler=row["handler"],
        opened_at=from_text(row["opened_at"]),
        due_on=date.fromisoformat(row["due_on"]),
        called_back_at=moment(row["called_back_at"]),
        resolved_at=moment(row["resolved_at"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        set_aside=bool(row["set_aside"]),
        said=words.get((first, "citizen"), ""),
        contact=words.get((first, "contact"), ""),
        steps=tuple(
            CaseStep(
                step=step["step"],
                at=from_text(step["at"]),
                by=step["done_by"],
                fact=step["fact"],
                text=words.get((step["event"], "staff"), ""),
            )
            for step in steps
        ),
    )
