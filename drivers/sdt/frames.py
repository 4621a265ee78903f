"""SDT frames: `AA AA AA 96 69 LEN(be16) … XOR`, written, and found again in whatever arrives.

LEN counts from the byte after it through the XOR; XOR is over LEN and all after it, so that all of them
together give 0. A command has CMD and PARA, an answer SW1 SW2 SW3. Source: the SDT interface of the
identity-card security module (SAM_A), as its users quote it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from functools import reduce
from operator import xor

import msgspec

HEAD = bytes.fromhex("AA AA AA 96 69")
_LENGTH_END = len(HEAD) + 2
SHORTEST = 4
"""An answer has three status bytes and the check byte."""
LONGEST = 4096
"""Text, photograph and two fingerprints are 2312 bytes: a longer frame is a false start."""


class Command(enum.Enum):
    """What a reader can be told: CMD and PARA."""

    STATUS = bytes.fromhex("11 FF")
    FIND = bytes.fromhex("20 01")
    SELECT = bytes.fromhex("20 02")
    READ = bytes.fromhex("30 01")


class Answer(msgspec.Struct, frozen=True):
    """One answer of the reader. status: SW3, what became of the command; data may be a person's."""

    status: int
    data: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status:02X}, {len(self.data)} bytes>"

    __str__ = __repr__


def frame(body: bytes) -> bytes:
    """The frame around a command's or an answer's bytes."""
    checked = (len(body) + 1).to_bytes(2, "big") + body
    return HEAD + checked + bytes([reduce(xor, checked)])


class Decoder:
    """Finds answers in what arrives, in any pieces, and finds the next after anything that is none.

    count: told why bytes were dropped: noise, bad_length, bad_checksum, cut_short.
    """

    def __init__(self, count: Callable[[str], None]) -> None:
        self._count = count
        self._unread = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take what arrived; the answers that are complete with it."""
        self._unread += data
        return self._answers()

    def silence(self) -> list[Answer]:
        """The line fell silent: an unfinished frame will not be finished; the answers it hid."""
        found: list[Answer] = []
        while self._unread.startswith(HEAD):
            self._count("cut_short")
            del self._unread[0]
            found += self._answers()
        self._unread.clear()
        return found

    def _answers(self) -> list[Answer]:
        found: list[Answer] = []
        while self._seek() and len(self._unread) >= _LENGTH_END:
            length = int.from_bytes(self._unread[len(HEAD) : _LENGTH_END], "big")
            if not SHORTEST <= length <= LONGEST:
                self._drop("bad_length")
                continue
            end = _LENGTH_END + length
            if len(self._unread) < end:
                break
            if reduce(xor, self._unread[len(HEAD) : end]) != 0:
                self._drop("bad_checksum")
                continue
            body = bytes(self._unread[_LENGTH_END : end - 1])
            del self._unread[:end]
            found.append(Answer(status=body[2], data=body[3:]))
        return found

    def _seek(self) -> bool:
        """Drop what is before the next head, and say whether there is a whole one."""
        at = self._unread.find(HEAD)
        noise = at if at >= 0 else len(self._unread) - self._begun()
        if noise:
            self._count("noise")
            del self._unread[:noise]
        return at >= 0

    def _begun(self) -> int:
        """How many of the last bytes may be the beginning of a head."""
        return next((n for n in range(len(HEAD) - 1, 0, -1) if self._unread.endswith(HEAD[:n])), 0)

    def _drop(self, why: str) -> None:
        self._count(why)
        del self._unread[0]
