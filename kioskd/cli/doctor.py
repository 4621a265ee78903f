"""`kioskd doctor`: whether this computer is fit to run a hall."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import example
from kioskd.cli.scan import HALL_FILE
from kioskd.cli.store import STATE

if TYPE_CHECKING:
    from kioskd.doctor import Finding

SIGNS = {"good": "ok", "look": "look", "bad": "BAD"}
COLOURS = {"good": "green", "look": "yellow", "bad": "red"}
WIDTH = 80


@click.command(epilog=example("  kioskd doctor /etc/kioskd/hall.toml"))
@click.argument("hall_file", type=click.Path(path_type=Path), required=False)
@STATE
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def doctor(hall_file: Path | None, state: Path, as_json: bool) -> None:
    """Look at this computer and say what would keep a hall from running well, and what to do about it.

    With HALL_FILE also at each of its devices; /etc/kioskd/hall.toml where there is one. Opens and changes
    nothing. Ends with 1 when something is bad.
    """
    import msgspec

    from kioskd.config import load_hall
    from kioskd.doctor import examine

    if hall_file is None and HALL_FILE.is_file():
        hall_file = HALL_FILE
    hall = load_hall(hall_file) if hall_file else None
    found = []
    for finding in examine(state, hall):
        found.append(finding)
        if not as_json:
            _tell(finding)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"items": found}), indent=2))
    sys.exit(1 if any(finding.verdict == "bad" for finding in found) else 0)


def _tell(finding: Finding) -> None:
    """The sign, what was found, and below it what to do; commands are left in one piece."""
    sign = click.style(f"{SIGNS[finding.verdict]:<5}", fg=COLOURS[finding.verdict])
    lines = _wrapped(finding.what)
    click.echo("\n".join([sign + lines[0], *(" " * 5 + line for line in lines[1:])]))
    for line in _wrapped(finding.step):
        click.echo(click.style(" " * 5 + line, bold=True))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 6, break_long_words=False, break_on_hyphens=False)
