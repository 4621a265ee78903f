"""`kioskd day`: what staff say about a clock that jumped."""

from __future__ import annotations

from typing import Any

import click

from kioskd.cli.ask import URL, ask, token_option
from kioskd.cli.group import Group, example


@click.group(cls=Group)
def day() -> None:
    """The service day of a running daemon, after a clock that jumped."""


@day.command(epilog=example("  kioskd day show --token kioskd_…"))
@URL
@token_option("read")
def show(url: str, token: str) -> None:
    """Show the service day, and the day that waits to be confirmed."""
    _tell(ask(url, "day", token))


@day.command(epilog=example("  kioskd day confirm --token kioskd_…"))
@URL
@token_option("windows")
def confirm(url: str, token: str) -> None:
    """The computer's date is right: begin the day it names."""
    _tell(ask(url, "day/confirm", token, method="POST"))


@day.command(epilog=example("  kioskd day withdraw --token kioskd_…"))
@URL
@token_option("windows")
def withdraw(url: str, token: str) -> None:
    """The computer's date was wrong: take back the day it opened, and cancel the tickets that wait in it."""
    _tell(ask(url, "day/withdraw", token, method="POST"))


def _tell(day: Any) -> None:
    click.echo(f"service day: {day['service_day'] or 'none yet'}")
    if day["to_confirm"]:
        click.echo(f"to confirm:  {day['to_confirm']} (the clock says so and nothing vouches for it)")
