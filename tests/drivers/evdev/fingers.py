"""What fingers and scanners do to a keyboard, as the kernel's records; not made by our emulator."""

import struct

from evdev import ecodes

MORNING_S = 1_764_031_500.0
"""When the first key goes down."""


def record(type_, code, value, at_s=MORNING_S):
    """One `struct input_event`."""
    return struct.pack("llHHi", int(at_s), round(at_s % 1 * 1_000_000) % 1_000_000, type_, code, value)


def syn(at_s=MORNING_S, code=ecodes.SYN_REPORT):
    return record(ecodes.EV_SYN, code, 0, at_s)


def move(name, value, at_s=MORNING_S):
    """The report of one key: what USB calls it, the key, the end."""
    code = ecodes.ecodes[name]
    scan = record(ecodes.EV_MSC, ecodes.MSC_SCAN, 0x70058, at_s)
    return scan + record(ecodes.EV_KEY, code, value, at_s) + syn(at_s)


def press(name, at_s=MORNING_S):
    """A person presses a key for 80 ms."""
    return move(name, 1, at_s) + move(name, 0, at_s + 0.08)


def typed(*names, every_s=0.2):
    """A person types."""
    return b"".join(press(name, MORNING_S + nth * every_s) for nth, name in enumerate(names))


def scanned(text):
    """A barcode scanner in the place of the keyboard: 8 ms a key, Enter at the end."""
    names = [*(f"KEY_{character}" for character in text), "KEY_ENTER"]
    times = [MORNING_S + nth * 0.008 for nth in range(len(names))]
    return b"".join(
        move(name, 1, at_s) + move(name, 0, at_s + 0.004) for name, at_s in zip(names, times, strict=True)
    )
