"""`kioskd day`: what staff say about a clock that jumped."""

from __future__ import annotations

from typing import Any

import click

from kioskd.cli.ask import JSON, Daemon, asks_daemon
from kioskd.cli.group import Group, example, print_json


@click.group(cls=Group)
def day() -> None:
    """The service day of a running daemon, after a clock that jumped."""


@day.command(epilog=example("  kioskd day show"))
@asks_daemon("read")
@JSON
def show(daemon: Daemon, as_json: bool) -> None:
    """Show the service day, and the day that waits to be confirmed."""
    _tell(daemon.ask("day"), as_json)


@day.command(epilog=example("  kioskd day confirm"))
@asks_daemon("windows")
@JSON
def confirm(daemon: Daemon, as_json: bool) -> None:
    """The computer's date is right: begin the day it names."""
    _tell(daemon.ask("day/confirm", method="POST"), as_json)


@day.command(epilog=example("  kioskd day withdraw"))
@asks_daemon("windows")
@JSON
def withdraw(daemon: Daemon, as_json: bool) -> None:
    """The computer's date was wrong: take back the day it opened, and cancel the tickets that wait in it."""
    _tell(daemon.ask("day/withdraw", method="POST"), as_json)


def _tell(day: Any, as_json: bool) -> None:
    if as_json:
        print_json(day)
        return
    click.echo(f"service day: {day['service_day'] or 'none yet'}")
    if day["to_confirm"]:
        click.echo(f"to confirm:  {day['to_confirm']} (the clock says so and nothing vouches for it)")
