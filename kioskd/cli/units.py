"""`kioskd units`: what the operating system needs to run the hall, put in its places."""

from __future__ import annotations

from pathlib import Path

import click

from kioskd.cli.group import example


@click.command(epilog=example("  sudo kioskd units --browser console"))
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/"),
    show_default=True,
    help="Write below this folder, such as the root of another system.",
)
@click.option(
    "--browser",
    type=click.Choice(["none", "console", "desktop"]),
    default="none",
    show_default=True,
    help="Show the kiosk's page on this screen: console where there is no desktop, desktop on UOS and Kylin.",
)
@click.option("--prefix", help="The environment that kioskd is in; with --root it is /opt/kioskd.")
def units(root: Path, browser: str, prefix: str | None) -> None:
    """Write the service, its user, its folders and device rules to their places, and say what to run then."""
    from kioskd import units as made

    here = root == Path("/")
    prefix = prefix or (made.own_prefix() if here else made.MADE_FOR)
    if hidden := made.hidden_from_the_service(prefix):
        raise click.ClickException(
            f"{hidden} is where the service cannot see it: install kioskd into /opt/kioskd with the system's "
            "Python, /usr/bin/python3 -m venv /opt/kioskd"
        )
    chosen: made.Browser = browser  # type: ignore[assignment]
    for file in made.install(root, chosen, prefix=prefix):
        click.echo(f"written: {file}")
    click.echo("\nThen, as root:" if here else f"\nThen, as root, in the system whose root is {root}:")
    for step in made.next_steps(chosen):
        click.echo(f"  {step}")
    if browser == "console":
        click.echo("The kiosk's page needs: apt-get install cage chromium")
