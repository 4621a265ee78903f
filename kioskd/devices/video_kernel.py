"""The port of a camera behind the kernel's Video4Linux2, through linuxpy.

linuxpy is GPL and comes only with the extra `camera`: it is imported when a camera is opened, not before.
Facts of the interface are from the kernel's "Video for Linux API" (querycap, enum_framesizes, dqbuf).
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kioskd.devices.errors import PortError
from kioskd.devices.port_errors import lost, port_error
from kioskd.devices.video_port import Focus, VideoMode, VideoPort

FORMATS = {"MJPEG": "MJPG", "JPEG": "JPEG", "YUYV": "YUYV"}
"""linuxpy's names of the formats that a driver can use, and V4L2's four letters."""
SIZES_PX = ((4656, 3496), (3840, 2160), (3264, 2448), (2592, 1944), (2048, 1536), (1920, 1080), (1600, 1200))
SMALL_SIZES_PX = ((1280, 960), (1280, 720), (1024, 768), (800, 600), (640, 480), (320, 240))
"""What is tried of a camera that offers a range of sizes instead of a list."""
BUFFERS = 3
GONE = {errno.ENODEV, errno.EIO, errno.ENXIO, errno.EPROTO, errno.ESHUTDOWN}


class KernelVideo(VideoPort):
    """One `/dev/videoN`, or the sibling of it that carries pictures."""

    def __init__(self, path: str) -> None:
        self._v4l2 = _linuxpy()
        self._path, self._device = self._open_picture_node(path)
        self.model = _text(self._device.info.raw_capabilities.card)
        self._capture: Any = None
        super().__init__()

    def _open_picture_node(self, path: str) -> tuple[str, Any]:
        """The node itself, or, when it carries only metadata, the first of its camera's that has pictures."""
        first: Exception | None = None
        for node in _nodes(path):
            try:
                device = self._v4l2.Device(node)
                device.open()
            except OSError as error:
                first = first or port_error(error, node)
                continue
            with _calls(node, device.close):
                if self._v4l2.Capability.VIDEO_CAPTURE in device.info.device_capabilities:
                    return node, device
            device.close()
        raise first or PortError("no_picture", f"{path} carries no picture: name another node of this camera")

    def modes(self) -> tuple[VideoMode, ...]:
        """The modes it offers in formats we can use, each once."""
        with _calls(self._path):
            found = [mode for format_ in self._formats() for mode in self._sizes(format_)]
        return tuple(dict.fromkeys(found))

    def _formats(self) -> list[Any]:
        offered = self._device.info.buffer_formats(self._v4l2.BufferType.VIDEO_CAPTURE)
        return [one.pixel_format for one in offered if one.pixel_format.name in FORMATS]

    def _sizes(self, pixel_format: Any) -> Iterator[VideoMode]:
        name = FORMATS[pixel_format.name]
        for size in self._device.info.format_frame_sizes(pixel_format):
            info = size.info
            if size.type == self._v4l2.FrameSizeType.DISCRETE:
                yield VideoMode(name, info.width, info.height)
                continue
            for width, height in (*SIZES_PX, *SMALL_SIZES_PX):
                if info.min_width <= width <= info.max_width and info.min_height <= height <= info.max_height:
                    yield VideoMode(name, width, height)

    def set_focus(self, focus: Focus) -> str:
        """Set the focus by V4L2's camera controls, where the camera has them."""
        if focus == "leave":
            return "as it is"
        ids = self._v4l2.ControlID
        auto = self._set(ids.FOCUS_AUTO, int(focus == "auto"))
        if focus == "auto":
            return "auto" if auto else "not supported"
        return str(focus) if self._set(ids.FOCUS_ABSOLUTE, focus) else "not supported"

    def _set(self, control: Any, value: int) -> bool:
        """Whether the camera has this control and takes the value."""
        try:
            with _calls(self._path):
                self._v4l2.set_control(self._device, control, value)
        except PortError as error:
            if error.reason == "port_lost":
                raise
            return False
        return True

    def start(self, mode: VideoMode) -> None:
        """Set the mode, map the buffers, begin."""
        self.stop()
        with _calls(self._path):
            capture = self._v4l2.VideoCapture(self._device, size=BUFFERS)
            capture.set_format(mode.width_px, mode.height_px, mode.pixel_format)
            given = capture.get_format()
            if (FORMATS.get(given.pixel_format.name), given.width, given.height) != (
                mode.pixel_format,
                mode.width_px,
                mode.height_px,
            ):
                raise PortError("no_picture", f"{self._path} offers {mode} and gives something else")
            self._capture = capture
            capture.open()

    def read_frame(self, timeout_s: float) -> bytes | None:
        """The next whole frame; one that the kernel marks as damaged is left out."""
        if self._capture is None:
            raise PortError("port_lost", f"{self._path} does not stream")
        with _calls(self._path):
            frame = self._capture.buffer.frame_reader.read(timeout=timeout_s)
            if frame is None or self._v4l2.BufferFlag.ERROR in self._v4l2.BufferFlag(frame.buff.flags):
                return None
            return bytes(frame)

    def stop(self) -> None:
        """Stop and give the buffers back."""
        capture, self._capture = self._capture, None
        if capture is not None:
            with _calls(self._path):
                capture.close()

    def check(self) -> None:
        """Ask the kernel what the node is; the node of an unplugged camera no longer answers."""
        with _calls(self._path):
            self._v4l2.read_capabilities(self._device)

    def close(self) -> None:
        """Let go of it; a camera that is gone cannot be stopped any more."""
        with contextlib.suppress(PortError):
            self.stop()
        with contextlib.suppress(OSError):
            self._device.close()
        super().close()


def _linuxpy() -> Any:
    try:
        from linuxpy.video import device
    except ImportError as error:
        raise PortError(
            "library_missing", "cameras need the extra `camera`: pip install 'kioskd[camera]'"
        ) from error
    return device


@contextlib.contextmanager
def _calls(path: str, on_failure: Callable[[], Any] = lambda: None) -> Iterator[None]:
    """Calls of the kernel: what they raise, as a PortError."""
    try:
        yield
    except PortError:
        on_failure()
        raise
    except OSError as error:
        on_failure()
        if error.errno in GONE:
            raise lost(path) from error
        if error.errno == errno.ENOTTY:
            raise PortError("no_picture", f"{path} is no camera: correct the hall file") from error
        raise port_error(error, path) from error


def _nodes(path: str) -> list[str]:
    """The node first, then the others of the same camera as sysfs tells them, by number."""
    real = Path(path).resolve()
    own = Path("/sys/class/video4linux") / real.name / "device"
    if not own.exists():
        return [path]
    camera = own.resolve()
    siblings = [
        node.name
        for node in Path("/sys/class/video4linux").glob("video*")
        if (node / "device").resolve() == camera and node.name != real.name
    ]
    return [path, *(f"/dev/{name}" for name in sorted(siblings, key=lambda name: int(name[5:])))]


def _text(raw: bytes) -> str:
    return bytes(raw).split(b"\0")[0].decode("utf-8", "replace")
