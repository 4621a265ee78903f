"""`kioskd device watch`: the live bytes of a device's port, hex beside what they mean."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
import msgspec

from kioskd.cli.ask import JSON, Daemon, asks_daemon
from kioskd.cli.devices import NAME, device, path_of
from kioskd.cli.group import example

ARROWS = {"sent": "→", "received": "←"}
HEX_COLUMNS = 47
"""Sixteen bytes a line."""


@device.command(epilog=example("  kioskd device watch pad-3 --seconds 60"))
@NAME
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Stop after so long; otherwise with Ctrl-C.")
@asks_daemon("devices")
@JSON
def watch(name: str, seconds: float | None, daemon: Daemon, as_json: bool) -> None:
    """Show the bytes that pass the port of the device NAME, as they pass, and what they mean.

    → is to the device, ← anything on its line. The daemon goes on working. With --json a line each.
    """
    if not as_json:
        click.echo(f"watching {name}; Ctrl-C ends it", err=True)
    try:
        for piece in pieces(daemon, name, seconds):
            lines = [msgspec.json.encode(piece).decode()] if as_json else told(piece)
            for line in lines:
                click.echo(line)
            sys.stdout.flush()
    except KeyboardInterrupt:
        return


def pieces(daemon: Daemon, name: str, seconds: float | None) -> Iterator[dict[str, Any]]:
    """What passes, from now on, for so many seconds. The first event says when the daemon listens."""
    until_s = None if seconds is None else time.monotonic() + seconds
    for event, said in daemon.listen(f"{path_of(name)}/bytes"):
        if event in ("bytes", "said"):
            yield said
        elif event == "missed":
            click.echo(f"# {said['count']} pieces were left out: too much at once", err=True)
        if until_s is not None and time.monotonic() >= until_s:
            return


def told(piece: dict[str, Any]) -> Iterator[str]:
    """One piece for a terminal: time, direction, sixteen bytes a line, words beside them."""
    if "text" in piece:
        yield f"{'':14} = {piece['text']}"
        return
    at = datetime.fromisoformat(piece["at"]).astimezone().strftime("%H:%M:%S.%f")[:-3]
    arrow = ARROWS[piece["direction"]]
    hexes = [piece["hex"][start : start + HEX_COLUMNS + 1] for start in range(0, len(piece["hex"]), 48)]
    if not piece["hex"]:
        hexes = [f"({piece['size']} bytes, not shown)"]
    words = piece["words"] or [""]
    for row in range(max(len(hexes), len(words))):
        raw = hexes[row].strip() if row < len(hexes) else ""
        word = words[row] if row < len(words) else ""
        head = f"{at} {arrow}" if row == 0 else " " * (len(at) + 2)
        yield f"{head} {raw:<{HEX_COLUMNS}}  {word}".rstrip()
