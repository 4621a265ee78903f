"""`kioskd profile`: the hardware models that kioskd knows, and a check for a new one."""

from __future__ import annotations

from pathlib import Path

import click

from kioskd.cli.group import Group, example


@click.group(cls=Group)
def profile() -> None:
    """Hardware models: list, show, and check a new one."""


@profile.command("list", epilog=example("  kioskd profile list"))
def list_profiles() -> None:
    """List every hardware model that kioskd knows."""
    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import find_profiles, load_profile

    folders = profile_folders()
    for name in sorted(find_profiles(folders)):
        found = load_profile(name, folders)
        kinds = ",".join(sorted(found.kinds))
        click.echo(f"{name:<20} {kinds:<26} {found.maturity:<13} {found.title}")


@profile.command(epilog=example("  kioskd profile show escpos-80"))
@click.argument("name")
def show(name: str) -> None:
    """Show the model NAME with everything that it inherits."""
    import msgspec

    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import load_profile

    found = load_profile(name, profile_folders())
    for field, value in msgspec.to_builtins(found, str_keys=True, enc_hook=str).items():
        if value not in ("", {}, None):
            click.echo(f"{field}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}")


@profile.command(epilog=example("  kioskd profile check my-strip.toml"))
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check the profile in FILE: its keys, its wire format, and its own example bytes."""
    from kioskd.config import profile_folders
    from kioskd.devices.profile_files import read_profile

    if not file.is_file():
        raise click.ClickException(f"{file}: there is no such file")
    if file.suffix != ".toml":
        raise click.ClickException(f"{file}: a profile is a .toml file, named after the model")
    found = read_profile(file, (file.parent, *profile_folders()))
    click.echo(f"{file}: good. {found.title}: driver {found.driver}, {', '.join(sorted(found.kinds))}")
