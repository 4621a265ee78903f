"""The port of an emulated sound card: what is asked of the emulator host over TCP.

A request is a line of JSON: {"do": "play", "id": N, "bytes": COUNT} and then that many bytes of a WAV file;
{"do": "stop", "id": N}; {"do": "mixer", "id": N}. An answer is a line of JSON: {"id": N, "ended": true} at
the end of the sound, {"id": N, "muted": TEXT} about the mixer.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any

import msgspec

from kioskd.devices.errors import PortError
from kioskd.devices.ports import CONNECT_S
from kioskd.devices.sound import Sound
from kioskd.devices.sound_port import SoundPort

ANSWER_S = 0.9
LONGEST_ANSWER_BYTES = 65536


class EmulatedSound(SoundPort):
    """A connection to one emulated sound card."""

    model = "emulated sound card"

    def __init__(self, place: str) -> None:
        host, _, number = place.removeprefix("tcp:").rpartition(":")
        self._place = place
        try:
            self._socket = socket.create_connection((host, int(number)), timeout=CONNECT_S)
        except OSError as error:
            raise PortError("port_missing", f"no emulated sound card at {place}: {error}") from error
        super().__init__()
        self._socket.setblocking(False)
        self._id = 0
        self._playing: int | None = None
        self._unsent = bytearray()
        self._unread = bytearray()
        self._answers: dict[int, dict[str, Any]] = {}

    def start(self, sound: Sound) -> None:
        """Begin to play."""
        self._playing = self._ask({"do": "play", "bytes": len(sound.wav)}, sound.wav)

    def ended(self, timeout_s: float) -> bool:
        """Whether the card said that the sound is at its end."""
        if self._playing is not None and self._answer(self._playing, timeout_s) is None:
            return False
        self._playing = None
        return True

    def stop(self) -> None:
        """Stop playing."""
        if self._playing is not None:
            self._playing = None
            self._ask({"do": "stop"})

    def muted(self) -> str:
        """What the card's mixer says. One that says nothing hangs, and can still be told to play."""
        answer = self._answer(self._ask({"do": "mixer"}), ANSWER_S)
        return "" if answer is None else str(answer.get("muted", ""))

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()
        super().close()

    def _ask(self, request: dict[str, Any], data: bytes = b"") -> int:
        self._id += 1
        self._unsent += msgspec.json.encode({"id": self._id, **request}) + b"\n" + data
        self._move(0)
        return self._id

    def _answer(self, wanted: int, timeout_s: float) -> dict[str, Any] | None:
        """The answer to this request, while what is not yet sent goes out; None when none came in time."""
        until_s = time.monotonic() + timeout_s
        while wanted not in self._answers:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._move(left_s)
        answer = self._answers[wanted]
        self._answers = {id_: one for id_, one in self._answers.items() if id_ > wanted}
        return answer

    def _move(self, timeout_s: float) -> None:
        """Send what goes, and read what came."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        events = dict(poll.poll(timeout_s * 1000)).get(self._socket.fileno(), 0)
        try:
            if events & select.POLLOUT:
                del self._unsent[: self._socket.send(self._unsent)]
            if events & (select.POLLIN | select.POLLHUP | select.POLLERR):
                self._read(self._socket.recv(65536))
        except BlockingIOError:
            return
        except OSError as error:
            raise self._lost() from error

    def _read(self, data: bytes) -> None:
        self._unread += data
        if not data or len(self._unread) > LONGEST_ANSWER_BYTES:
            raise self._lost()
        *lines, rest = self._unread.split(b"\n")
        self._unread = bytearray(rest)
        for line in lines:
            try:
                answer = msgspec.json.decode(line, type=dict[str, Any])
                self._answers[int(answer["id"])] = answer
            except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
                raise self._lost() from error

    def _lost(self) -> PortError:
        return PortError("port_lost", f"the emulated sound card at {self._place} was unplugged")
