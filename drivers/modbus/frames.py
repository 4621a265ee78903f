"""Modbus-RTU frames in a stream. pymodbus knows what is in them; here they are found on a shared line.

pymodbus's own framer drops all it has heard when one checksum is wrong, and counts nothing. So the search is
ours (any garbage before, between and after), the frames and their checksums are pymodbus's.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU

FRAME_BYTES = 256
"""The longest frame (Modbus over serial line V1.02, 2.5.1)."""
SHORTEST_BYTES = 4


class Frame(msgspec.Struct, frozen=True):
    """One frame with a right checksum: what it says, and its bytes."""

    pdu: ModbusPDU
    raw: bytes


class _Short(Exception):  # noqa: N818 - it says what it is
    """More bytes may make it a frame."""


class Reader:
    """Takes bytes as they come and gives whole frames. Never raises for anything in the bytes.

    requests: read what a master sends; otherwise what devices answer. count: told of each wrong checksum of a
    frame of `address`; what belongs to nobody is skipped in silence, as the line may carry other protocols.
    """

    def __init__(self, *, requests: bool, address: int, count: Callable[[str], None]) -> None:
        self._framer = FramerRTU(DecodePDU(requests))
        self._address = address
        self._count = count
        self._buffer = bytearray()
        self._echo = b""
        self._echo_heard: Callable[[], None] = lambda: None

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes."""
        self._buffer += data
        return self._scan(complete=False)

    def silence(self) -> list[Frame]:
        """The line has been quiet: what was unfinished stays so; frames that it hid are found."""
        return self._scan(complete=True)

    def expect_echo(self, sent: bytes, heard: Callable[[], None]) -> None:
        """Skip these bytes once if they come back to us, and tell `heard`; empty: they will not."""
        self._echo, self._echo_heard = sent, heard

    def _scan(self, *, complete: bool) -> list[Frame]:
        frames: list[Frame] = []
        at = 0
        while at < len(self._buffer):
            data = bytes(self._buffer[at : at + FRAME_BYTES])
            if self._echo and data.startswith(self._echo):
                at += len(self._echo)
                self._echo = b""
                self._echo_heard()
                continue
            try:
                frame = self._at(data)
            except _Short:
                if not complete:
                    break
                frame = None
            if frame is not None:
                frames.append(frame)
            at += len(frame.raw) if frame else 1
        del self._buffer[:at]
        return frames

    def _at(self, data: bytes) -> Frame | None:
        """The frame that `data` begins with, or None. Raises _Short."""
        if len(data) < SHORTEST_BYTES or (self._echo and self._echo.startswith(data)):
            raise _Short
        kind = self._framer.decoder.lookupPduClass(data)
        if kind is None:
            return None
        size = kind.calculateRtuFrameSize(data)
        if size > FRAME_BYTES:
            return None
        if not size or len(data) < size:
            raise _Short
        raw = data[:size]
        if not FramerRTU.check_CRC(raw[:-2], int.from_bytes(raw[-2:], "big")):
            if raw[0] == self._address:
                self._count("bad_checksum")
            return None
        pdu = self._framer.decoder.decode(raw[1:-2])
        if pdu is None:
            return None
        pdu.dev_id = raw[0]
        return Frame(pdu, raw)


def encode(pdu: ModbusPDU) -> bytes:
    """The frame of a request or an answer; its device address is the PDU's `dev_id`."""
    return FramerRTU(DecodePDU(False)).buildFrame(pdu)
