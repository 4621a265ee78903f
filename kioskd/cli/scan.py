"""`kioskd scan` looks at what is plugged in, and opens none of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kioskd.cli.group import example
from kioskd.reading import Mistakes

if TYPE_CHECKING:
    from kioskd.config import HallFile
    from kioskd.devices.profiles import Profile

HALL_FILE = Path("/etc/kioskd/hall.toml")
"""What the service runs (systemd/kioskd.service)."""


@click.command(epilog=example("  kioskd scan --hall /etc/kioskd/hall.toml"))
@click.option(
    "--hall",
    "hall_file",
    type=click.Path(path_type=Path),
    help=f"The hall file that may name some of it already; {HALL_FILE} where there is one.",
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def scan(hall_file: Path | None, as_json: bool) -> None:
    """Show what is plugged in, which profiles fit, and what to write in the hall file. Opens none of it.

    What is printed is TOML: it can be pasted into a hall file, or added to one with >>.
    """
    import msgspec

    from kioskd.devices.scan import scan as look
    from kioskd.devices.scan_text import scan_text

    if hall_file is None and HALL_FILE.is_file():
        hall_file = HALL_FILE
    hall = _hall(hall_file)
    found = look(right_profiles(hall_file), hall.ports if hall else (), hall.devices if hall else ())
    if as_json:
        document = {"hall_file": None if hall is None else str(hall.path)} | msgspec.to_builtins(found)
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
        return
    taken = {port.name for port in hall.ports} | {device.name for device in hall.devices} if hall else set()
    window = hall.plan.windows[0].number if hall and hall.plan.windows else 1
    for line in scan_text(found, taken=taken, window=window, hall_file=hall.path.name if hall else ""):
        click.echo(_coloured(line))


def _hall(hall_file: Path | None) -> HallFile | None:
    """The hall file; a wrong one must not keep anybody from looking at what is plugged in."""
    from kioskd.config import load_hall

    if hall_file is None:
        return None
    try:
        return load_hall(hall_file)
    except Mistakes as wrong:
        click.echo(
            f"{hall_file} has mistakes, so nobody can say what it names: `kioskd check`\n{wrong}", err=True
        )
        return None


def right_profiles(hall_file: Path | None) -> dict[str, Profile]:
    """Every profile that is right; `kioskd profile check` tells about the others."""
    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import find_profiles, load_profile

    folders = profile_folders(hall_file)
    found = {}
    for name in find_profiles(folders):
        try:
            found[name] = load_profile(name, folders)
        except Mistakes as wrong:
            click.echo(f"the profile {name} is left out:\n{wrong}", err=True)
    return found


def _coloured(line: str) -> str:
    """What to paste stands out from what explains it, on a terminal that can show it."""
    if line.startswith("# ---"):
        return click.style(line, bold=True)
    return click.style(line, dim=True) if line.startswith("#") else line
