"""The controller's side: it lights up, acknowledges, refuses, forgets its areas with the mains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from drivers.onbon.frames import BROADCAST, Decoder, Packet, encode
from drivers.onbon.screen import Shown, read_areas
from kioskd.devices.emulation import Action, EmulatedWire
from kioskd.devices.faulty_emulation import FaultyEmulator
from kioskd.devices.labels import Label, cable_actions, power_cut_action, usual_faults
from kioskd.devices.profiles import Profile

LATE_S = 2.5
"""How late a late controller answers."""
FIRMWARE = b"BX6K" + b"21032601" + b"2021-03-26 10:00:00"
MODEL = 0x61
"""It is a BX-6K1."""
UNKNOWN_GROUP, UNKNOWN_COMMAND, BUSY, NO_MEMORY, BAD_CHECKSUM = 1, 2, 3, 4, 5
_TICKET = re.compile(r"[A-Z]{1,2}[0-9]+|[0-9]{3,}")
"""A ticket's number inside a sentence."""


class EmulatedOnbon(FaultyEmulator):
    """One emulated device: one area of a screen, and with area 0 the controller itself.

    Where several devices share a controller, each is emulated alone; the one with area 0, which every
    screen has, answers what concerns the whole.
    """

    FAULTS: ClassVar[Mapping[str, Label]] = usual_faults("silent", "late", "wrong_checksum") | {
        "refuse": Label("拒绝（NACK）", "Refuses (NACK)"),
        "busy": Label("忙（NACK 3）", "Busy (NACK 3)"),
    }

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self._area = int(profile.options.get("area", 0))
        self._bad: Counter[str] = Counter()
        self._decoder = Decoder(lambda counter: self._bad.update([counter]))
        self._outbox: list[tuple[float, bytes]] = []
        self._heard_s = wire.now_s()
        self._switch_on()

    def _switch_on(self) -> None:
        """As it is when the mains come: nothing in memory."""
        self._areas: dict[int, Shown] = {}
        self._on = True
        self._brightness = 15

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Bytes from the host arrived."""
        self._heard_s = self.wire.now_s()
        for packet in self._decoder.feed(data):
            if packet.to in (self.address or packet.to, BROADCAST) and "silent" not in self.faults:
                self._obey(packet)

    def tick(self) -> None:
        """Time passes: send what is due, give up unfinished frames."""
        now_s = self.wire.now_s()
        if now_s - self._heard_s > self.profile.timing.silence_s:
            self._decoder.silence()
        due = [frame for due_s, frame in self._outbox if due_s <= now_s]
        self._outbox = [(due_s, frame) for due_s, frame in self._outbox if due_s > now_s]
        for frame in due:
            self.wire.send(frame)

    def _obey(self, packet: Packet) -> None:
        if len(packet.data) < 5:
            return
        group, number, wants_answer = packet.data[:3]
        error, told = self._done(group, number, packet.data[5:])
        if error is None:
            return
        if wants_answer == 1:
            head = bytes([0xA0, 1 if error else 0, error]) if error or not told else bytes([group, number, 0])
            self._say(packet, head + b"\0\0" + told)

    def _done(self, group: int, number: int, data: bytes) -> tuple[int | None, bytes]:
        """Do it. The error code (None: none of this device's business), and what to tell."""
        if (group, number) == (0xA3, 0x06):
            return self._show(data), b""
        if self._area != 0:
            return None, b""
        if "busy" in self.faults:
            return BUSY, b""
        match group, number:
            case 0xA2, 0x00:
                return 0, b""
            case 0xA2, 0x04:
                return 0, FIRMWARE
            case 0xA1, 0x02:
                return 0, bytes([1 if self._on else 2, self._brightness]) + bytes(14)
            case _ if "refuse" in self.faults:
                return UNKNOWN_COMMAND, b""
            case 0xA3, 0x00 if data in (b"\1", b"\2"):
                self._on = data == b"\1"
            case 0xA3, 0x02 if len(data) >= 2 and data[0] == 1 and data[1] <= 15:
                self._brightness = data[1]
            case 0xA3, 0x10:
                self._areas.clear()
            case 0xA1 | 0xA2 | 0xA3, _:
                return UNKNOWN_COMMAND, b""
            case _:
                return UNKNOWN_GROUP, b""
        return 0, b""

    def _show(self, data: bytes) -> int | None:
        found = read_areas(data)
        if found is None:
            return NO_MEMORY if self._area == 0 else None
        deleted, areas = found
        mine = [area for area in areas if area.number == self._area]
        if (areas and not mine) or (deleted and self._area not in deleted):
            return None
        if "busy" in self.faults or "refuse" in self.faults:
            return BUSY if "busy" in self.faults else NO_MEMORY
        for number in list(self._areas) if deleted is None else deleted:
            self._areas.pop(number, None)
        self._areas |= {area.number: area for area in mine}
        return 0

    def _say(self, question: Packet, data: bytes) -> None:
        sender = BROADCAST if question.to == BROADCAST else (self.address or question.to)
        frame = encode(Packet(to=question.sender, sender=sender, device_type=MODEL, data=data))
        if "wrong_checksum" in self.faults:
            frame = frame[:10] + bytes([frame[10] ^ 0x40]) + frame[11:]
        if "late" in self.faults:
            self._outbox.append((self.wire.now_s() + LATE_S, frame))
        else:
            self.wire.send(frame)

    # --- people ---

    def view(self) -> dict[str, Any]:
        """What is lit, in which colours, and what is wrong. lit: the ticket's number, or empty."""
        area = self._areas.get(self._area) if self._on else None
        text = area.text if area else ""
        number = _TICKET.search(text)
        whole = {"power": "on" if self._on else "off", "brightness": self._brightness}
        return {
            "lit": number[0] if number else "",
            "text": text,
            "runs": [[run.colour, run.text] for run in area.runs] if area else [],
            "moves": area.moves if area else False,
            "area": self._area,
            **(whole if self._area == 0 else {}),
            "faults": sorted(self.faults),
            "bad_frames": dict(self._bad),
        }

    def actions(self) -> list[Action]:
        """Its faults, its mains and its cable."""
        return [*self.switches(), power_cut_action(), *cable_actions()]

    def act(self, action: str) -> None:
        """Switch a fault on or off, cut the power, pull the cable. Raises KeyError."""
        if action == "power_cut":
            self._switch_on()
        else:
            super().act(action)
