"""Cameras without glass: v4l2loopback carries JPEGs that we feed it, vivid paints and breaks on demand.

Source: the kernel's documents "Video for Linux API" (ioctls, struct v4l2_format, v4l2_queryctrl) and vivid.
"""

from __future__ import annotations

import fcntl
import io
import os
import struct
import threading
from pathlib import Path

S_FMT = 0xC0D05605
QUERYCTRL = 0xC0445624
S_CTRL = 0xC008561C
OUTPUT = 2
"""V4L2_BUF_TYPE_VIDEO_OUTPUT"""
NO_FIELDS, JPEG_COLOURS = 1, 7
NEXT_CONTROL = 0x80000000
FRAME_S = 0.1


def node_of(driver: str, nth: int = 0) -> str:
    """The nth /dev/videoN of a driver: vivid, or Loopback as v4l2loopback calls its own."""
    nodes = sorted(Path("/sys/class/video4linux").glob("video*"), key=lambda node: int(node.name[5:]))
    return "/dev/" + [node.name for node in nodes if driver in (node / "name").read_text()][nth]


class LoopbackCamera:
    """A camera that sends one JPEG, again and again, while it is plugged in."""

    def __init__(self, node: str, jpeg: bytes, width_px: int, height_px: int) -> None:
        self.node = node
        self._jpeg = jpeg
        self._size = width_px, height_px
        self._pulled = threading.Event()
        self._thread: threading.Thread | None = None

    def plug(self) -> None:
        """Begin to send; only now is the node a camera."""
        fd = os.open(self.node, os.O_RDWR | os.O_CLOEXEC)
        pix = struct.pack("<2I4s5I", *self._size, b"MJPG", NO_FIELDS, 0, len(self._jpeg), JPEG_COLOURS, 0)
        fcntl.ioctl(fd, S_FMT, bytearray(struct.pack("<2I", OUTPUT, 0) + pix.ljust(200, b"\0")))
        self._pulled = threading.Event()
        self._thread = threading.Thread(target=self._send, args=(fd, self._pulled), daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Send no more."""
        if self._thread is not None:
            self._pulled.set()
            self._thread.join(5)
            self._thread = None

    def _send(self, fd: int, pulled: threading.Event) -> None:
        while not pulled.wait(FRAME_S):
            os.write(fd, self._jpeg)
        os.close(fd)


class VividCamera:
    """The kernel's own test camera: no JPEG, but faults at will."""

    def __init__(self, node: str) -> None:
        self.node = node

    @property
    def link(self) -> str:
        """The name that udev gave it by its place."""
        folder = Path("/dev/v4l/by-path")
        return str(next(link for link in folder.iterdir() if link.resolve() == Path(self.node)))

    def unplug(self) -> None:
        """Pull it in the middle of whatever it does. It is back once everybody has let go of it."""
        self.set("Disconnect", 1)

    def set(self, control: str, value: int) -> None:
        """Set the control of this name, as v4l2-ctl lists it."""
        fd = os.open(self.node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.ioctl(fd, S_CTRL, struct.pack("<Ii", self._id(fd, control), value))
        finally:
            os.close(fd)

    def _id(self, fd: int, wanted: str) -> int:
        number, seen = 0, []
        while True:
            query = bytearray(struct.pack("<I", number | NEXT_CONTROL).ljust(68, b"\0"))
            try:
                fcntl.ioctl(fd, QUERYCTRL, query)
            except OSError:
                raise KeyError(f"{self.node} has no {wanted!r} but {seen}") from None
            number, name = struct.unpack_from("<I4x32s", query)
            seen.append(name.partition(b"\0")[0].decode())
            if seen[-1] == wanted:
                return int(number)


def sheet_of_paper(width_px: int, height_px: int) -> bytes:
    """A JPEG of a white sheet, a little askew, on a dark desk."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (width_px, height_px), (40, 40, 46))
    corners = [(0.2, 0.08), (0.83, 0.1), (0.8, 0.93), (0.18, 0.9)]
    draw = ImageDraw.Draw(picture)
    draw.polygon([(x * width_px, y * height_px) for x, y in corners], fill=(244, 243, 238))
    for line in range(12):
        y = height_px * (0.2 + line * 0.05)
        draw.line([(width_px * 0.3, y), (width_px * 0.7, y)], fill=(30, 30, 30), width=3)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
