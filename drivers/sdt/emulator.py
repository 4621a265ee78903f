"""A card reader with cards to lay on it. Its reading of the document is its own, not the driver's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from drivers.sdt.samples import Sample, samples
from kioskd.devices.emulation import Action, EmulatedWire
from kioskd.devices.faulty_emulation import FaultyEmulator
from kioskd.devices.labels import Label, usual_faults
from kioskd.devices.profiles import Profile

PREFIX = b"\xaa\xaa\xaa\x96\x69"
ANSWER_S = {0x11: 0.01, 0x20: 0.03, 0x30: 0.4}
"""How long the reader takes, by CMD: reading a card is slow."""
NOISE = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 13 AA AA")


class EmulatedReader(FaultyEmulator):
    """One reader. After a card was read it is not found once, as on readers that lose its field."""

    FAULTS: ClassVar[Mapping[str, Label]] = usual_faults("silent") | {
        "garbage": Label("乱码", "Garbage"),
        "self_test_failed": Label("自检失败", "Self-test failed"),
    }

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self._heard = b""
        self._outbox: list[tuple[float, bytes]] = []
        self._lies: str | None = None
        self._found = self._selected = False
        self._lost_once = False
        self._reads = 0

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Commands of the host, in any pieces."""
        self._heard += data
        while (at := self._heard.find(PREFIX)) >= 0:
            self._heard = self._heard[at:]
            if len(self._heard) < 7:
                return
            length = self._heard[5] * 256 + self._heard[6]
            if len(self._heard) < 7 + length:
                return
            self._hear(self._heard[5:7], self._heard[7 : 7 + length])
            self._heard = self._heard[7 + length :]

    def tick(self) -> None:
        """Send the answers that are due."""
        now_s = self.wire.now_s()
        due = [answer for at_s, answer in self._outbox if at_s <= now_s]
        self._outbox = [(at_s, answer) for at_s, answer in self._outbox if at_s > now_s]
        for answer in due:
            self.wire.send(answer)

    def _hear(self, length: bytes, rest: bytes) -> None:
        if "silent" in self.faults:
            return
        check = 0
        for value in length + rest[:-1]:
            check ^= value
        if len(rest) < 3 or check != rest[-1]:
            self._say(0x10, b"", 0.0)
            return
        status, data = self._obey(rest[0], rest[1])
        self._say(status, data, ANSWER_S.get(rest[0], 0.0))

    def _obey(self, command: int, para: int) -> tuple[int, bytes]:
        if "self_test_failed" in self.faults:
            return 0x60, b""
        match command, para:
            case 0x11, 0xFF:
                return 0x90, b""
            case 0x20, 0x01:
                return self._find()
            case 0x20, 0x02:
                self._selected = self._found
                return (0x90, bytes(8)) if self._found else (0x81, b"")
            case 0x30, 0x01:
                return self._read()
        return 0x21, b""

    def _find(self) -> tuple[int, bytes]:
        self._found = self._lies is not None and not self._lost_once
        self._lost_once = self._selected = False
        return (0x9F, bytes(4)) if self._found else (0x80, b"")

    def _read(self) -> tuple[int, bytes]:
        card = self._card()
        if card is None or not self._selected or card.layout == "damaged":
            return 0x41, b""
        self._reads += 1
        self._found, self._lost_once = False, True
        return 0x90, card.data

    def _say(self, status: int, data: bytes, after_s: float) -> None:
        body = b"\x00\x00" + bytes([status]) + data
        size = len(body) + 1
        answer = bytes([size // 256, size % 256]) + body
        check = 0
        for value in answer:
            check ^= value
        if "garbage" in self.faults:
            check ^= 0x40
            answer = NOISE + answer
        self._outbox.append((self.wire.now_s() + after_s, PREFIX + answer + bytes([check])))

    # --- people ---

    def _card(self) -> Sample | None:
        return None if self._lies is None else samples()[self._lies]

    def view(self) -> dict[str, Any]:
        """Which card lies there."""
        card = self._card()
        return {
            "text": "" if card is None else card.zh,
            "card": self._lies or "",
            "read": self._reads,
            "faults": sorted(self.faults),
        }

    def actions(self) -> list[Action]:
        """The cards to lay on, the hand that takes them away, and the faults."""
        cards = [
            Action(name=f"lay_{name}", zh=card.zh, en=card.en, group="card")
            for name, card in samples().items()
        ]
        return [
            *cards, Action(name="take_away", zh="拿走", en="Take away", group="card"), *super().actions()
        ]  # fmt: skip

    def act(self, action: str) -> None:
        """Lay a card on, take it away, or switch a fault. Raises KeyError."""
        if action == "take_away":
            self._lay(None)
        elif action.removeprefix("lay_") in samples() and action.startswith("lay_"):
            self._lay(action.removeprefix("lay_"))
        else:
            super().act(action)

    def _lay(self, card: str | None) -> None:
        """A card, or none, lies on the reader."""
        self._lies = card
        self._found = self._selected = self._lost_once = False
