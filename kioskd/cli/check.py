"""`kioskd check` and `kioskd matters`: read a hall file without opening anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import Group, example

if TYPE_CHECKING:
    from kioskd.hall.plan import Plan

HALL_FILE = click.argument("hall_file", type=click.Path(path_type=Path))


@click.command(epilog=example("  kioskd check /etc/kioskd/hall.toml"))
@HALL_FILE
def check(hall_file: Path) -> None:
    """Say everything that is wrong with HALL_FILE, or that nothing is. Opens no device."""
    from kioskd.config import load_hall

    hall = load_hall(hall_file)
    plan = hall.plan
    click.echo(
        f"{hall_file}: good. {plan.name}: windows {len(plan.windows)}, lines {len(plan.lines)}, "
        f"{_matters(plan)}, devices {len(hall.devices)}, ports {len(hall.ports)}"
    )


def _matters(plan: Plan) -> str:
    """How many the file has; a hall may have none in files, but imported."""
    return "matters as imported" if plan.matters is None else f"matters {len(plan.matters)}"


@click.group(cls=Group)
def matters() -> None:
    """The matters that a hall offers."""


@matters.command("list", epilog=example("  kioskd matters list /etc/kioskd/hall.toml"))
@HALL_FILE
def list_matters(hall_file: Path) -> None:
    """List the matters of HALL_FILE: code, line, promised time, name."""
    from kioskd.config import load_hall

    for matter in load_hall(hall_file).plan.matters or ():
        click.echo("\t".join((matter.code, matter.line, matter.promise, matter.name)))
