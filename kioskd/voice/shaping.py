"""Sounds joined, made quieter, brought to one rate; and the chime.

A call is a quarter of a million samples, too many for Python on a hall's computer that shows pages as well.
Pillow, which is here for the paper, does the sums in C: a sound is a picture one pixel high.
"""

from __future__ import annotations

import array
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from kioskd.devices.sound import SAMPLE_BYTES, Sound, make_sound, note, packed, unpacked

CHIME = ((659.26, 0.7), (523.25, 1.0))
"""Two notes downwards, E and C, in hertz and seconds: the ding-dong that every hall knows."""
CHIME_LOUDNESS = 0.5


def join(sounds: Sequence[Sound], *, gap_s: float = 0.0, rate_hz: int | None = None) -> Sound:
    """One sound of several, mono, with silences between them.

    rate_hz: the rate of the whole; that of most of them where it is not given.
    """
    rates = [sound.rate_hz for sound in sounds]
    rate_hz = rate_hz or max(rates, key=rates.count)
    gap = silence(gap_s, rate_hz)
    return make_sound(gap.join(mono_at(sound, rate_hz) for sound in sounds), rate_hz)


def silence(seconds: float, rate_hz: int) -> bytes:
    """Samples of nothing."""
    return bytes(SAMPLE_BYTES * round(seconds * rate_hz))


def mono_at(sound: Sound, rate_hz: int) -> bytes:
    """Its samples as one channel at this rate: both channels' mean, and straight lines between samples."""
    if sound.channels == 1 and sound.rate_hz == rate_hz:
        return sound.samples
    values = unpacked(sound.samples)
    if sound.channels == 2:
        values = array.array("h", ((a + b) >> 1 for a, b in zip(values[::2], values[1::2], strict=True)))
    samples = packed(values)
    if sound.rate_hz == rate_hz:
        return samples
    width = round(len(values) * rate_hz / sound.rate_hz)
    return _samples(_picture(samples).resize((width, 1), Image.Resampling.BILINEAR))


def at_volume(sound: Sound, percent: int) -> Sound:
    """The same at so many percent of its height; never louder than it was, so nothing is cut off."""
    if percent >= 100:
        return sound
    quieter = _picture(sound.samples).point(lambda value: value * (percent / 100) + 0)
    return make_sound(_samples(quieter), sound.rate_hz, sound.channels)


def _picture(samples: bytes) -> Image.Image:
    """Samples as a picture one pixel high, each pixel a signed number."""
    return Image.frombytes("I", (len(samples) // SAMPLE_BYTES, 1), samples, "raw", "I;16S")


def _samples(picture: Image.Image) -> bytes:
    """The other way: of each little-endian number of 32 bits the lower half."""
    return memoryview(picture.tobytes("raw", "I;32S")).cast("h")[::2].tobytes()


@lru_cache(maxsize=4)
def chime(rate_hz: int) -> Sound:
    """The built-in chime at this rate."""
    values = array.array("h")
    for frequency_hz, length_s in CHIME:
        values.extend(note(frequency_hz, length_s, rate_hz, loudness=CHIME_LOUDNESS))
    return make_sound(packed(values), rate_hz)
