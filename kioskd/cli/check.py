"""`kioskd check`: read a hall file without opening anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import example

if TYPE_CHECKING:
    from kioskd.hall.plan import Plan

HALL_FILE = click.argument("hall_file", type=click.Path(path_type=Path))


@click.command(epilog=example("  kioskd check /etc/kioskd/hall.toml"))
@HALL_FILE
def check(hall_file: Path) -> None:
    """Say everything that is wrong with HALL_FILE, or that nothing is. Opens no device."""
    from kioskd.certificate import examine_certificate
    from kioskd.config import load_hall

    hall = load_hall(hall_file)
    plan = hall.plan
    if hall.certificate and (worry := examine_certificate(*hall.certificate).worry(datetime.now(UTC))):
        click.echo(f"look: the certificate {hall.certificate[0]} {worry}", err=True)
    click.echo(
        f"{hall_file}: good. {plan.name}: windows {len(plan.windows)}, lines {len(plan.lines)}, "
        f"{_matters(plan)}, devices {len(hall.devices)}, ports {len(hall.ports)}"
    )


def _matters(plan: Plan) -> str:
    """How many the file has; a hall may have none in files, but imported."""
    return "matters as imported" if plan.matters is None else f"matters {len(plan.matters)}"
