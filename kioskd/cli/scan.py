"""`kioskd scan` looks at what is plugged in, and opens none of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from kioskd.cli.group import example

BY_PATH = Path("/dev/serial/by-path")
PRINTERS = Path("/dev/usb")


@click.command(epilog=example("  kioskd scan"))
def scan() -> None:
    """Show serial ports and USB printers that are plugged in, ready to paste into a hall file. Opens none."""
    from serial.tools.list_ports import comports

    found = False
    for port in sorted(comports()):
        found = True
        click.echo(f"# {port.device}: {port.description}, {_usb_id(port)}")
        click.echo(f'[ports.{Path(port.device).name}]\nat = "serial:{_stable(port.device)}"\n')
    for printer in sorted(PRINTERS.glob("lp*")):
        found = True
        click.echo(f'# {printer}: USB printer\n[ports.{printer.name}]\nat = "lp:{printer}"\n')
    if not found:
        click.echo("no serial adapter and no USB printer is plugged in")


def _usb_id(port: Any) -> str:
    return f"USB {port.vid:04x}:{port.pid:04x}" if port.vid is not None else "not on USB"


def _stable(device_file: str) -> str:
    """The name that survives a restart: by the socket it is plugged into, for twins have no serial number."""
    links = sorted(BY_PATH.glob("*")) if BY_PATH.is_dir() else []
    real = os.path.realpath(device_file)
    return next((str(link) for link in links if os.path.realpath(link) == real), device_file)
