"""`kioskd doctor`: whether this computer is fit to run a hall."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kioskd.cli.group import example
from kioskd.cli.store import STATE

SIGNS = {"good": "ok  ", "look": "look", "bad": "BAD "}


@click.command(epilog=example("  kioskd doctor"))
@STATE
def doctor(state: Path) -> None:
    """Look at this computer and say what would keep a hall from running well, and what to do about it."""
    from kioskd.doctor import examine

    bad = False
    for finding in examine(state):
        click.echo(f"{SIGNS[finding.verdict]} {finding.what}" + (f": {finding.step}" if finding.step else ""))
        bad = bad or finding.verdict == "bad"
    sys.exit(1 if bad else 0)
