"""The device's side of a profile: a strip that lights up, a pad that is pressed, an evaluator.

It is made from the same text as the driver and shares the reading of that text with it. Its behaviour is its
own: a pad sends a key again until it is acknowledged, stays polite on a busy line, and can be faulty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from drivers.framed.codec import FACTORY_ADDRESS, Heard, Message, layouts_of, understand
from drivers.framed.decoder import Decoder
from drivers.framed.driver import codec_of
from drivers.framed.fieldtypes import Value
from drivers.framed.frame import Frame
from drivers.framed.options import FramedOptions
from drivers.framed.shown import Shown
from drivers.framed.spec import ReceiveSpec, SendSpec
from kioskd.devices.emulation import Action, EmulatedWire
from kioskd.devices.faulty_emulation import FaultyEmulator
from kioskd.devices.kinds import Kind, Signal
from kioskd.devices.labels import Label, key_action, rating_action, usual_faults
from kioskd.devices.profiles import Profile

TIMES_SENT = 6
"""A key is sent, and again up to five times while nobody acknowledges it."""
LATE_S = 1.5
"""How late a late device is."""
QUIET_S = 0.03
"""A device speaks once its line has been quiet for so long."""


class _Press(msgspec.Struct):
    """A key or rating on its way to the host. answer: the acknowledgement it waits for; empty: none."""

    frame: bytes
    answer: bytes
    due_s: float
    left: int = TIMES_SENT


class EmulatedFramedDevice(FaultyEmulator):
    """One emulated device."""

    FAULTS: ClassVar[Mapping[str, Label]] = usual_faults("silent", "late", "wrong_checksum")

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, FACTORY_ADDRESS if address is None else address)
        self._options = msgspec.convert(profile.options, FramedOptions)
        self._codec = codec_of(profile, {})
        self._bad: Counter[str] = Counter()
        self._decoder = Decoder(layouts_of(self._codec.send.values()), self._count)
        self._shown = Shown()
        self._presses: list[_Press] = []
        self._outbox: list[tuple[float, bytes]] = []
        self._heard_s = self.wire.now_s()
        self._beeps = 0
        self._invited = False
        self._unacknowledged = 0

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Bytes from the host arrived."""
        self._heard_s = self.wire.now_s()
        if "silent" not in self.faults:
            self._take_all(self._decoder.feed(data))

    def tick(self) -> None:
        """Time passes: give up unfinished frames, send unacknowledged keys again, send what waits."""
        now_s = self.wire.now_s()
        if now_s - self._heard_s > self.profile.timing.silence_s:
            self._take_all(self._decoder.silence())
        self._send_press(now_s)
        if now_s - self._heard_s < QUIET_S:
            return
        due = [frame for due_s, frame in self._outbox if due_s <= now_s]
        self._outbox = [(due_s, frame) for due_s, frame in self._outbox if due_s > now_s]
        for frame in due:
            self.wire.send(frame)

    def _send_press(self, now_s: float) -> None:
        """One key at a time: the next waits until the one before is acknowledged or given up."""
        if not self._presses or self._presses[0].due_s > now_s:
            return
        press = self._presses[0]
        if press.left == 0:
            self._unacknowledged += 1
            self._presses.pop(0)
            return
        self._say(press.frame)
        press.left -= 1
        press.due_s = now_s + self._options.resend_every_s
        if not press.answer:
            self._presses.pop(0)

    def _say(self, frame: bytes) -> None:
        if "silent" in self.faults:
            return
        if "wrong_checksum" in self.faults:
            frame = _spoilt(frame)
        late_s = LATE_S if "late" in self.faults else 0.0
        self._outbox.append((self.wire.now_s() + late_s, frame))

    def _count(self, counter: str) -> None:
        self._bad[counter] += 1

    # --- what the host says ---

    def _take_all(self, frames: list[Frame]) -> None:
        for frame in frames:
            if frame.address in (None, self.address) and not self._acknowledges(frame):
                heard = understand(frame, self._codec.send.values())
                if heard is not None:
                    self._obey(heard)

    def _acknowledges(self, frame: Frame) -> bool:
        """Whether this frame is what the pressed key is waiting for."""
        if not self._presses or self._presses[0].answer != frame.raw:
            return False
        self._presses.pop(0)
        return True

    def _obey(self, heard: Heard) -> None:
        if heard.message is self._codec.signals.get(Signal.BEEP):
            self._beeps += 1
        elif heard.message is self._codec.signals.get(Signal.INVITE_RATING):
            self._invited = True
        elif self._shows_signs(heard.message):
            self._shown.take(heard)
        spec = heard.message.spec
        assert isinstance(spec, SendSpec)
        if spec.expect:
            self._answer(self._codec.receive[spec.expect], heard.values)

    def _shows_signs(self, message: Message) -> bool:
        spec = message.spec
        shown = any(message in messages for choices in self._codec.show.values() for messages in choices)
        return shown or (isinstance(spec, SendSpec) and (spec.clears or spec.shows is not None))

    def _answer(self, message: Message, values: Mapping[str, Value]) -> None:
        self._say(message.encode({**self._codec.constants, **values}, self.address))

    # --- people ---

    def view(self) -> dict[str, Any]:
        """What is lit, heard and wrong."""
        view: dict[str, Any] = {"faults": sorted(self.faults), "bad_frames": dict(self._bad)}
        if Kind.DISPLAY in self.profile.kinds:
            view |= self._shown.view()
        if Signal.BEEP in self._codec.signals:
            view["beeps"] = self._beeps
        if Signal.INVITE_RATING in self._codec.signals:
            view["rating_invited"] = self._invited
        if self._codec.receive:
            view |= {"waiting_for_answer": bool(self._presses), "unacknowledged": self._unacknowledged}
        return view

    def actions(self) -> list[Action]:
        """Its keys, its rating keys, and its faults."""
        keys = [key_action(key) for key in self._key_codes()]
        ratings = [rating_action(level) for level in sorted(self._rating_codes(), reverse=True)]
        return [*keys, *ratings, *super().actions()]

    def act(self, action: str) -> None:
        """Press a key, or switch a fault on or off. Raises KeyError."""
        ratings = {f"rate_{level}": code for level, code in self._rating_codes().items()}
        if action in ratings:
            self._press("rating", ratings[action])
            self._invited = False
        elif action in self._key_codes():
            self._press("key", self._key_codes()[action])
        else:
            super().act(action)

    def _key_codes(self) -> dict[str, bytes]:
        keys = self._codec.keys if Kind.KEYPAD in self.profile.kinds else {}
        return {name: code for code, name in keys.items()}

    def _rating_codes(self) -> dict[int, bytes]:
        ratings = self._codec.ratings if Kind.EVALUATOR in self.profile.kinds else {}
        return {level: code for code, level in ratings.items()}

    def _press(self, value: str, code: bytes) -> None:
        """Put a press on its way, by the first message that carries such a value."""
        message = next(message for message in self._codec.receive.values() if value in message.names)
        values: dict[str, Value] = {**self._codec.constants, value: code}
        frame = message.encode(values, self.address)
        self._presses.append(_Press(frame, self._answer_to(message, frame, values), self.wire.now_s()))
        self._send_press(self.wire.now_s())

    def _answer_to(self, message: Message, frame: bytes, values: Mapping[str, Value]) -> bytes:
        spec = message.spec
        assert isinstance(spec, ReceiveSpec)
        if spec.acknowledge in ("", "echo"):
            return frame if spec.acknowledge else b""
        return self._codec.send[spec.acknowledge].encode(values, self.address)


def _spoilt(frame: bytes) -> bytes:
    """The frame with one bit of its middle flipped: its ends stay, its checksum no longer fits."""
    middle = len(frame) // 2
    return frame[:middle] + bytes([frame[middle] ^ 0x40]) + frame[middle + 1 :]
