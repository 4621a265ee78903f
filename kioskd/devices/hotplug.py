"""Hears when something is plugged in or pulled out, so that nobody has to wait for the next try."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from kioskd.devices.plugged import SUBSYSTEMS

log = logging.getLogger(__name__)

SETTLE_S = 0.3
"""One device makes many events, a hub many more: they are told as one after so long a silence."""
SETTLE_LIMIT_S = 2.0
"""A loose contact makes events without end: they are told all the same after this time."""
TURN_S = 1.0
AGAIN_S = 5.0
"""How long after a failure listening begins anew."""
HEARD = ("add", "change")
"""change: a device may have got another owner, by new rules for instance."""


class Hotplug:
    """Calls `plugged_in`, on a thread of its own, after devices were plugged in.

    Where the kernel's events cannot be heard (no libudev, a container) ports are found again by their own
    tries alone, only later.
    """

    def __init__(self, plugged_in: Callable[[], None], *, monitor: Callable[[], Any] | None = None) -> None:
        self._plugged_in = plugged_in
        self._make_monitor = monitor or _monitor
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="hotplug", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    def _listen(self) -> None:
        try:
            monitor = self._make_monitor()
        except Exception as error:
            log.warning("plugging cannot be heard, devices are found again a little later: %s", error)
            return
        while not self._stopping.is_set():
            try:
                device = monitor.poll(timeout=TURN_S)
                if device is None or device.action not in HEARD:
                    continue
                self._settle(monitor)
            except OSError as error:  # ENOBUFS: more events at once than the kernel keeps, as of a large hub
                log.warning("some plugging was not heard: %s", error)
                if error.errno != errno.ENOBUFS:
                    self._stopping.wait(AGAIN_S)
            self._plugged_in()

    def _settle(self, monitor: Any) -> None:
        """Let the events that belong together pass."""
        give_up_s = time.monotonic() + SETTLE_LIMIT_S
        while time.monotonic() < give_up_s and not self._stopping.is_set():
            if monitor.poll(timeout=SETTLE_S) is None:
                return


def _monitor() -> Any:
    """Udev's own events: they come when the node is there with its owner and its links."""
    import pyudev

    monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source="udev")
    for subsystem in SUBSYSTEMS.values():
        monitor.filter_by(subsystem)
    monitor.start()
    return monitor
