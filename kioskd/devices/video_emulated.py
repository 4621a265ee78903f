"""The port of an emulated camera: what V4L2's calls do, asked over TCP of the emulator host.

A request is a line of JSON: {"id": N, "do": "modes" / "start" / "frame" / "stop" / "focus", …}. An answer is
its length in bytes (4, big-endian), the id (4, big-endian) and the content: JSON, or for `frame` the frame.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any

import msgspec

from kioskd.devices.errors import PortError
from kioskd.devices.ports import CONNECT_S
from kioskd.devices.video_port import Focus, VideoMode, VideoPort

ANSWER_S = 1.0
LARGEST_ANSWER_BYTES = 64 * 2**20


class EmulatedVideo(VideoPort):
    """A connection to one emulated camera."""

    model = "emulated camera"

    def __init__(self, place: str) -> None:
        host, _, number = place.removeprefix("tcp:").rpartition(":")
        self._place = place
        try:
            self._socket = socket.create_connection((host, int(number)), timeout=CONNECT_S)
        except OSError as error:
            raise PortError("port_missing", f"no emulated camera at {place}: {error}") from error
        super().__init__()
        self._socket.setblocking(False)
        self._id = 0
        self._asked_frame: int | None = None
        self._unread = bytearray()

    def modes(self) -> tuple[VideoMode, ...]:
        """The modes it offers."""
        return msgspec.json.decode(self._ask(do="modes"), type=tuple[VideoMode, ...])

    def set_focus(self, focus: Focus) -> str:
        """Set the focus, and say how it is now."""
        return msgspec.json.decode(self._ask(do="focus", focus=focus), type=str)

    def start(self, mode: VideoMode) -> None:
        """Begin to send frames."""
        self._asked_frame = None
        self._ask(do="start", mode=msgspec.to_builtins(mode))

    def read_frame(self, timeout_s: float) -> bytes | None:
        """The next frame; one that was asked for and did not come is still waited for the next time."""
        if self._asked_frame is None:
            self._asked_frame = self._send(do="frame")
        frame = self._answer(self._asked_frame, timeout_s)
        if frame is not None:
            self._asked_frame = None
        return frame

    def stop(self) -> None:
        """Send no more."""
        self._asked_frame = None
        self._ask(do="stop")

    def check(self) -> None:
        """The other end hangs up when its cable is pulled."""
        self._receive(0)

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()
        super().close()

    def _ask(self, **request: Any) -> bytes:
        answer = self._answer(self._send(**request), ANSWER_S)
        if answer is None:
            raise PortError("port_lost", f"the emulated camera at {self._place} does not answer")
        return answer

    def _send(self, **request: Any) -> int:
        self._id += 1
        try:
            self._socket.send(msgspec.json.encode({"id": self._id, **request}) + b"\n")
        except OSError as error:
            raise self._lost() from error
        return self._id

    def _answer(self, wanted: int, timeout_s: float) -> bytes | None:
        """The answer to this request; those to earlier ones are dropped."""
        until_s = time.monotonic() + timeout_s
        while True:
            while len(self._unread) >= 8:
                length, id_ = (int.from_bytes(self._unread[at : at + 4], "big") for at in (0, 4))
                if length > LARGEST_ANSWER_BYTES:
                    raise self._lost()
                if len(self._unread) < 8 + length:
                    break
                content = bytes(self._unread[8 : 8 + length])
                del self._unread[: 8 + length]
                if id_ == wanted:
                    return content
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._receive(left_s)

    def _receive(self, timeout_s: float) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        if not poll.poll(timeout_s * 1000):
            return
        try:
            data = self._socket.recv(2**20)
        except BlockingIOError:
            return
        except OSError as error:
            raise self._lost() from error
        if not data:
            raise self._lost()
        self._unread += data

    def _lost(self) -> PortError:
        return PortError("port_lost", f"the emulated camera at {self._place} was unplugged")
