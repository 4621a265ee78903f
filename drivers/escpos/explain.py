"""Puts a printer's conversation into words: questions, status bits, the text of a ticket."""

from __future__ import annotations

from collections import deque

from drivers.escpos import commands
from drivers.escpos.status import (
    Answer,
    AnswerReader,
    Automatic,
    Identity,
    PrinterStatus,
    Processed,
    RealTime,
    Sensor,
)
from kioskd.devices.explain import Direction

ABOUT = {1: "printer", 2: "cause of being off line", 3: "error", 4: "paper"}
CODES = {
    b"\x1b@": "start anew (ESC @)",
    b"\x1dV": "cut (GS V)",
    b"\x1bi": "cut (ESC i)",
    b"\x1bm": "cut (ESC m)",
    b"\x1da": "tell status by yourself (GS a)",
    b"\x1dr": "answer when all before this is printed (GS r)",
    b"\x1dI": "who are you (GS I)",
    b"\x1dv": "a picture (GS v 0)",
    b"\x10\x05": "print on after an error (DLE ENQ)",
}
"""Commands worth a line; the others, such as sizes and places, are left out."""
MARK = b"\x1d("
WAITING_BYTES = 65536
"""A command longer than this is none: its beginning was missed."""


class EscposExplainer:
    """Both directions of one printer. Pure. encoding: how its Chinese is encoded."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._stream = bytearray()
        self._asked: deque[int] = deque(maxlen=8)
        self._reader = AnswerReader()

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """What was asked, told, printed or answered, a line each."""
        if direction == "sent":
            return self._sent(data)
        answers = [self._answer(answer) for answer in self._reader.feed(data)]
        dropped, self._reader.dropped = self._reader.dropped, 0
        return answers + ([f"{dropped} bytes that are no answer"] if dropped else [])

    # --- to the printer ---

    def _sent(self, data: bytes) -> list[str]:
        self._stream += data
        lines: list[str] = []
        text = ""
        while item := commands.take(self._stream, chinese=True, encoding=self._encoding):
            raw = item.raw
            del self._stream[: len(raw)]
            if isinstance(item, commands.Character):
                text += raw.decode(self._encoding, errors="replace")
                continue
            line = self._command(item)
            if text.strip() and (line or item.code == b"\n"):
                lines.append(f"prints “{text.strip()}”")
                text = ""
            if line:
                lines.append(line)
        if text.strip():
            lines.append(f"prints “{text.strip()}”")
        if len(self._stream) > WAITING_BYTES:
            self._stream.clear()
        return lines

    def _command(self, command: commands.Command) -> str:
        if command.code == b"\x10\x04" and command.args:
            self._asked.append(command.args[0])
            return f"asks DLE EOT {command.args[0]}: {ABOUT.get(command.args[0], 'unknown')}"
        if command.code == MARK and command.args[:1] == b"H":
            return f"answer when all before this is printed (GS ( H, mark {_ascii(command.args[-4:])})"
        return CODES.get(command.code, "")

    # --- from the printer ---

    def _answer(self, answer: Answer) -> str:
        match answer:
            case RealTime(bits):
                return self._real_time(bits)
            case Automatic(packet):
                status = PrinterStatus()
                status.told_automatically(packet)
                return f"status by itself: {_words(status)}"
            case Processed(mark):
                return f"all before mark {_ascii(mark)} is printed"
            case Identity(text):
                return f"it is “{text}”"
            case Sensor(bits):
                return f"all before GS r is printed; paper sensor {bits:02X}"

    def _real_time(self, bits: int) -> str:
        if not self._asked:
            return f"an answer to DLE EOT that was not seen asked: {bits:02X}"
        question = self._asked.popleft()
        if question not in ABOUT:
            return f"DLE EOT {question}: {bits:02X}"
        status = PrinterStatus()
        status.told(question, bits)
        return f"DLE EOT {question}, {ABOUT[question]}: {_words(status)} ({bits:02X})"


def _words(status: PrinterStatus) -> str:
    return ", ".join(reason.code for reason in status.reasons()) or "nothing wrong"


def _ascii(mark: bytes) -> str:
    return mark.decode("ascii", errors="replace")
