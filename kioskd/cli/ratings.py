"""`kioskd ratings`: what is reported upward, and the same as JSON lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import Group, example
from kioskd.cli.people import who
from kioskd.cli.scan import HALL_FILE
from kioskd.cli.store import STATE, open_store

if TYPE_CHECKING:
    from kioskd.hall.store import Store

STATES = {
    "waiting": "waiting for a case number",
    "due": "due",
    "sent": "sent",
    "refused": "refused",
}
WIDTH = max(map(len, STATES.values()))


@click.group(cls=Group)
def ratings() -> None:
    """Ratings, as they are reported to the platform above."""


@ratings.command(epilog=example("  kioskd ratings status"))
@STATE
def status(state: Path) -> None:
    """Tell how many reports wait, are due, were sent and were refused, and why."""
    from kioskd.uplink.outbox import Reported, counts, reports

    store = open_store(state)
    for each, count in counts(store).items():
        click.echo(f"{STATES[each]:<{WIDTH}}   {count}")
    for report in reports(store, Reported.DUE, Reported.REFUSED):
        if report.problem:
            click.echo(f"ticket {report.ticket}: {report.attempts} tries, {report.problem}")


@ratings.command(epilog=example("  kioskd ratings retry"))
@STATE
def retry(state: Path) -> None:
    """Send again what the receiver refused, once the cause is mended."""
    from kioskd.uplink.outbox import retry_refused

    click.echo(f"{retry_refused(open_store(state))} reports are sent again")


@ratings.command(epilog=example("  kioskd ratings export --since 2026-11-01 > november.jsonl"))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first service day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last one; today where not given.")
@click.option(
    "--with-contacts", is_flag=True, help="With what citizens gave for this; each is written down as read."
)
@click.option(
    "--hall-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=HALL_FILE,
    show_default=True,
    help="Where [uplink] says which fields.",
)
@STATE
def export(
    since: datetime, until: datetime | None, with_contacts: bool, hall_file: Path, state: Path
) -> None:
    """Print ratings in the exchange's fields, one JSON object a line."""
    import json

    from kioskd.config import load_hall
    from kioskd.uplink.message import PERSONAL, message, read_fields

    loaded = load_hall(hall_file)
    store = open_store(state)
    fields = loaded.uplink_fields or read_fields(loaded.uplink.fields, hall_file.parent)
    if not with_contacts:
        fields = {field: fact for field, fact in fields.items() if fact not in PERSONAL}
    for ticket in _rated(store, since.date(), until.date() if until else date.max):
        told = message(
            store,
            loaded.plan.timezone,
            ticket,
            fields,
            hall_code=loaded.uplink.hall_code,
            by=who(),
            at=datetime.now(UTC),
        )
        click.echo(json.dumps(told, ensure_ascii=False))


def _rated(store: Store, since: date, until: date) -> list[int]:
    with store.read() as snapshot:
        rows = snapshot.all(
            "SELECT ticket FROM ratings WHERE service_day BETWEEN ? AND ? ORDER BY ticket",
            since.isoformat(),
            until.isoformat(),
        )
    return [row["ticket"] for row in rows]
