"""`kioskd run`, `kioskd demo`, and the emulators' own process."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from kioskd.cli.check import HALL_FILE
from kioskd.cli.group import example
from kioskd.cli.store import STATE

PORT = click.option(
    "--port", type=click.IntRange(0, 65535), help="TCP port of the pages; 0 takes any free one."
)


@click.command(epilog=example("  kioskd run /etc/kioskd/hall.toml"))
@HALL_FILE
@STATE
@PORT
def run(hall_file: Path, state: Path, port: int | None) -> None:
    """Run the hall that HALL_FILE describes, until SIGTERM or Ctrl-C."""
    from kioskd.config import load_hall
    from kioskd.daemon import Daemon, end_on_signals

    _log_to_stderr()
    daemon = Daemon(load_hall(hall_file), state, port=port)
    end_on_signals(daemon)
    daemon.start()
    try:
        daemon.run()
    finally:
        daemon.stop()


@click.command(epilog=example("  kioskd demo --port 8090"))
@PORT
@click.option("--token", help="The token with all scopes; one is made up otherwise.")
@click.option(
    "--state", type=click.Path(path_type=Path), help="Keep the state here; forgotten at the end otherwise."
)
def demo(port: int | None, token: str | None, state: Path | None) -> None:
    """Run a township's service centre: eight windows, all devices emulated, open at any hour."""
    from kioskd.demo.show import show

    _log_to_stderr()
    show(port=port, token=token, state=state)


@click.command(epilog=example("  kioskd emulators hall.toml --state /tmp/hall"))
@HALL_FILE
@STATE
def emulators(hall_file: Path, state: Path) -> None:
    """Emulate the devices of HALL_FILE's emulated ports. The daemon starts this by itself."""
    from kioskd.config import load_hall
    from kioskd.devices.emulator_host import run_host
    from kioskd.state import StateDirectory

    _log_to_stderr()
    hall = load_hall(hall_file)
    run_host(hall.ports, hall.devices, StateDirectory(state).emulators)


def _log_to_stderr() -> None:
    """One line an event. The journal adds the time where systemd runs the daemon."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
