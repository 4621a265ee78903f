"""A sound on its way to a loudspeaker: a whole WAV file of 16 bits whose head was read."""

from __future__ import annotations

import array
import io
import math
import sys
import wave

import msgspec

SAMPLE_BYTES = 2
LONGEST_S = 120.0
RATES_HZ = (8000, 96000)
"""The lowest and the highest sample rate that we take."""


class Sound(msgspec.Struct, frozen=True):
    """One sound. wav: the whole file. length_s: how long it lasts."""

    wav: bytes
    rate_hz: int
    channels: int
    length_s: float

    def __repr__(self) -> str:
        return f"<Sound of {self.length_s:.2f} s, {self.rate_hz} Hz>"

    @property
    def samples(self) -> bytes:
        """What the WAV holds: 16 bits, little-endian, the channels by turns."""
        with wave.open(io.BytesIO(self.wav)) as file:
            return bytes(file.readframes(file.getnframes()))


def read_sound(wav: bytes) -> Sound:
    """The sound in a WAV file. Raises ValueError, saying what is wrong with it."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = len(file.readframes(file.getnframes())) // max(1, channels * width)
    except (wave.Error, EOFError, RuntimeError) as error:
        raise ValueError(f"it is no WAV file with plain samples (PCM): {error}") from error
    if width != SAMPLE_BYTES:
        raise ValueError(f"it has {8 * width} bits a sample: save it with 16 bits")
    if channels not in (1, 2):
        raise ValueError(f"it has {channels} channels: save it as mono or stereo")
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise ValueError(f"it has {rate_hz} samples a second: {RATES_HZ[0]} to {RATES_HZ[1]} are good")
    if not 0 < frames / rate_hz <= LONGEST_S:
        raise ValueError(f"it lasts {frames / rate_hz:g} s: more than 0 and at most {LONGEST_S:g} are good")
    return Sound(wav, rate_hz, channels, frames / rate_hz)


def make_sound(samples: bytes, rate_hz: int, channels: int = 1) -> Sound:
    """A sound of these samples: 16 bits, little-endian."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(SAMPLE_BYTES)
        writer.setframerate(rate_hz)
        writer.writeframes(samples)
    frames = len(samples) // (SAMPLE_BYTES * channels)
    return Sound(file.getvalue(), rate_hz, channels, frames / rate_hz)


def packed(values: array.array[int]) -> bytes:
    """Samples as a WAV has them."""
    if sys.byteorder == "big":
        values = array.array("h", values)
        values.byteswap()
    return values.tobytes()


def unpacked(samples: bytes) -> array.array[int]:
    """Samples as numbers."""
    values = array.array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def note(
    frequency_hz: float, length_s: float, rate_hz: int, *, loudness: float = 0.4, fade_s: float | None = None
) -> array.array[int]:
    """One bell-like note that begins softly, without a click, and dies away. loudness: 0 to 1 of the most."""
    count = round(length_s * rate_hz)
    fade_s = length_s / 3 if fade_s is None else fade_s
    rise = max(1, round(0.005 * rate_hz))
    peak = loudness * 32767 / 1.3
    turn = 2 * math.pi * frequency_hz / rate_hz
    return array.array(
        "h",
        (
            round(
                peak
                * min(1.0, at / rise, (count - at) / rise)
                * math.exp(-at / rate_hz / fade_s)
                * (math.sin(turn * at) + 0.3 * math.sin(2 * turn * at))
            )
            for at in range(count)
        ),
    )


def test_tune() -> Sound:
    """Three notes upwards, C E G: what a loudspeaker is tried with."""
    values = array.array("h")
    for frequency_hz in (523.25, 659.26, 783.99):
        values.extend(note(frequency_hz, 0.5, 22050))
    return make_sound(packed(values), 22050)
