"""The commands: thin layers over the modules that do the work. Heavy ones are imported when they are used."""

from __future__ import annotations

import click

from kioskd import __version__
from kioskd.cli import learning, new_profile, recording, watching  # noqa: F401 - they add to `device` and `profile`
from kioskd.cli.check import check
from kioskd.cli.conform import conform
from kioskd.cli.day import day
from kioskd.cli.devices import device
from kioskd.cli.doctor import doctor
from kioskd.cli.group import Group, example
from kioskd.cli.matters import matters
from kioskd.cli.people import audit, token, user
from kioskd.cli.profiles import profile
from kioskd.cli.ratings import ratings
from kioskd.cli.report import report
from kioskd.cli.run import demo, emulators, run
from kioskd.cli.scan import scan
from kioskd.cli.store import backup
from kioskd.cli.udev import udev
from kioskd.cli.units import units
from kioskd.cli.voice import voice


@click.group(cls=Group, epilog=example("  kioskd demo"))
@click.version_option(__version__, message="kioskd %(version)s")
def main() -> None:
    """One local daemon for a service hall: its queue, ticket printer, displays, keypads and evaluators."""


for _command in (
    run,
    demo,
    emulators,
    check,
    matters,
    profile,
    scan,
    udev,
    units,
    device,
    user,
    token,
    audit,
    day,
    report,
    backup,
    ratings,
    conform,
    doctor,
    voice,
):
    main.add_command(_command)
