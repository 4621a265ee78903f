"""Run a command under the system call filter that a unit file asks for, as systemd would set it.

    python sandboxed.py UNIT COMMAND…

Only for tests, which have no systemd: the filter is worked out from the unit's SystemCallFilter= lines with
systemd's own lists, and set with libseccomp; so are RestrictAddressFamilies=.
"""

import configparser
import ctypes
import os
import re
import socket
import subprocess
import sys

ERRNO_EPERM = 0x00050001
ALLOW = 0x7FFF0000
EQUAL = 4


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp of seccomp.h."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Lines(dict):
    """A setting that is given more than once keeps all its lines."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def settings(unit):
    parser = configparser.RawConfigParser(
        dict_type=Lines, strict=False, delimiters="=", comment_prefixes="#", empty_lines_in_values=False
    )
    parser.optionxform = str
    parser.read(unit)
    return {key: value.splitlines() for key, value in parser["Service"].items()}


def members(name):
    """The system calls of a set such as @system-service, from systemd itself."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    words = [line.strip() for line in listed.stdout.splitlines()[1:]]
    return set().union(*(members(word) for word in words if word and not word.startswith("#")))


def allowed(lines):
    calls = set()
    for line in lines:
        found = set().union(*(members(word) for word in line.removeprefix("~").split()))
        calls = calls - found if line.startswith("~") else calls | found
    return calls | members("@default")


def set_filter(calls, families):
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ERRNO_EPERM)))
    for name in calls - {"socket"}:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            assert library.seccomp_rule_add(context, ctypes.c_uint32(ALLOW), number, 0) == 0, name
    number = library.seccomp_syscall_resolve_name(b"socket")
    for family in families:
        only = (Comparison * 1)(Comparison(0, EQUAL, int(getattr(socket, family)), 0))
        assert library.seccomp_rule_add_array(context, ctypes.c_uint32(ALLOW), number, 1, only) == 0
    assert library.seccomp_load(context) == 0


if __name__ == "__main__":
    service = settings(sys.argv[1])
    set_filter(
        allowed(service["SystemCallFilter"]), re.split(r"\s+", " ".join(service["RestrictAddressFamilies"]))
    )
    os.execvp(sys.argv[2], sys.argv[2:])
