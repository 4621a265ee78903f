"""The emulators' process: found again if it is still running, started if not, and told to end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from kioskd.config import HallFile
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.errors import DeviceError
from kioskd.devices.port_uri import parse_port


def needs_emulators(hall_file: HallFile) -> bool:
    """Whether any port of this hall is emulated."""
    return any(parse_port(port.at).scheme == "emulator" for port in hall_file.ports)


def find_or_start(
    hall_file: HallFile, state: Path, folder: Path, *, deadline_s: float = 10.0
) -> EmulatorClient:
    """The client of the emulators in `folder`. They outlive the daemon: killing it does not kill the paper.

    Raises DeviceError when they have not answered by the deadline.
    """
    client = EmulatorClient(folder)
    if answers(client):
        return client
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    with (folder / "log").open("ab") as log:
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "kioskd", "emulators", str(hall_file.path), "--state", str(state)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    give_up = time.monotonic() + deadline_s
    while not answers(client):
        if time.monotonic() > give_up:
            raise DeviceError(f"the emulators did not start: see {folder / 'log'}")
        time.sleep(0.02)
    return client


def answers(client: EmulatorClient) -> bool:
    """Whether the emulators are running."""
    try:
        client.list()
    except DeviceError:
        return False
    return True
