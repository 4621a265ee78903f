"""`kioskd udev`: device rules, so that the daemon may open what the hall has, and nobody else takes it."""

from __future__ import annotations

from pathlib import Path

import click

from kioskd.cli.group import example
from kioskd.cli.scan import right_profiles


@click.command(
    epilog=example("  kioskd udev /etc/kioskd/hall.toml | sudo tee /etc/udev/rules.d/90-kioskd.rules")
)
@click.argument("hall_file", type=click.Path(path_type=Path), required=False)
def udev(hall_file: Path | None) -> None:
    """Print rules for udev: those that any hall needs, and those of HALL_FILE's ports.

    Each port gets a link /dev/kioskd/NAME. What is typed on a pad reaches no desktop; ModemManager and brltty
    leave serial adapters alone.
    """
    from kioskd.config import load_hall
    from kioskd.devices.udev_rules import rules

    ports = load_hall(hall_file).ports if hall_file else ()
    click.echo(rules(right_profiles(hall_file), ports), nl=False)
