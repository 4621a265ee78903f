"""Raw YUYV frames as JPEG, with Pillow. Layout: V4L2_PIX_FMT_YUYV, Y0 Cb Y1 Cr for each two pixels."""

from __future__ import annotations

import io

from kioskd.devices.video_port import VideoMode


def jpeg_of_yuyv(data: bytes, mode: VideoMode, quality: int) -> bytes:
    """The frame as a JPEG. Raises ValueError when it is not a whole one."""
    from PIL import Image  # only cameras that send raw frames need it

    width, height = mode.width_px, mode.height_px
    if width % 2 or len(data) < width * height * 2:
        raise ValueError(f"{len(data)} bytes are no frame of {mode}")
    data = data[: width * height * 2]
    luma = Image.frombytes("L", (width, height), data[0::2])
    halves = [Image.frombytes("L", (width // 2, height), data[first::4]) for first in (1, 3)]
    chroma = [half.resize((width, height), Image.Resampling.NEAREST) for half in halves]
    file = io.BytesIO()
    Image.merge("YCbCr", (luma, *chroma)).save(file, "JPEG", quality=quality)
    return file.getvalue()
