"""One rating as the exchange wants it, built when it is sent: the outbox holds references only."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kioskd.hall import contacts, matters
from kioskd.hall.model import NotFound
from kioskd.hall.store import Store
from kioskd.hall.times import from_text

BUILT_IN = Path(__file__).parent / "fields"
CONTACT_PURPOSE = "rating_report"
"""What a citizen's details must have been given for, to be sent along."""
FINISHED = "2"
"""evalProcess: 1 accepted, 2 finished. A hall's rating comes after the service."""
CHANNELS = {"evaluator": "PJQ"}
"""Anhui's name for an evaluator at a window; the exchange's document gives no other."""
FACTS = (
    "process", "affair_no", "serial", "matter_code", "matter_name", "clerk_name", "applied_at", "finished_at",
    "handle_item", "department", "department_code", "level", "reasons", "rated_at", "channel", "window",
    "citizen_name", "citizen_phone", "citizen_type", "certificate_type", "certificate_no",
)  # fmt: skip
"""What a field may carry. Times are the hall's own, as yyyyMMddHHmmss."""
PERSONAL = ("citizen_name", "citizen_phone", "citizen_type", "certificate_type", "certificate_no")
NATURAL_PERSON = "0"
"""userType: 0 a natural person, 1 a legal one. A ticket is taken by a person."""

_RATING = (
    "SELECT t.id, t.number, t.service_day, t.affair_no, t.issued_at, t.finished_at, t.window, t.matter,"
    " t.matter_name, r.level, r.reasons, r.channel, r.rated_at, coalesce(c.name, '') AS clerk_name"
    " FROM ratings r JOIN tickets t ON t.id = r.ticket LEFT JOIN clerks c ON c.id = r.clerk WHERE t.id = ?"
)


def built_in_fields() -> list[str]:
    """The names of the lists of fields that come with kioskd."""
    return sorted(file.stem for file in BUILT_IN.glob("*.toml"))


def read_fields(name: str, folder: Path) -> dict[str, str]:
    """A list of fields: a built-in one, or a file in `folder`. Exchange field → fact.

    Raises OSError, ValueError (not TOML, or a fact that there is none of).
    """
    path = BUILT_IN / f"{name}.toml" if name in built_in_fields() else folder / name
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = [field for field, fact in fields.items() if fact not in FACTS]
    if wrong:
        raise ValueError(
            f"{wrong[0]} = {fields[wrong[0]]!r}: there is no such fact; facts are {', '.join(FACTS)}"
        )
    return fields


def message(
    store: Store,
    timezone: str,
    ticket: int,
    fields: Mapping[str, str],
    *,
    hall_code: str,
    by: str,
    at: datetime,
) -> dict[str, str]:
    """The message about a ticket's rating: exchange field → text, without those that have none.

    timezone: the hall's own. hall_code: what makes the serial number the hall's own among others. A citizen's
    details go along only where they were given for this; that they were read is written down: `by` whom, and
    when (`at`, aware). Raises NotFound for a ticket without a rating.
    """
    facts = _facts(store, ticket, hall_code, ZoneInfo(timezone))
    if any(fact in PERSONAL for fact in fields.values()):
        facts |= _personal(store, ticket, by, at)
    return {field: facts[fact] for field, fact in fields.items() if facts.get(fact)}


def _facts(store: Store, ticket: int, hall_code: str, zone: ZoneInfo) -> dict[str, str]:
    with store.read() as snapshot:
        row = snapshot.one(_RATING, ticket)
        matter = matters.as_read(snapshot, ticket)
    if row is None:
        raise NotFound("unknown_ticket", ticket=ticket)
    return {
        "process": FINISHED,
        "affair_no": row["affair_no"],
        "serial": f"{hall_code}-{row['service_day'].replace('-', '')}-{row['id']}",
        "matter_code": row["matter"],
        "matter_name": row["matter_name"],
        "handle_item": matter.handle_item if matter else "",
        "department": matter.department if matter else "",
        "department_code": matter.department_code if matter else "",
        "clerk_name": row["clerk_name"],
        "window": str(row["window"] or ""),
        "applied_at": _compact(row["issued_at"], zone),
        "finished_at": _compact(row["finished_at"], zone),
        "rated_at": _compact(row["rated_at"], zone),
        "level": str(row["level"]),
        "reasons": ",".join(json.loads(row["reasons"])),
        "channel": CHANNELS.get(row["channel"], row["channel"]),
    }


def _personal(store: Store, ticket: int, by: str, at: datetime) -> dict[str, str]:
    try:
        with store.transaction() as tx:
            given = contacts.read(tx, ticket, CONTACT_PURPOSE, by=by, at=at)
    except NotFound:
        return {}
    return {
        "citizen_name": given.name,
        "citizen_phone": given.phone,
        "citizen_type": NATURAL_PERSON,
        "certificate_type": given.certificate_type,
        "certificate_no": given.certificate_no,
    }


def _compact(moment: str, zone: ZoneInfo) -> str:
    return f"{from_text(moment).astimezone(zone):%Y%m%d%H%M%S}"
