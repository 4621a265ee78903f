"""A camera's port: no stream of bytes but modes, frames and a focus, offered to the driver by `link.port`.

The port's owner polls its descriptor as it does any other's; nothing ever arrives there. Frames are read by
the driver, on the owner's thread, each with a deadline. Two ends have this interface: a V4L2 node of the
kernel (`video_kernel`) and an emulated camera behind TCP (`video_emulated`).
"""

from __future__ import annotations

import abc
from typing import Literal

import msgspec

from kioskd.devices.port_uri import PortUri
from kioskd.devices.quiet_port import QuietPort

Focus = Literal["auto", "leave"] | int
"""auto: the camera's own; leave: as it is; a number: this far, in the camera's own steps."""


class VideoMode(msgspec.Struct, frozen=True):
    """One way a camera can send frames. pixel_format: V4L2's four letters, such as MJPG or YUYV."""

    pixel_format: str
    width_px: int
    height_px: int

    def __str__(self) -> str:
        return f"{self.pixel_format} {self.width_px}x{self.height_px}"

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width_px * self.height_px


class VideoPort(QuietPort, abc.ABC):
    """An open camera. Every method raises PortError when the camera is gone or another program has it."""

    model: str = ""
    """What the camera calls itself."""

    @abc.abstractmethod
    def modes(self) -> tuple[VideoMode, ...]:
        """The modes it offers."""

    @abc.abstractmethod
    def set_focus(self, focus: Focus) -> str:
        """Set the focus, and say how it is now: auto, a number, or "not supported"."""

    @abc.abstractmethod
    def start(self, mode: VideoMode) -> None:
        """Begin to send frames."""

    @abc.abstractmethod
    def read_frame(self, timeout_s: float) -> bytes | None:
        """The next frame in the started mode's format; None when none came in time. At most a second."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Send no more; that it does not send is no mistake."""

    @abc.abstractmethod
    def check(self) -> None:
        """Find out whether it is still there."""


def open_video(uri: PortUri) -> VideoPort:
    """The camera at a `video:` place: a device file, or `tcp:HOST:PORT` of an emulated one.

    Raises PortError: port_missing, permission_denied, busy, library_missing, no_picture.
    """
    if uri.place.startswith("tcp:"):
        from kioskd.devices.video_emulated import EmulatedVideo

        return EmulatedVideo(uri.place)
    from kioskd.devices.video_kernel import KernelVideo

    return KernelVideo(uri.place)
