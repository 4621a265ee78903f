"""What the daemon tells systemd: that it is ready, alive, or stopping (sd_notify(3))."""

from __future__ import annotations

import os
import socket


def notify(*lines: str) -> None:
    """Send lines such as `READY=1` to the service manager; nothing happens when there is none.

    A lost datagram is not an error: a daemon must not end because nobody listens.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # the abstract namespace, written with @ in the environment
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        try:
            sock.sendto("\n".join(lines).encode(), address)
        except OSError:
            return


def watchdog_s() -> float | None:
    """How often the watchdog wants to hear of us, in seconds; None when nobody watches this process."""
    try:
        period_s = int(os.environ["WATCHDOG_USEC"]) / 1e6
        watched = int(os.environ.get("WATCHDOG_PID", os.getpid()))
    except (KeyError, ValueError):
        return None
    return period_s if watched == os.getpid() and period_s > 0 else None
