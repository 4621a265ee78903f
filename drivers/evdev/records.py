"""Reads the kernel's input records: `struct input_event`, 24 bytes on a 64-bit computer.

Source: linux/input.h, linux/input-event-codes.h; for what SYN_REPORT and SYN_DROPPED mean, the kernel's
Documentation/input/event-codes.rst.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec

RECORD = struct.Struct("llHHi")
"""Seconds, microseconds, type, code, value, in the computer's own order and size."""
EV_SYN = 0x00
EV_KEY = 0x01
SYN_REPORT = 0
SYN_DROPPED = 3
RELEASED, PRESSED, REPEATED = 0, 1, 2
"""The values of an EV_KEY record."""
_MOST_TYPE = 0x1F
_MOST_KEY = 0x2FF
_MOST_SYN = 0x0F
_MICROSECONDS = 1_000_000
MOST_KEYS = 64
"""A report with more keys than this comes from no keyboard."""


class KeyMoved(msgspec.Struct, frozen=True):
    """One key went down (PRESSED), up (RELEASED), or repeats. at_s: by the kernel's clock, in seconds."""

    code: int
    value: int
    at_s: float


class Dropped(msgspec.Struct, frozen=True):
    """The kernel had no room for what happened: nobody knows which keys went down or up."""

    at_s: float


class Records:
    """Cuts what arrives into records, and gives their keys out a whole report at a time.

    The kernel hands over whole records and no others. A byte that fits no record therefore means that all
    which comes with it is wrong: it is thrown away until there is a silence, after which a record begins.
    """

    def __init__(self, count: Callable[[str], None]) -> None:
        self._count = count
        self._unread = b""
        self._report: list[KeyMoved] = []
        self._noisy = False
        self._dropping = False

    def feed(self, data: bytes) -> list[KeyMoved | Dropped]:
        """What the reports that end in `data` say, in their order."""
        if self._noisy:
            return []
        data = self._unread + data
        whole = len(data) - len(data) % RECORD.size
        self._unread = data[whole:]
        told: list[KeyMoved | Dropped] = []
        for seconds, microseconds, type_, code, value in RECORD.iter_unpack(data[:whole]):
            if not _is_record(seconds, microseconds, type_, code, value) or len(self._report) >= MOST_KEYS:
                self._noise()
                break
            at_s = seconds + microseconds / _MICROSECONDS
            if type_ == EV_SYN:
                told += self._syn(code, at_s)
            elif type_ == EV_KEY and not self._dropping:
                self._report.append(KeyMoved(code, value, at_s))
        return told

    def silence(self) -> None:
        """Nothing more comes: the next byte begins a record."""
        if self._unread:
            self._count("half_record")
        self._unread, self._report, self._noisy = b"", [], False

    def _syn(self, code: int, at_s: float) -> list[KeyMoved | Dropped]:
        """A report ends, and counts unless something of it was dropped."""
        if code == SYN_DROPPED:
            self._count("kernel_dropped")
            self._report, self._dropping = [], True
            return [Dropped(at_s)]
        if code != SYN_REPORT:
            return []
        report: list[KeyMoved | Dropped] = [] if self._dropping else [*self._report]
        self._report, self._dropping = [], False
        return report

    def _noise(self) -> None:
        self._count("noise")
        self._unread, self._report, self._noisy = b"", [], True


def _is_record(seconds: int, microseconds: int, type_: int, code: int, value: int) -> bool:
    """Whether the kernel could have said this."""
    if seconds < 0 or not 0 <= microseconds < _MICROSECONDS or type_ > _MOST_TYPE:
        return False
    if type_ == EV_KEY:
        return code <= _MOST_KEY and RELEASED <= value <= REPEATED
    return type_ != EV_SYN or code <= _MOST_SYN
