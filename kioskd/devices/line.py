"""An opened port with its timing: when it is quiet, when our bytes have left, waiting with a deadline."""

from __future__ import annotations

import os
import select
import time

from kioskd.devices.errors import PortError, WriteTimeout
from kioskd.devices.ports import Port

QUIET_CHARACTERS = 3.5
"""So many characters of silence end a frame on a shared line (as in Modbus over serial line, 2.5.1.1)."""
QUIET_LIMIT_S = 0.25
"""A line that is never quiet is spoken on all the same after this time."""
DEAF_S = 0.05
"""How long a port that said "readable" and had nothing is not asked again, so that it cannot make us spin."""
INBOX_BYTES = 65536
"""So much may arrive while a driver sends; then we stop reading until somebody looks."""
SLICE_S = 1.0
"""The longest single wait in the kernel, so that the supervisor sees a waiting thread move."""


class Line:
    """One opened port. Used only by the thread that owns it; `wake_fd` interrupts its waits.

    shared: several devices are on it, so bytes are sent only once it has been quiet for a moment.
    """

    def __init__(self, port: Port, *, shared: bool, wake_fd: int, slice_s: float = SLICE_S) -> None:
        self.port = port
        self._slice_s = slice_s
        self.shared = shared
        self.sent_until_s = 0.0
        """When the last byte we gave to the kernel will have left, by the baud rate."""
        self.received_at_s = 0.0
        self._inbox = bytearray()
        self._wake_fd = wake_fd
        self._deaf_until_s = 0.0

    def take(self) -> bytes:
        """What has arrived since the last time."""
        data = bytes(self._inbox)
        self._inbox.clear()
        return data

    def rest(self, seconds: float) -> None:
        """Leave what arrives in the kernel for so long. It is no silence: bytes would come."""
        self._deaf_until_s = self.received_at_s = time.monotonic() + seconds

    def wait(self, timeout_s: float, *, for_room: bool = False) -> None:
        """Wait for bytes, for a wake-up, for room to send, or for the time to pass.

        Raises PortError when the port is gone.
        """
        poll = select.poll()
        poll.register(self._wake_fd, select.POLLIN)
        deaf = time.monotonic() < self._deaf_until_s
        listening = not deaf and len(self._inbox) < INBOX_BYTES
        poll.register(self.port.fileno(), select.POLLIN * listening | select.POLLOUT * for_room)
        if deaf:
            timeout_s = min(timeout_s, self._deaf_until_s - time.monotonic())
        events = dict(poll.poll(max(0.0, min(timeout_s, self._slice_s)) * 1000))
        if self._wake_fd in events:
            os.eventfd_read(self._wake_fd)
        self._read(events.get(self.port.fileno(), 0))

    def _read(self, event: int) -> None:
        data = self.port.read() if event & (select.POLLIN | select.POLLHUP) else b""
        if data:
            self.received_at_s = time.monotonic()
            self._inbox += data
        elif event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            raise PortError("port_lost", "the port was lost: plug it in again, it resumes by itself")
        elif event & select.POLLIN:
            self._deaf_until_s = time.monotonic() + DEAF_S

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send all of it; what arrives meanwhile is kept.

        Raises WriteTimeout when the deadline passes first, PortError when the port is gone.
        """
        deadline_s = time.monotonic() + timeout_s
        if self.shared:
            self._await_quiet(deadline_s)
        sent = 0
        while sent < len(data):
            taken = self.port.write(data[sent:])
            self._account(taken)
            sent += taken
            left_s = deadline_s - time.monotonic()
            if sent < len(data) and left_s <= 0:
                raise WriteTimeout(
                    sent, f"only {sent} of {len(data)} bytes were taken within {timeout_s:g} s"
                )
            if taken == 0:
                self.wait(left_s, for_room=True)

    def _account(self, taken: int) -> None:
        self.sent_until_s = max(self.sent_until_s, time.monotonic()) + taken * self.port.character_s

    def _await_quiet(self, deadline_s: float) -> None:
        """Wait until neither they nor we have been heard for a moment."""
        gap_s = QUIET_CHARACTERS * self.port.character_s
        give_up_s = min(deadline_s, max(self.sent_until_s, time.monotonic()) + QUIET_LIMIT_S)
        while (now := time.monotonic()) < give_up_s:
            quiet_from_s = max(self.received_at_s, self.sent_until_s) + gap_s
            if now >= quiet_from_s:
                return
            self.wait(min(quiet_from_s, give_up_s) - now)

    def close(self) -> None:
        """Let go of the port."""
        self.port.close()
