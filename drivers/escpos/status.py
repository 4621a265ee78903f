"""Sorts the bytes a printer sends back, and says what its status bits mean.

Four kinds of answers share one wire. Their first bytes differ in bits 0, 1, 4 and 7: real-time status
`0xx1xx10`, automatic status `0xx1xx00` with three more bytes `0xx0xxxx`, block data beginning `37 22`
(processed up to here) or `5F` (identity) and ending with NUL, and the single byte `0xx0xxxx` that answers
GS r.
"""

from __future__ import annotations

import enum

import msgspec

from kioskd.devices.health import Reason

BLOCK_BYTES = 80
"""The longest block data that is believed."""


class RealTime(msgspec.Struct, frozen=True):
    """The answer to one DLE EOT."""

    bits: int


class Automatic(msgspec.Struct, frozen=True):
    """Automatic status back: four bytes, sent when something changed."""

    packet: bytes


class Processed(msgspec.Struct, frozen=True):
    """The answer to GS ( H: everything before it is on paper. mark: the four characters it was sent with."""

    mark: bytes


class Identity(msgspec.Struct, frozen=True):
    """The answer to GS I, such as a model or a firmware."""

    text: str


class Sensor(msgspec.Struct, frozen=True):
    """The answer to GS r 1, which waits its turn among the data."""

    bits: int


Answer = RealTime | Automatic | Processed | Identity | Sensor


class AnswerReader:
    """Takes bytes in any pieces, gives whole answers. Nothing that arrives makes it raise."""

    def __init__(self) -> None:
        self._unfinished = b""
        self._late_tail = 0
        """How many bytes may still come of a packet that was given up; they are no answers."""
        self.dropped = 0
        """Bytes that belong to no answer."""

    def feed(self, data: bytes) -> list[Answer]:
        """Take what arrived; the answers that are complete with it."""
        answers: list[Answer] = []
        for byte in data:
            if self._is_late_tail(byte):
                self.dropped += 1
                continue
            self._unfinished += bytes([byte])
            while self._unfinished and (answer := self._first()) is not None:
                answers.append(answer)
        return answers

    def silence(self) -> None:
        """Nothing came for a while: what is unfinished will not be finished."""
        if self._unfinished and self._unfinished[0] & 0x93 == 0x10:
            self._late_tail = 4 - len(self._unfinished)
        self.dropped += len(self._unfinished)
        self._unfinished = b""

    def _is_late_tail(self, byte: int) -> bool:
        """Whether this byte belongs to an automatic status whose beginning was given up."""
        if self._late_tail == 0 or byte & 0x90:
            self._late_tail = 0
            return False
        self._late_tail -= 1
        return True

    def _first(self) -> Answer | None:
        """Take the first answer off the unfinished bytes, dropping what cannot begin one."""
        while self._unfinished:
            first = self._unfinished[0]
            if first in (0x37, 0x5F):
                answer, fits = self._block()
            elif first & 0x93 == 0x10:
                answer, fits = self._packet()
            else:
                answer, fits = self._single(first)
            if answer or fits:
                return answer
            self.dropped += 1
            self._unfinished = self._unfinished[1:]
        return None

    def _single(self, byte: int) -> tuple[Answer | None, bool]:
        if byte & 0x93 == 0x12:
            self._unfinished = self._unfinished[1:]
            return RealTime(byte), True
        if byte & 0xF0 == 0x00:  # GS r 1 uses bits 0 to 3
            self._unfinished = self._unfinished[1:]
            return Sensor(byte), True
        return None, False

    def _packet(self) -> tuple[Answer | None, bool]:
        packet = self._unfinished[:4]
        if any(byte & 0x90 for byte in packet[1:]):
            return None, False
        if len(packet) < 4:
            return None, True
        self._unfinished = self._unfinished[4:]
        return Automatic(packet), True

    def _block(self) -> tuple[Answer | None, bool]:
        """`37 22 d1 d2 d3 d4 00` or `5F text 00`; None and True while it is not complete."""
        body, end, rest = self._unfinished[1:].partition(b"\x00")
        processed = self._unfinished[0] == 0x37
        if len(body) > BLOCK_BYTES or (processed and (body[:1] not in (b"", b"\x22") or len(body) > 5)):
            return None, False
        if any(byte < 0x20 for byte in body):
            return None, False
        if not end:
            return None, True
        if processed and len(body) != 5:
            return None, False
        self._unfinished = rest
        if processed:
            return Processed(body[1:]), True
        return Identity(body.decode("gbk", errors="replace")), True


# --- what the bits mean ---


class Paper(enum.StrEnum):
    """What is known of the paper. Silence is never "ok"."""

    OK = "ok"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "not supported"


FAULTS = {"paper_out", "cover_open", "cutter_jam", "print_head_hot", "printer_error", "feed_pressed"}
"""Reasons for which a printer keeps a job waiting and prints on by itself, or after somebody helped it."""


class PrinterStatus(msgspec.Struct):
    """What the printer last said of itself, by DLE EOT question; None where it has not said."""

    printer: int | None = None
    offline_cause: int | None = None
    error: int | None = None
    paper_sensor: int | None = None

    def told(self, question: int, bits: int) -> None:
        """Note the answer to DLE EOT `question` (1 to 4)."""
        setattr(self, self.__struct_fields__[question - 1], bits)

    def told_automatically(self, packet: bytes) -> None:
        """Note automatic status back, translated to the same bits."""
        first, errors, sensor = packet[:3]
        self.printer = first & 0x48
        # Paper end stops printing; the packet has no bit of its own for that.
        self.offline_cause = (0x04 if first & 0x20 else 0) | (0x20 if sensor & 0x0C else 0)
        self.error = errors & 0x6C
        self.paper_sensor = (0x0C if sensor & 0x03 else 0) | (0x60 if sensor & 0x0C else 0)

    @property
    def paper(self) -> Paper:
        """What is known of the paper."""
        if (self.paper_sensor or 0) & 0x60 or (self.offline_cause or 0) & 0x20:
            return Paper.OUT
        if self.paper_sensor is None:
            return Paper.UNKNOWN
        return Paper.LOW if self.paper_sensor & 0x0C else Paper.OK

    @property
    def cover_open(self) -> bool:
        """Whether it said so."""
        return bool((self.offline_cause or 0) & 0x04)

    @property
    def wants_recovery(self) -> bool:
        """Whether it reports an error that ends only when the host says DLE ENQ."""
        return bool((self.error or 0) & 0x0C) and not self.cover_open

    def reasons(self) -> tuple[Reason, ...]:
        """Everything that is the matter, worst first; nothing for what it did not say."""
        printer, cause, error = self.printer or 0, self.offline_cause or 0, self.error or 0
        unexplained = bool(cause & 0x40) and self.error is None
        said = {
            "cover_open": self.cover_open,
            "paper_out": self.paper == Paper.OUT,
            "cutter_jam": bool(error & 0x08),
            "printer_error": bool(error & 0x20) or error & 0x0C == 0x04 or unexplained,
            # Some call an open cover an error that ends by itself, too (Epson TM-U230, memory switch 8-8).
            "print_head_hot": bool(error & 0x40) and not self.cover_open,
            "feed_pressed": bool(printer & 0x40 or cause & 0x08),
            "paper_low": self.paper == Paper.LOW,
        }
        return tuple(Reason(code) for code, holds in said.items() if holds)

    @property
    def faulty(self) -> bool:
        """Whether one of its reasons keeps it from printing."""
        return any(reason.code in FAULTS for reason in self.reasons())
