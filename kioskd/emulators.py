"""The emulators' process: found again if it is still running, started if not, and told to end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kioskd.config import HallFile
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.errors import DeviceError
from kioskd.devices.port_uri import parse_port

LOOK_EVERY_S = 0.02


def needs_emulators(hall_file: HallFile) -> bool:
    """Whether any port of this hall is emulated."""
    return bool(_emulated_ports(hall_file))


def find_or_start(hall_file: HallFile, state: Path, folder: Path) -> EmulatorClient:
    """The client of the emulators in `folder`. They outlive the daemon: killing it does not kill the paper.

    Those of another hall file, or of this one before it was changed, are ended first. Returns while new ones
    still come up: see `until_ready`.
    """
    client = EmulatorClient(folder)
    running = _devices(client)
    if running == _wanted(hall_file):
        return client
    if running is not None:
        end(client)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    with (folder / "log").open("ab") as log:
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "kioskd", "emulators", str(hall_file.path), "--state", str(state)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return client


def until_ready(client: EmulatorClient, folder: Path, *, deadline_s: float = 10.0) -> None:
    """Wait until the emulators answer. Raises DeviceError when they have not by the deadline."""
    if not _comes_true(lambda: _devices(client) is not None, deadline_s):
        raise DeviceError(f"the emulators did not start: see {folder / 'log'}")


def end(client: EmulatorClient, *, deadline_s: float = 3.0) -> None:
    """End the emulators, and wait until they are gone. Raises DeviceError if they do not go."""
    client.stop()
    if not _comes_true(lambda: _devices(client) is None, deadline_s):
        raise DeviceError("the emulators were told to end, but still answer")


def _devices(client: EmulatorClient) -> set[tuple[str, str, str, int | None]] | None:
    """Name, port, profile and address of every emulated device; None when no emulators run."""
    try:
        listed = client.list()
    except DeviceError:
        return None
    return {(one["name"], one["port"], one["profile"], one["address"]) for one in listed}


def _wanted(hall_file: HallFile) -> set[tuple[str, str, str, int | None]]:
    ports = _emulated_ports(hall_file)
    return {
        (device.name, device.port, device.profile.name, device.address)
        for device in hall_file.devices
        if device.port in ports
    }


def _emulated_ports(hall_file: HallFile) -> set[str]:
    return {port.name for port in hall_file.ports if parse_port(port.at).scheme == "emulator"}


def _comes_true(what: Callable[[], bool], deadline_s: float) -> bool:
    give_up_s = time.monotonic() + deadline_s
    while not what():
        if time.monotonic() > give_up_s:
            return False
        time.sleep(LOOK_EVERY_S)
    return True
