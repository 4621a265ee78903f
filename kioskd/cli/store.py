"""A hall's database from the command line, while its daemon runs or not; `kioskd backup`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import example
from kioskd.state import STATE_DIRECTORY

if TYPE_CHECKING:
    from kioskd.hall.store import Store

STATE = click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=STATE_DIRECTORY,
    show_default=True,
    help="The hall's state directory.",
)


@click.command(epilog=example("  kioskd backup /mnt/backup/hall-2026-03-02.db"))
@click.argument("file", type=click.Path(path_type=Path))
@STATE
def backup(file: Path, state: Path) -> None:
    """Write a complete copy of the hall's database to FILE, while the hall goes on."""
    if file.exists():
        raise click.ClickException(f"{file} is there already: a backup is not written over another")
    if not file.parent.is_dir():
        raise click.ClickException(f"{file.parent}: there is no such folder")
    _as_it_is(state).backup(file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


def open_store(state: Path) -> Store:
    """The database in this state directory, with the tables of this version.

    An older one is brought up to date only when no daemon runs there: one that does is of the older version
    too, and knows only its own tables. Raises click.ClickException then, and when there is no database.
    """
    from kioskd.hall.store import Store
    from kioskd.state import StateBusy, StateDirectory

    store = _as_it_is(state)
    if not store.outdated:
        return store
    directory = StateDirectory(state)
    try:
        directory.lock()
    except StateBusy:
        store.close()
        raise click.ClickException(
            f"{store.path} is of an older kioskd, whose daemon still runs: start the new daemon first "
            "(systemctl restart kioskd); `kioskd backup` works without"
        ) from None
    try:
        return Store(store.path)
    finally:
        store.close()
        directory.unlock()


def _as_it_is(state: Path) -> Store:
    """The database in this state directory, of whatever version. Raises click.ClickException when none is."""
    from kioskd.hall.store import Store
    from kioskd.state import StateDirectory

    database = StateDirectory(state).database
    if not database.is_file():
        raise click.ClickException(f"{state} has no hall.db: name the daemon's state directory with --state")
    return Store(database, migrate=False)
