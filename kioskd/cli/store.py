"""`kioskd token` and `kioskd backup`: what is done to a hall's database while its daemon runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import Group, example

if TYPE_CHECKING:
    from kioskd.hall.store import Store

STATE = click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=Path("/var/lib/kioskd"),
    show_default=True,
    help="The hall's state directory.",
)


@click.group(cls=Group)
def token() -> None:
    """Tokens, with which other programs speak to the daemon."""


@token.command(epilog=example("  kioskd token add numbers-on-the-website --scope read"))
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; may be given again.")
@STATE
def add(name: str, scopes: tuple[str, ...], state: Path) -> None:
    """Give the program NAME a token and print it, once: the database keeps only its digest."""
    from web.doors import add_token

    try:
        click.echo(add_token(_store(state), name, scopes))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@click.command(epilog=example("  kioskd backup /mnt/backup/hall-2026-03-02.db"))
@click.argument("file", type=click.Path(path_type=Path))
@STATE
def backup(file: Path, state: Path) -> None:
    """Write a complete copy of the hall's database to FILE, while the hall goes on."""
    if file.exists():
        raise click.ClickException(f"{file} is there already: a backup is not written over another")
    if not file.parent.is_dir():
        raise click.ClickException(f"{file.parent}: there is no such folder")
    _store(state).backup(file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


def _store(state: Path) -> Store:
    from kioskd.hall.store import Store
    from kioskd.state import StateDirectory

    database = StateDirectory(state).database
    if not database.is_file():
        raise click.ClickException(f"{state} has no hall.db: name the daemon's state directory with --state")
    return Store(database)
