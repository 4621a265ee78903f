"""Who may open a device file, worked out from its owner and mode: nothing is opened to find out."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from pathlib import Path
from typing import Literal

import msgspec

DAEMON_USER = "kioskd"
"""The user that the service runs as (systemd/kioskd.sysusers)."""
RULES_COMMAND = "kioskd udev HALL_FILE | sudo tee /etc/udev/rules.d/90-kioskd.rules"
"""What lets the daemon at devices that belong to root alone. docs/technician.md tells the rest."""


class Access(msgspec.Struct, frozen=True):
    """Whether one user may open one device file. step: the command that lets in who may not."""

    user: str
    may: Literal["yes", "no", "unknown"]
    step: str = ""


def access(node: str, user: str) -> Access:
    """Whether `user` may read and write `node`."""
    try:
        found = Path(node).stat()
    except OSError:
        return Access(user, "unknown")
    try:
        who = pwd.getpwnam(user)
    except KeyError:
        return Access(user, "unknown", f"There is no user {user} yet: `sudo kioskd units` makes it.")
    if _may(found, who) or (who.pw_uid == os.geteuid() and os.access(node, os.R_OK | os.W_OK)):
        return Access(user, "yes")
    return Access(user, "no", _step(found, user))


def groups_of(who: pwd.struct_passwd) -> set[int]:
    """Every group that a new session of this user would be in; of ourselves, those of this session."""
    if who.pw_uid == os.geteuid():
        return {os.getegid(), *os.getgroups()}
    return set(os.getgrouplist(who.pw_name, who.pw_gid))


def _may(found: os.stat_result, who: pwd.struct_passwd) -> bool:
    if who.pw_uid == 0:
        return True
    if found.st_uid == who.pw_uid:
        bits = stat.S_IRUSR | stat.S_IWUSR
    elif found.st_gid in groups_of(who):
        bits = stat.S_IRGRP | stat.S_IWGRP
    else:
        bits = stat.S_IROTH | stat.S_IWOTH
    return found.st_mode & bits == bits


def _step(found: os.stat_result, user: str) -> str:
    """Joining the group where that is enough; where the group is root's or may not write, a rule."""
    writes = stat.S_IRGRP | stat.S_IWGRP
    if found.st_gid == 0 or found.st_mode & writes != writes:
        return RULES_COMMAND
    try:
        group = grp.getgrgid(found.st_gid).gr_name
    except KeyError:
        return RULES_COMMAND
    return f"sudo usermod -aG {group} {user}"
