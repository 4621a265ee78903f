"""Puts the frames between host and controller into words, for people who watch them."""

from __future__ import annotations

from drivers.onbon import commands
from drivers.onbon.frames import BROADCAST, HOST, Decoder, Packet
from drivers.onbon.screen import Shown, read_areas
from kioskd.devices.explain import Direction

NAMES = {
    b"\xa2\x00": "ping",
    b"\xa2\x04": "which firmware?",
    b"\xa1\x02": "which state?",
    b"\xa3\x10": "clear the screen",
}
FIXED_BYTES = 5
"""Group, number, answer wanted (or error), two more."""


class OnbonExplainer:
    """Both directions of one port. Pure."""

    def __init__(self, silence_s: float) -> None:
        """silence_s: the gap after which an unfinished frame will not be finished."""
        self._silence_s = silence_s
        self._wrong: list[str] = []
        self._decoders = {side: Decoder(self._wrong.append) for side in ("sent", "received")}
        self._at_s = {"sent": 0.0, "received": 0.0}

    def explain(self, direction: Direction, data: bytes, at_s: float) -> list[str]:
        """One line for each frame that is complete, and for each thing that is wrong."""
        decoder = self._decoders[direction]
        if at_s - self._at_s[direction] > self._silence_s:
            decoder.silence()
        self._at_s[direction] = at_s
        packets = decoder.feed(data)
        wrong = [counter.replace("_", " ") for counter in self._wrong]
        self._wrong.clear()
        return wrong + [_line(packet) for packet in packets]


def _line(packet: Packet) -> str:
    if packet.sender != HOST or packet.to == HOST:
        return f"{_answer(packet.data)}, from {_place(packet.sender)}{_model(packet.device_type)}"
    return f"{_request(packet.data)}, to {_place(packet.to)}"


def _place(address: int) -> str:
    return "whoever hears it (FFFE)" if address == BROADCAST else f"screen {address}"


def _model(device_type: int) -> str:
    return f" ({commands.MODELS[device_type]})" if device_type in commands.MODELS else ""


def _answer(data: bytes) -> str:
    answer = commands.answer_of(data)
    if answer is None:
        return "an answer that is too short"
    if not answer.accepted:
        return f"refused: {commands.error_text(answer.error)}"
    if data[:2] == commands.ACK:
        return "done"
    told = commands.firmware_of(answer.data)
    if told == "unknown":
        told = answer.data.hex(" ").upper()
    return f"{NAMES.get(data[:2], data[:2].hex(' ').upper())} {told}"


def _request(data: bytes) -> str:
    command, rest = data[:2], data[FIXED_BYTES:]
    if command in NAMES:
        return NAMES[command]
    if command == b"\xa3\x00" and rest in (b"\1", b"\2"):
        return "screen on" if rest == b"\1" else "screen off"
    if command == b"\xa3\x02" and len(rest) >= 2:
        return f"brightness {rest[1]} of 15"
    if command == b"\xa3\x06" and (found := read_areas(rest)) is not None:
        deleted, areas = found
        dark = ["all areas dark"] if deleted is None else [f"area {number} dark" for number in deleted]
        return "; ".join(dark + [_area(area) for area in areas]) or "nothing to show"
    return f"command {data.hex(' ').upper()}"


def _area(area: Shown) -> str:
    shown = "".join(f"{run.colour} “{run.text}” " for run in area.runs).replace("\n", "⏎").strip()
    moves = ", moving" if area.moves else ""
    return f"area {area.number} at {area.x},{area.y} size {area.width}×{area.height}: {shown}{moves}"
