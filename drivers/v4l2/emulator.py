"""An emulated document camera: it answers what a V4L2 node answers, over the emulator host's TCP end."""

from __future__ import annotations

import io
import threading
from concurrent.futures import Future
from typing import Any

import msgspec

from drivers.v4l2 import desk
from kioskd.devices.emulation import Action, EmulatedWire, Emulator
from kioskd.devices.profiles import Profile
from kioskd.devices.video_port import VideoMode

MODES = (
    VideoMode("MJPG", 2592, 1944),
    VideoMode("MJPG", 1600, 1200),
    VideoMode("MJPG", 1280, 960),
    VideoMode("MJPG", 640, 480),
    VideoMode("YUYV", 640, 480),
)
"""Five megapixels, as the smaller document cameras have."""
FRAME_S = 1 / 15
SETTLED_FRAMES = 3
"""The first frames after the start are dark: exposure has not settled."""
THUMBNAIL_PX = (480, 360)
ACTIONS = (
    Action("next_page", "换下一页", "put the next page there"),
    Action("no_page", "取走纸张", "take the page away"),
    Action("dark", "灯灭", "switch the light off", "fault"),
    Action("light", "灯亮", "switch the light on", "fault"),
    Action("freeze", "画面卡住", "freeze: send no more frames", "fault"),
    Action("garbage", "画面损坏", "send broken frames", "fault"),
    Action("repair", "恢复正常", "send good frames again", "fault"),
    Action("unplug", "拔出摄像头", "pull the camera out", "fault"),
    Action("plug", "插回摄像头", "plug the camera in", "fault"),
)


class EmulatedCamera(Emulator):
    """One camera over a desk with a few pages."""

    far_end = "video"

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        self._unread = b""
        self._page: int | None = 0
        self._dark = False
        self._broken = ""
        self._focus = "auto"
        self._mode: VideoMode | None = None
        self._asked: int | None = None
        self._sent = 0
        self._next_at_s = 0.0
        self._pictures: dict[tuple[Any, ...], Future[bytes]] = {}

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Requests, one JSON object a line (`kioskd.devices.video_emulated`)."""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._answer(msgspec.json.decode(line))
        self.tick()

    def _answer(self, request: dict[str, Any]) -> None:
        match request:
            case {"do": "modes", "id": id_}:
                self._say(id_, msgspec.json.encode(MODES))
            case {"do": "focus", "id": id_, "focus": focus}:
                self._focus = self._focus if focus == "leave" else str(focus)
                self._say(id_, msgspec.json.encode(self._focus))
            case {"do": "start", "id": id_, "mode": mode}:
                self._mode, self._asked, self._sent = msgspec.convert(mode, VideoMode), None, 0
                self._picture(self._mode, dark=self._dark)  # let it be painted while the first frames go
                self._say(id_, b"{}")
            case {"do": "stop", "id": id_}:
                self._mode = self._asked = None
                self._say(id_, b"{}")
            case {"do": "frame", "id": id_}:
                self._asked = id_

    def _say(self, id_: int, content: bytes) -> None:
        self.wire.send(len(content).to_bytes(4, "big") + id_.to_bytes(4, "big") + content)

    def tick(self) -> None:
        """Send the frame that was asked for, once it is due and painted."""
        if self._asked is None or self._mode is None or self._broken == "frozen":
            return
        picture = self._picture(self._mode, dark=self._dark or self._sent < SETTLED_FRAMES)
        if not picture.done() or self.wire.now_s() < self._next_at_s:
            return
        self._sent += 1
        self._next_at_s = self.wire.now_s() + FRAME_S
        id_, self._asked = self._asked, None
        frame = picture.result()
        self._say(id_, frame[: len(frame) // 3] if self._broken == "garbage" else frame)

    def _picture(self, mode: VideoMode, *, dark: bool) -> Future[bytes]:
        """The frame, painted by another thread: the other devices of this process must not wait for it."""
        key = (self._page, dark, mode)
        if key not in self._pictures:
            if len(self._pictures) >= 8:
                self._pictures.clear()
            painted: Future[bytes] = Future()
            self._pictures[key] = painted
            paint = threading.Thread(target=_paint, args=(painted, *key), name="emulated camera", daemon=True)
            paint.start()
        return self._pictures[key]

    # --- people ---

    def view(self) -> dict[str, Any]:
        """What lies there, and what the camera does."""
        return {
            "page": "none" if self._page is None else self._page + 1,
            "light": "off" if self._dark else "on",
            "frames": self._broken or "good",
            "focus": self._focus,
            "streams": "no" if self._mode is None else str(self._mode),
            "sent": self._sent,
        }

    def picture(self, index: int = -1) -> bytes | None:
        """What the camera sees, small."""
        file = io.BytesIO()
        desk.photograph(self._page, THUMBNAIL_PX, dark=self._dark).save(file, "PNG")
        return file.getvalue()

    def actions(self) -> list[Action]:
        """What a person can do to it."""
        return list(ACTIONS)

    def act(self, action: str) -> None:
        """Do one of `actions`."""
        match action:
            case "next_page":
                self._page = 0 if self._page is None else (self._page + 1) % len(desk.TITLES)
            case "no_page":
                self._page = None
            case "dark" | "light":
                self._dark = action == "dark"
            case "freeze" | "garbage" | "repair":
                self._broken = {"freeze": "frozen", "garbage": "garbage", "repair": ""}[action]
            case "unplug":
                self.wire.unplug()
                self._mode = self._asked = None
            case "plug":
                self.wire.plug()
            case _:
                raise KeyError(action)


def _paint(painted: Future[bytes], page: int | None, dark: bool, mode: VideoMode) -> None:
    try:
        frame = desk.photograph(page, (mode.width_px, mode.height_px), dark=dark)
        painted.set_result(desk.yuyv(frame) if mode.pixel_format == "YUYV" else desk.jpeg(frame))
    except Exception as error:
        painted.set_exception(error)
