"""Frames of the BX-5K/6K protocol: packed, escaped, and found in whatever arrives.

    A5 ×8 │ to(le16) from(le16) 00 00 00 option check display device version length(le16) data crc(le16) │ 5A

Source: BX-5K/6K通讯协议用户版本 (Onbon), chapters on the physical layer and the packet header. The CRC and
the length are those of the frame before escaping; A5 and 5A themselves appear only at its ends.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec
from crccheck.crc import CrcArc

from kioskd.devices.escapes import Escapes

HEAD = b"\xa5" * 8
TAIL = b"\x5a"
HOST = 0x8000
"""Our address: computers have 8000 to DFFF."""
BROADCAST = 0xFFFE
"""Whatever controller hears it takes it, and answers."""
WIRE_BYTES = 8192
"""More than this without an end is no frame."""

_ESCAPES = Escapes({b"\xa5": b"\xa6\x02", b"\xa6": b"\xa6\x01", b"\x5a": b"\x5b\x02", b"\x5b": b"\x5b\x01"})
_HEADER = struct.Struct("<HH3x5BH")
_CRC = struct.Struct("<H")


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """One frame without its wrapping. device_type FE: any model. display_mode 1: see `OnbonOptions`."""

    to: int
    data: bytes
    sender: int = HOST
    display_mode: int = 0
    device_type: int = 0xFE


def encode(packet: Packet) -> bytes:
    """The packet as it goes on the wire. Option 0: no bar code follows; check 0: the CRC; version 2."""
    option, check, version = 0, 0, 2
    body = _HEADER.pack(
        packet.to,
        packet.sender,
        option,
        check,
        packet.display_mode,
        packet.device_type,
        version,
        len(packet.data),
    )
    body += packet.data
    return HEAD + _ESCAPES.escape(body + _CRC.pack(CrcArc.calc(body))) + TAIL


class Decoder:
    """Takes bytes as they come and gives whole packets. Never raises for anything in the bytes.

    count: told the name of each thing that was wrong.
    """

    def __init__(self, count: Callable[[str], None]) -> None:
        self._count = count
        self._body: bytearray | None = None
        """What came since the last A5; None: no frame has begun."""

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that `data` completes."""
        packets: list[Packet] = []
        noise = False
        for byte in data:
            if byte == HEAD[0]:
                if self._body:
                    self._count("cut_short")
                self._body = bytearray()
            elif self._body is None:
                noise = True
            elif byte == TAIL[0]:
                packets += self._packet(bytes(self._body))
                self._body = None
            else:
                self._grow(byte)
        if noise:
            self._count("noise")
        return packets

    def silence(self) -> None:
        """The line has been quiet: an unfinished frame will not be finished."""
        if self._body:
            self._count("cut_short")
        self._body = None

    def _grow(self, byte: int) -> None:
        assert self._body is not None
        self._body.append(byte)
        if len(self._body) > WIRE_BYTES:
            self._count("too_long")
            self._body = None

    def _packet(self, wire: bytes) -> list[Packet]:
        body = _ESCAPES.unescape(wire)
        if body is None:
            self._count("bad_escape")
        elif len(body) < _HEADER.size + _CRC.size:
            self._count("bad_length")
        elif _CRC.unpack(body[-2:])[0] != CrcArc.calc(body[:-2]):
            self._count("bad_checksum")
        else:
            to, sender, _, _, display_mode, device_type, _, length = _HEADER.unpack_from(body)
            data = body[_HEADER.size : -_CRC.size]
            if length == len(data):
                packet = Packet(
                    to=to, sender=sender, display_mode=display_mode, device_type=device_type, data=data
                )
                return [packet]
            self._count("bad_length")
        return []
