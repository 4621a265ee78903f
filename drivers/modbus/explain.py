"""Puts Modbus frames into words, for people who watch them."""

from __future__ import annotations

from collections.abc import Sequence

from pymodbus.pdu import ExceptionResponse, ModbusPDU

from drivers.modbus.exceptions import exception_text
from drivers.modbus.frames import Frame, Reader
from kioskd.devices.explain import Direction

WORDS = {3: "read", 4: "read inputs", 6: "write", 16: "write"}


class ModbusExplainer:
    """Both directions of one line. Pure."""

    def __init__(self, silence_s: float, address: int) -> None:
        """silence_s: the gap after which an unfinished frame will not be finished. address: the display's."""
        self._silence_s = silence_s
        self._wrong: list[str] = []
        self._readers = {
            "sent": Reader(requests=True, address=address, count=self._wrong.append),
            "received": Reader(requests=False, address=address, count=self._wrong.append),
        }
        self._at_s = {"sent": 0.0, "received": 0.0}

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """One line for each frame that is complete, and for each wrong checksum of the display's own."""
        reader = self._readers[direction]
        frames: list[Frame] = []
        if at_s - self._at_s[direction] > self._silence_s:
            frames = reader.silence()
        self._at_s[direction] = at_s
        frames += reader.feed(data)
        wrong = [counter.replace("_", " ") for counter in self._wrong]
        self._wrong.clear()
        return wrong + [_line(direction, frame.pdu) for frame in frames]


def _line(direction: Direction, pdu: ModbusPDU) -> str:
    if isinstance(pdu, ExceptionResponse):
        return f"refused, {exception_text(pdu.exception_code)}, from {pdu.dev_id}"
    code = pdu.function_code
    word = WORDS.get(code, f"function {code}")
    values = _characters(pdu.registers) or "".join(f" {value}" for value in pdu.registers)
    if direction == "sent":
        asked = f" ({pdu.count})" if not pdu.registers else f" ={values}"
        return f"{word} {pdu.address:04X}{asked}, to {pdu.dev_id}"
    if code in (3, 4):
        return f"it holds{values}, from {pdu.dev_id}"
    return f"done: {word} {pdu.address:04X}{f' ={values}' if pdu.registers else ''}, from {pdu.dev_id}"


def _characters(registers: Sequence[int]) -> str:
    """The registers as text, where several of them are text."""
    raw = b"".join(register.to_bytes(2, "big") for register in registers)
    text = raw.decode("ascii", "replace")
    return f" “{text}”" if len(raw) > 2 and text.isprintable() and raw.isascii() else ""
