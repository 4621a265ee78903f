"""The driver of document cameras: it chooses modes, waits for a good picture, hands out only whole JPEGs."""

from __future__ import annotations

import msgspec

from drivers.v4l2.modes import preview_mode, still_mode
from drivers.v4l2.options import CameraOptions
from drivers.v4l2.yuyv import jpeg_of_yuyv
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import NoAnswer, PortError
from kioskd.devices.health import Reason
from kioskd.devices.jpeg import read_jpeg
from kioskd.devices.kinds import Kind, Picture
from kioskd.devices.profiles import Profile
from kioskd.devices.video_port import VideoMode, VideoPort

SLICE_S = 0.5
"""The longest single wait for a frame; in between the thread is seen to move."""
BAD_FRAMES = 5
"""So many broken frames in a row, and the camera counts as silent."""


class V4l2Camera(Driver):
    """One UVC camera, or any other that Video4Linux2 knows."""

    kinds = frozenset({Kind.CAMERA})
    schemes = frozenset({"video"})
    Options = CameraOptions
    options: CameraOptions

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        self._still: VideoMode | None = None
        self._live: VideoMode | None = None
        self._running: VideoMode | None = None
        self._started_s = 0.0
        self._frames = 0
        """Since when it sends, and how many frames have come since."""

    @property
    def _port(self) -> VideoPort:
        port = self.link.port
        if not isinstance(port, VideoPort):
            raise PortError("no_picture", "a camera needs a video: port")
        return port

    def probe(self) -> None:
        """Choose the modes and set the focus. Nothing streams yet: a camera's lamp should mean something."""
        self._stop()
        modes = self._port.modes()
        self._still = still_mode(modes, self.options)
        if self._still is None:
            self.link.health(Reason("no_picture", "no MJPG, JPEG or YUYV mode within max_megapixels"))
            return
        self._live = preview_mode(modes, self._still, self.options)
        self.link.fact("model", self._port.model or "unknown")
        self.link.fact("picture", str(self._still))
        self.link.fact("preview", str(self._live))
        self.link.fact("focus", self._port.set_focus(self.options.focus))
        self.link.health()

    def poll(self) -> None:
        """Find out whether it is still plugged in."""
        self._port.check()

    # --- pictures ---

    def capture(self) -> Picture:
        """One picture in the largest mode, after exposure and focus had time to settle."""
        if self._still is None:
            raise NoAnswer("the camera offers no mode that can be used")
        if self._running != self._still:
            self._start(self._still)
        self._warm_up()
        picture = self._picture(self._still)
        if self._still != self._live:
            self._stop()
        return picture

    def preview(self) -> Picture:
        """The next frame of the live picture."""
        if self._live is None:
            raise NoAnswer("the camera offers no mode that can be used")
        if self._running != self._live:
            self._start(self._live)
        return self._picture(self._live)

    def end_preview(self) -> None:
        """Nobody looks any more."""
        self._stop()

    # --- frames ---

    def _start(self, mode: VideoMode) -> None:
        self._stop()
        self._port.start(mode)
        self._running = mode
        self._started_s = self.link.now_s()
        self._frames = 0

    def _stop(self) -> None:
        self._running = None
        self._port.stop()

    def _warm_up(self) -> None:
        """Let frames pass until the camera has been sending for long enough; a live view counts as well."""
        settled_s = self._started_s + self.options.warm_up_s
        while self._frames < self.options.warm_up_frames or self.link.now_s() < settled_s:
            self._frame()

    def _picture(self, mode: VideoMode) -> Picture:
        """The next whole frame as a JPEG; broken ones are counted and left out."""
        for _ in range(BAD_FRAMES):
            frame = self._frame()
            try:
                if mode.pixel_format == "YUYV":
                    frame = jpeg_of_yuyv(frame, mode, self.options.jpeg_quality)
                return read_jpeg(frame)
            except ValueError:
                self.link.count("bad_frames")
        self._stop()
        raise NoAnswer(f"the camera sent only broken frames, {BAD_FRAMES} in a row")

    def _frame(self) -> bytes:
        until_s = self.link.now_s() + self.options.frame_s
        while (left_s := until_s - self.link.now_s()) > 0:
            frame = self._port.read_frame(min(left_s, SLICE_S))
            if frame is not None:
                self._frames += 1
                return frame
        self._stop()
        raise NoAnswer(f"the camera sent no frame within {self.options.frame_s:g} s")
