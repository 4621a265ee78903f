"""What a port that cannot be opened, or was lost, means to a technician, and what to do about it."""

from __future__ import annotations

import errno
import grp
import os
import pwd
from pathlib import Path

from kioskd.devices.errors import PortError


def lost(place: str) -> PortError:
    """The port is gone."""
    return PortError("port_lost", f"{place} was lost: plug it in again, it resumes by itself")


def port_error(error: Exception, place: str) -> PortError:
    """What a failed open means, and what to do about it."""
    match getattr(error, "errno", None):
        case errno.EACCES | errno.EPERM:
            return PortError("permission_denied", permission_text(place))
        case errno.EBUSY | errno.EAGAIN:
            return PortError("busy", f"{place} is used by another program: see `fuser -v {place}`")
        case errno.ENOENT | errno.ENODEV | errno.ENXIO | errno.ENOTDIR:
            return PortError("port_missing", f"{place} is not there: plug it in, or correct the hall file")
        case errno.EIO:
            return lost(place)
        case _:
            return PortError("port_missing", f"{place} cannot be opened: {error}")


def permission_text(place: str) -> str:
    """Which group owns the device, and the command that lets this process's user in."""
    try:
        group = grp.getgrgid(Path(place).stat().st_gid).gr_name
    except (OSError, KeyError):
        group = "dialout"
    user = user_name()
    return (
        f"{place} may not be opened by user {user}; it belongs to group {group}: "
        f"run `sudo usermod -aG {group} {user}` and restart the service"
    )


def usb_permission_text(place: str) -> str:
    """USB devices belong to root until a rule says otherwise."""
    return (
        f"{place} may not be opened by user {user_name()}: write the hall's udev rules with "
        "`kioskd udev HALL_FILE`, then plug it in again"
    )


def user_name() -> str:
    """The user that this process runs as."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return "kioskd"
