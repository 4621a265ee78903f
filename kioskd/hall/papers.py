"""Papers: a ticket's, and the notice of what to bring for a matter (一次性告知单), which needs no ticket."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

from kioskd.hall import matters, views
from kioskd.hall.command import Command
from kioskd.hall.guide import full_guide
from kioskd.hall.matter import Material, Matter
from kioskd.hall.model import Refused
from kioskd.hall.times import to_text

NOTICES = 8
NOTICES_MIN = 2.0
"""At most so many notices in so many minutes: a child must not empty the roll."""


def queue_ticket_paper(command: Command, ticket_id: int, *, reprint: bool) -> None:
    """Queue what the ticket's paper says, as the facts are now.

    The citizen's token is not among them: events are read by many. `PaperJournal` adds it.
    """
    row = command.ticket_row(ticket_id)
    line = command.line(row["line"])
    place = views.place(command, ticket_id)
    content: dict[str, Any] = {
        **_place_and_time(command, line.id),
        "number": row["number"],
        "line": line.id,
        "line_title": line.title,
        "line_title_en": line.title_en,
        "ahead": None if place is None else place.ahead,
        "wait_s": None if place is None else place.estimated_wait_s,
        "priority": row["priority"],
        **_matter_facts(command, row),
    }
    _queue(command, "ticket", content, ticket=ticket_id, reprint=reprint)


def queue_notice(command: Command, matter_code: str) -> int:
    """Queue the paper that says what to bring for a matter; its print job.

    Asked for again while it is on its way, it is the same one. Raises NotFound, Refused("too_many_notices").
    """
    matter = command.matter(matter_code)
    under_way = command.tx.value(
        "SELECT id FROM print_jobs WHERE kind = 'notice' AND matter = ? AND state IN ('queued', 'sending')",
        matter.code,
    )
    if under_way is not None:
        return int(under_way)
    since = to_text(command.now - timedelta(minutes=NOTICES_MIN))
    # up to now: what a clock that was wrong has written into the future is not lately
    lately = "SELECT count(*) FROM print_jobs WHERE kind = 'notice' AND queued_at > ? AND queued_at <= ?"
    if command.tx.value(lately, since, to_text(command.now)) >= NOTICES:
        raise Refused("too_many_notices")
    content = {**_place_and_time(command, matter.line), **_guide(command, matter)}
    return _queue(command, "notice", content)


def _queue(
    command: Command, kind: str, content: dict[str, Any], *, ticket: int | None = None, reprint: bool = False
) -> int:
    job = int(command.tx.value("SELECT coalesce(max(id), 0) + 1 FROM print_jobs"))
    command.tell("paper_queued", ticket=ticket, job=job, kind=kind, reprint=reprint, content=content)
    return job


def _place_and_time(command: Command, line: str) -> dict[str, Any]:
    return {
        "hall": command.plan.name,
        "hall_en": command.plan.name_en,
        "windows": [window.number for window in command.windows() if line in window.lines],
        "time": command.local.strftime("%Y-%m-%d %H:%M"),
    }


def _guide(command: Command, matter: Matter) -> dict[str, Any]:
    """The brief guide: the standard's six data units, and how to find the full one."""
    return {
        "matter": matter.code,
        "matter_name": matter.name,
        "matter_name_en": matter.name_en,
        "department": matter.department,
        "by_law": matter.by_law,
        "accept_condition": matter.accept_condition,
        "materials": [_in_words(row) for row in matter.materials],
        "handle_flow": matter.handle_flow,
        "promise": matter.promise,
        "fee": matter.fee,
        "contact": matter.contact,
        "url": full_guide(matter, command.plan.public_url),
    }


def _in_words(row: Material) -> str:
    """A row of the materials on one line: 居民身份证（原件，2份）."""
    more = [row.type, f"{row.copies}份" if row.copies > 1 else "", row.note]
    known = "，".join(part for part in more if part)
    return f"{row.name}（{known}）" if known else row.name


def _matter_facts(command: Command, row: sqlite3.Row) -> dict[str, Any]:
    facts = {"matter": row["matter"], "matter_name": row["matter_name"]}
    matter = matters.of_ticket(command.tx, row["id"])
    if matter is None:
        return {**facts, "matter_name_en": "", "materials": [], "promise": ""}
    return {
        **facts,
        "matter_name_en": matter.name_en,
        "materials": [row.name for row in matter.materials],
        "promise": matter.promise,
    }
