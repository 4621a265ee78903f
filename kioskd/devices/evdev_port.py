"""A USB keyboard, number pad or HID evaluator, taken for us alone: what it types reaches no screen.

What is read from it are the kernel's own records, `struct input_event` (linux/input.h); a driver reads them.
"""

from __future__ import annotations

import contextlib
import os

from kioskd.devices.errors import PortError
from kioskd.devices.port_errors import lost, port_error

READ_BYTES = 24 * 64
"""64 records of 24 bytes."""


class EvdevPort:
    """One input device, grabbed. Raises PortError: port_missing, permission_denied, busy, library_missing."""

    character_s = 0.0

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            import evdev
        except ImportError as error:
            raise PortError(
                "library_missing", f"{error}: pip install evdev in kioskd's environment"
            ) from error
        try:
            self._device = evdev.InputDevice(path)
        except OSError as error:
            raise port_error(error, path) from error
        try:
            self._device.grab()
        except OSError as error:
            self.close()
            raise port_error(error, path) from error

    def fileno(self) -> int:
        """The file descriptor."""
        return int(self._device.fd)

    def read(self) -> bytes:
        """The records that have come."""
        try:
            return os.read(self.fileno(), READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:  # ENODEV: unplugged
            raise lost(self._path) from error

    def write(self, data: bytes) -> int:
        """Nothing is ever sent to a keyboard."""
        return 0

    def close(self) -> None:
        """Let the screen have it again."""
        with contextlib.suppress(OSError):
            self._device.ungrab()
        with contextlib.suppress(OSError):
            self._device.close()
