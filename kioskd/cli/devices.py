"""`kioskd device` asks a running daemon how its devices are, tries them, and watches their bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import click

from kioskd.cli.ask import JSON, Daemon, asks_daemon
from kioskd.cli.group import Group, example, print_json

NAME = click.argument("name")
SIGNS = {"passed": "ok  ", "look": "look", "failed": "BAD "}


@click.group(cls=Group)
def device() -> None:
    """The devices of a running daemon: how they are, a test, their live bytes."""


@device.command("list", epilog=example("  kioskd device list"))
@asks_daemon("read")
@JSON
def list_devices(daemon: Daemon, as_json: bool) -> None:
    """List every device with its health, the reason, and the step to take."""
    found = daemon.ask("devices")
    if as_json:
        print_json(found)
        return
    for entry in found["items"]:
        click.echo(_line(entry))


def _line(entry: dict[str, Any]) -> str:
    reasons = "; ".join(f"{reason['en']}: {reason['step_en']}" for reason in entry["reasons"])
    return f"{entry['name']:<16} {entry['state']:<9} {reasons}".rstrip()


@device.command(epilog=example("  kioskd device show strip-3"))
@NAME
@asks_daemon("read")
@JSON
def show(name: str, daemon: Daemon, as_json: bool) -> None:
    """Show all that is known of the device NAME, what to do about it, and its recent faults."""
    found = daemon.ask(path_of(name))
    if as_json:
        print_json(found)
        return
    for line in _told(found):
        click.echo(line)


def _told(found: dict[str, Any]) -> Iterator[str]:
    window = f", window {found['window']}" if found["window"] else ""
    yield f"{found['name']}: {found['title']}{window}, {', '.join(found['kinds'])}"
    yield f"  {found['state']} since {local_time(found['since'])}"
    for reason in found["reasons"]:
        yield f"    {reason['en']}" + (f" ({reason['detail']})" if reason["detail"] else "")
        yield f"    → {reason['step_en']}"
    address = "" if found["address"] is None else f", address {found['address']}"
    yield f"  port      {found['port']}: {found['at']} {found['settings']}".rstrip() + address
    model = f"{found['profile']} ({found['profile_title']})"
    yield f"  profile   {model}, driver {found['driver']}, {found['maturity']}"
    for line in found["notes"].splitlines():
        yield f"            {line}"
    for title in ("facts", "counters"):
        pairs = ", ".join(f"{name} {value}" for name, value in sorted(found[title].items()))
        yield f"  {title:<9} {pairs or 'none'}"
    yield "  recently" if found["faults"] else "  recently  nothing changed"
    for change in found["faults"][:10]:
        reasons = "; ".join(reason["en"] for reason in change["reasons"])
        yield f"    {local_time(change['at'])}  {change['state']:<9} {reasons}".rstrip()


@device.command(epilog=example("  kioskd device test printer"))
@NAME
@click.option("--kind", help="Only this one of its kinds, such as keypad.")
@asks_daemon("devices")
@JSON
def test(name: str, kind: str | None, daemon: Daemon, as_json: bool) -> None:
    """Try the device NAME: a page on a printer, signs on a display, a key of a keypad.

    Ends with 0 when it passed or only eyes can tell, with 1 when it failed.
    """
    verdicts: list[Any] = []
    steps: list[Any] = []
    for event, said in daemon.listen(f"{path_of(name)}/test", method="POST", body={"kind": kind}):
        if event == "step":
            steps.append(said)
        elif event == "verdict":
            verdicts.append(said)
        if said is not None and not as_json:
            sign = SIGNS[said["outcome"]] if event == "verdict" else "…   "
            click.echo(f"{sign} {said['en']}")
    if as_json:
        print_json({"device": name, "steps": steps, "verdicts": verdicts})
    if not verdicts or any(verdict["outcome"] == "failed" for verdict in verdicts):
        sys.exit(1)


def path_of(name: str) -> str:
    """The device's path in the API."""
    return f"devices/{quote(name, safe='')}"


def local_time(text: str) -> str:
    """A time of the API by this computer's own clock."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
