"""`kioskd profile`: the hardware models that kioskd knows, and a check for a new one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kioskd.cli.ask import JSON
from kioskd.cli.group import Group, example, print_json


@click.group(cls=Group)
def profile() -> None:
    """Hardware models: list and show them, write or learn a new one, check it."""


@profile.command("list", epilog=example("  kioskd profile list"))
@JSON
def list_profiles(as_json: bool) -> None:
    """List every hardware model that kioskd knows."""
    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import find_profiles, load_profile

    folders = profile_folders()
    profiles = [load_profile(name, folders) for name in sorted(find_profiles(folders))]
    if as_json:
        print_json(
            {
                "items": [
                    {
                        "name": one.name, "title": one.title, "driver": one.driver,
                        "kinds": sorted(one.kinds), "maturity": one.maturity,
                    }
                    for one in profiles
                ]
            }
        )  # fmt: skip
        return
    for found in profiles:
        kinds = ",".join(sorted(found.kinds))
        click.echo(f"{found.name:<20} {kinds:<26} {found.maturity:<13} {found.title}")


@profile.command(epilog=example("  kioskd profile show escpos-80"))
@click.argument("name")
@JSON
def show(name: str, as_json: bool) -> None:
    """Show the model NAME with everything that it inherits."""
    import msgspec

    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import load_profile

    found = load_profile(name, profile_folders())
    fields = msgspec.to_builtins(found, str_keys=True, enc_hook=str)
    if as_json:
        print_json(fields)
        return
    for field, value in fields.items():
        if value not in ("", {}, None):
            click.echo(f"{field}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}")


@profile.command(epilog=example("  kioskd profile check my-strip.toml"))
@click.argument("file", type=click.Path(path_type=Path))
@JSON
def check(file: Path, as_json: bool) -> None:
    """Check the profile in FILE: its keys, its wire format, and its own example bytes."""
    import msgspec

    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import read_profile
    from kioskd.reading import Mistakes

    if not file.is_file():
        raise click.ClickException(f"{file}: there is no such file")
    toml_file(file)
    try:
        found = read_profile(file, (file.parent, *profile_folders()))
    except Mistakes as wrong:
        if not as_json:
            raise
        print_json({"profile": str(file), "good": False, "mistakes": msgspec.to_builtins(wrong.mistakes)})
        sys.exit(1)
    if as_json:
        print_json({"profile": str(file), "good": True, "kinds": sorted(found.kinds), "driver": found.driver})
        return
    click.echo(f"{file}: good. {found.title}: driver {found.driver}, {', '.join(sorted(found.kinds))}")


def toml_file(file: Path) -> None:
    """Refuse a file that a profile cannot be in."""
    if file.suffix != ".toml":
        raise click.ClickException(f"{file}: a profile is a .toml file, named after the model")


def new_file(file: Path) -> None:
    """Refuse a file that a new profile cannot be written to."""
    toml_file(file)
    if file.exists():
        raise click.ClickException(f"{file} is there already: a profile is not written over another")
    if not file.parent.is_dir():
        raise click.ClickException(f"{file.parent}: there is no such folder")
