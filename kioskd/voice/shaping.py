"""Sounds joined, made quieter, brought to one rate; and the chime. Plain Python: a few milliseconds each."""

from __future__ import annotations

import array
from collections.abc import Sequence
from functools import lru_cache

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
    if sound.rate_hz != rate_hz:
        values = _resampled(values, sound.rate_hz, rate_hz)
    return packed(values)


def _resampled(values: array.array[int], rate_hz: int, wanted_hz: int) -> array.array[int]:
    count = round(len(values) * wanted_hz / rate_hz)
    last = len(values) - 1
    made = array.array("h", bytes(SAMPLE_BYTES * count))
    for at in range(count):
        whole, part = divmod(at * rate_hz, wanted_hz)
        if whole >= last:
            made[at] = values[last]
        else:
            made[at] = values[whole] + (values[whole + 1] - values[whole]) * part // wanted_hz
    return made


def at_volume(sound: Sound, percent: int) -> Sound:
    """The same at so many percent of its height; never louder than it was, so nothing is cut off."""
    if percent >= 100:
        return sound
    values = unpacked(sound.samples)
    return make_sound(
        packed(array.array("h", [value * percent // 100 for value in values])), sound.rate_hz, sound.channels
    )


@lru_cache(maxsize=4)
def chime(rate_hz: int) -> Sound:
    """The built-in chime at this rate."""
    values = array.array("h")
    for frequency_hz, length_s in CHIME:
        values.extend(note(frequency_hz, length_s, rate_hz, loudness=CHIME_LOUDNESS))
    return make_sound(packed(values), rate_hz)
