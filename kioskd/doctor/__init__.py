"""Whether this computer is fit to run a hall: each check looks at one thing and says what to do about it.

Nothing is opened and nothing is changed, so it may be asked while the hall is at work.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kioskd.config import HallFile
from kioskd.devices.errors import PortError
from kioskd.devices.plugged import plugged
from kioskd.devices.port_uri import parse_port
from kioskd.doctor import computer, counter, doors, rivals
from kioskd.doctor.finding import Finding

__all__ = ["Finding", "examine"]


def examine(state: Path, hall: HallFile | None = None) -> Iterator[Finding]:
    """Look at everything, one finding a check. state: where the hall's database is or will be.

    hall: the hall file, for its devices; without one whatever a hall may have is looked at.
    """
    user = counter.daemon_user()
    schemes = {parse_port(port.at).scheme for port in hall.ports} if hall else set()
    yield computer.python()
    yield computer.sqlite()
    yield computer.libudev()
    yield computer.libusb("usb" in schemes)
    yield computer.camera_libraries("video" in schemes)
    yield computer.voice_programs("alsa" in schemes)
    yield computer.chinese_font()
    yield computer.rare_characters()
    yield computer.memory()
    yield computer.disk(state)
    yield computer.keeps(state)
    yield computer.state_directory(state, user)
    yield computer.clock()
    yield computer.battery()
    yield counter.service_user(user)
    for scheme, (name, owns) in counter.GROUPS.items():
        if hall is None or scheme in schemes:
            yield counter.group(name, owns, user)
    yield rivals.device_rules()
    yield rivals.brltty()
    yield rivals.modem_manager()
    yield rivals.cups(bool(schemes & {"lp", "usb"}))
    with contextlib.suppress(PortError):  # no libudev, which has been told
        yield from rivals.lost_adapters(plugged("usb"), plugged("serial"))
    yield doors.accounts(state)
    if hall is not None:
        yield doors.certificate(hall)
        yield computer.calendar(hall.plan.calendar.through)
        yield from counter.ports(hall.ports, user)
        yield from counter.setups(hall.devices)
