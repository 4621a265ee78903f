"""Which of a camera's modes to use: one for pictures, one for the live view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drivers.v4l2.options import CameraOptions
from kioskd.devices.video_port import VideoMode

PREFERENCE = ("MJPG", "JPEG", "YUYV")
"""A raw format of the same size is slower by far over USB, and we would have to make the JPEG ourselves."""


def still_mode(modes: Sequence[VideoMode], options: CameraOptions) -> VideoMode | None:
    """The largest mode within `max_megapixels`, in the best format; None when there is none.

    A format that is no JPEG is taken only where it has more than twice the pixels.
    """
    best = [
        found
        for pixel_format in PREFERENCE
        if (
            found := _best(
                [mode for mode in modes if mode.pixel_format == pixel_format],
                lambda mode: mode.pixels <= options.max_megapixels * 1e6,
            )
        )
    ]
    most = max((mode.pixels for mode in best), default=0)
    return next((mode for mode in best if mode.pixels * 2 >= most), None)


def preview_mode(modes: Sequence[VideoMode], still: VideoMode, options: CameraOptions) -> VideoMode:
    """The largest mode for the live view, of the still picture's shape where that can be had."""

    def fits(mode: VideoMode) -> bool:
        return mode.width_px <= min(options.preview_width_px, still.width_px)

    def same_shape(mode: VideoMode) -> bool:
        return abs(mode.width_px * still.height_px - mode.height_px * still.width_px) <= still.width_px

    return _best(modes, lambda mode: fits(mode) and same_shape(mode)) or _best(modes, fits) or still


def _best(modes: Sequence[VideoMode], fits: Callable[[VideoMode], bool]) -> VideoMode | None:
    for pixel_format in PREFERENCE:
        if found := [mode for mode in modes if mode.pixel_format == pixel_format and fits(mode)]:
            return max(found, key=lambda mode: mode.pixels)
    return None
