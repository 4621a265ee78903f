"""An emulated sound card that hears itself: it keeps what it was given to play, with the times."""

from __future__ import annotations

import io
import time
import wave
from collections import deque
from typing import Any

import msgspec

from drivers.alsa.wave_picture import draw
from kioskd.devices.emulation import Action, EmulatedWire, Emulator
from kioskd.devices.profiles import Profile

KEPT = 20
LOST_S = 2.0
"""A WAV that stops coming for so long was cut off with its daemon: what comes next is a request again."""
ACTIONS = (
    Action("mute", "静音", "mute it", "fault"),
    Action("stick", "声卡卡住", "let it hang: no sound ends", "fault"),
    Action("repair", "恢复正常", "let it work again", "fault"),
    Action("unplug", "拔出声卡", "pull the sound card out", "fault"),
    Action("plug", "插回声卡", "plug the sound card in", "fault"),
)


class Heard(msgspec.Struct):
    """One sound. The times are seconds since 1970; ended_unix_s is 0 while it plays.

    end: playing, whole, cut (stopped before its end), or silent (the card was muted).
    """

    index: int
    begun_unix_s: float
    length_s: float
    ended_unix_s: float = 0.0
    end: str = "playing"


class EmulatedSoundCard(Emulator):
    """One sound card; a person stands before its loudspeaker. See `kioskd.devices.sound_emulated`."""

    serial = False
    far_end = "alsa"

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self._unread = bytearray()
        self._play_id: int | None = None
        self._missing = 0
        """How many bytes of the WAV that is being handed over are still on their way."""
        self._until_s = 0.0
        self._heard_at_s = 0.0
        self._muted = False
        self._stuck = False
        self._sounds: deque[tuple[Heard, bytes]] = deque(maxlen=KEPT)
        self._count = 0

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Requests, one JSON object a line; after `play` come the bytes of the WAV."""
        if self._missing and self.wire.now_s() - self._heard_at_s > LOST_S:
            self._missing = 0
            self._unread.clear()
        self._heard_at_s = self.wire.now_s()
        self._unread += data
        while self._unread:
            if self._missing:
                if len(self._unread) < self._missing:
                    return
                wav = bytes(self._unread[: self._missing])
                del self._unread[: self._missing]
                self._missing = 0
                self._begin(wav)
            else:
                line, newline, rest = bytes(self._unread).partition(b"\n")
                if not newline:
                    return
                self._unread = bytearray(rest)
                self._asked(msgspec.json.decode(line))

    def _asked(self, request: dict[str, Any]) -> None:
        match request:
            case {"do": "play", "id": id_, "bytes": count}:
                self._finish("cut")
                self._play_id, self._missing = id_, count
            case {"do": "stop"}:
                self._finish("cut")
            case {"do": "mixer", "id": id_}:
                self._say({"id": id_, "muted": "Master is off" if self._muted else ""})

    def _begin(self, wav: bytes) -> None:
        with wave.open(io.BytesIO(wav)) as file:
            length_s = file.getnframes() / file.getframerate()
        self._until_s = self.wire.now_s() + length_s
        self._sounds.append((Heard(self._count, time.time(), length_s), wav))
        self._count += 1

    def tick(self) -> None:
        """The sound is at its end when its time has passed."""
        if self._playing() and self.wire.now_s() >= self._until_s and not self._stuck:
            id_ = self._play_id
            self._finish("silent" if self._muted else "whole")
            self._say({"id": id_, "ended": True})

    def _playing(self) -> bool:
        return self._play_id is not None and not self._missing

    def _finish(self, end: str) -> None:
        """The present sound, if there is one, ends like this."""
        if self._playing():
            heard, _ = self._sounds[-1]
            heard.ended_unix_s, heard.end = time.time(), end
        self._play_id = None

    def _say(self, answer: dict[str, Any]) -> None:
        self.wire.send(msgspec.json.encode(answer) + b"\n")

    # --- people ---

    def view(self) -> dict[str, Any]:
        """What was heard, the oldest first, and what is wrong with the card."""
        faults = [name for name, on in (("mute", self._muted), ("stick", self._stuck)) if on]
        return {
            "heard": [msgspec.structs.asdict(heard) for heard, _ in self._sounds],
            "faults": faults,
        }

    def picture(self, index: int = -1) -> bytes | None:
        """The sound as a wave."""
        wav = self.sound(index)
        return None if wav is None else draw(wav)

    def sound(self, index: int = -1) -> bytes | None:
        """A sound that it was given to play."""
        if index < 0:
            return self._sounds[-1][1] if self._sounds else None
        return next((wav for heard, wav in self._sounds if heard.index == index), None)

    def actions(self) -> list[Action]:
        """What a person can do to it."""
        return list(ACTIONS)

    def act(self, action: str) -> None:
        """Do one of `actions`."""
        match action:
            case "mute":
                self._muted = True
            case "stick":
                self._stuck = True
            case "repair":
                self._muted = self._stuck = False
            case "unplug":
                self._finish("cut")
                self._missing = 0
                self._unread.clear()
                self.wire.unplug()
            case "plug":
                self.wire.plug()
            case _:
                raise KeyError(action)
