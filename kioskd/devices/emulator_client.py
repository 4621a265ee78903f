"""The other end of the emulators' control socket, for `/lab`, the demo and the tests."""

from __future__ import annotations

import base64
import socket
from pathlib import Path
from typing import Any

import msgspec

from kioskd.devices.emulator_control import socket_address
from kioskd.devices.errors import DeviceError

TIMEOUT_S = 10.0


class EmulatorsGone(DeviceError):  # noqa: N818 - it says what happened
    """The emulators do not answer: they are not running."""


class EmulatorClient:
    """Speaks to the emulator host of one folder. Any thread may use it: every call has its own connection.

    Every method raises EmulatorsGone when they do not run, and DeviceError for what they refuse.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answers(self) -> bool:
        """Whether the emulators run."""
        try:
            self._ask({"do": "ports"})
        except EmulatorsGone:
            return False
        return True

    def list(self) -> list[dict[str, Any]]:
        """All devices: name, title, port, address, profile, kinds, plugged, view, actions."""
        devices: list[dict[str, Any]] = self._ask({"do": "list"})
        return devices

    def ports(self) -> list[dict[str, Any]]:  # type: ignore[valid-type]
        """All ports: name, uri, plugged, shared, echo, collisions."""
        ports: list[dict[str, Any]] = self._ask({"do": "ports"})
        return ports

    def act(self, device: str, action: str) -> None:
        """Do one of a device's actions, such as pressing a key."""
        self._ask({"do": "act", "device": device, "action": action})

    def picture(self, device: str, index: int = -1) -> bytes | None:
        """A PNG of what the device shows or has printed; None when it has none."""
        picture = self._ask({"do": "picture", "device": device, "index": index})
        return None if picture is None else base64.b64decode(picture)

    def sound(self, device: str, index: int = -1) -> bytes | None:
        """A WAV of what the device was heard to say; None when there is none."""
        sound = self._ask({"do": "sound", "device": device, "index": index})
        return None if sound is None else base64.b64decode(sound)

    def set_echo(self, port: str, echo: bool) -> None:
        """Let the port give the host its own bytes back, as a two-wire adapter does."""
        self._ask({"do": "line", "port": port, "echo": echo})

    def unplug(self, port: str) -> None:
        """Pull a port's cable."""
        self._ask({"do": "unplug", "port": port})

    def plug(self, port: str) -> None:
        """Push it in again."""
        self._ask({"do": "plug", "port": port})

    def stop(self) -> None:
        """End the emulators; that they are gone already is no mistake."""
        try:
            self._ask({"do": "stop"})
        except EmulatorsGone:
            return

    def _ask(self, request: dict[str, Any]) -> Any:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(TIMEOUT_S)
                with socket_address(self._folder) as address:
                    connection.connect(address)
                connection.sendall(msgspec.json.encode(request) + b"\n")
                with connection.makefile("rb") as answers:
                    line = answers.readline()
        except OSError as error:
            raise EmulatorsGone(f"the emulators in {self._folder} do not answer: {error}") from error
        if not line:
            raise EmulatorsGone(f"the emulators in {self._folder} ended")
        answer = msgspec.json.decode(line)
        if not answer["ok"]:
            raise DeviceError(f"the emulators refused {request['do']}: {answer['error']}")
        return answer["result"]
