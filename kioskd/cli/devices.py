"""`kioskd device` asks a running daemon."""

from __future__ import annotations

from typing import Any

import click

from kioskd.cli.ask import URL, ask, token_option
from kioskd.cli.group import Group, example


@click.group(cls=Group)
def device() -> None:
    """The devices of a running daemon."""


@device.command("list", epilog=example("  kioskd device list --token kioskd_…"))
@URL
@token_option("read")
def list_devices(url: str, token: str) -> None:
    """List every device with its health, the reason, and the step to take."""
    for entry in ask(url, "devices", token)["items"]:
        click.echo(_line(entry))


def _line(entry: dict[str, Any]) -> str:
    reasons = "; ".join(f"{reason['en']}: {reason['step_en']}" for reason in entry["reasons"])
    return f"{entry['name']:<16} {entry['state']:<9} {reasons}".rstrip()
