"""A WAV as a picture: loud is high, so that a person sees words, gaps and what is cut off at the top."""

from __future__ import annotations

import array
import io
import wave

from PIL import Image, ImageDraw

SIZE_PX = (560, 96)
BACK, LINE, LOUD = "#101820", "#5fd38d", "#ff6b5e"
CLIPPED = 32700
"""From here on a sample of 16 bits counts as cut off."""


def draw(wav: bytes) -> bytes:
    """A PNG of the sound's loudness over its time."""
    with wave.open(io.BytesIO(wav)) as file:
        values = array.array("h", file.readframes(file.getnframes()))
    width, height = SIZE_PX
    image = Image.new("RGB", SIZE_PX, BACK)
    pen = ImageDraw.Draw(image)
    for x in range(width):
        part = values[len(values) * x // width : max(1, len(values) * (x + 1) // width)]
        peak = max(map(abs, part), default=0)
        half = round(peak / 32768 * (height / 2 - 2))
        pen.line((x, height / 2 - half, x, height / 2 + half), LOUD if peak >= CLIPPED else LINE)
    file_ = io.BytesIO()
    image.save(file_, "PNG")
    return file_.getvalue()
