"""Finds the frames among noise: stretches of one length, one in each press, that are alike but for few bytes.

Nothing is known yet but that a frame begins with a byte that is always the same. Every such byte and every
length is a hypothesis; what speaks for one is worked out by `roles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from kioskd.devices.learning import Press

GAP_S = 0.08
"""Bytes further apart than this do not belong to one frame. USB adapters hand over every 16 ms, busy
computers later than that; pads say it again after 0.1 s and more."""
SHORTEST_BYTES, LONGEST_BYTES = 3, 24
SHARE = 0.6
"""In so many of the presses at least a hypothesis must be found: others may be torn."""
CONSTANT_SHARE = 0.75
"""A byte is always the same when it is so in this share of the presses; the rest are torn or noise."""


class Sample(msgspec.Struct, frozen=True):
    """One frame, by the hypothesis it belongs to.

    press: which press it came of. begins: whether nothing came right before it, at least once.
    """

    press: int
    key: str
    frame: bytes
    begins: bool


class Hypothesis(msgspec.Struct, frozen=True):
    """Frames of one length with one beginning, one for each press in which there is one."""

    samples: tuple[Sample, ...]
    presses: int

    @property
    def size(self) -> int:
        """Bytes of the frame."""
        return len(self.samples[0].frame)

    @property
    def varying(self) -> tuple[int, ...]:
        """The places whose byte is not always the same."""
        frames = [sample.frame for sample in self.samples]
        return tuple(at for at in range(self.size) if len({frame[at] for frame in frames}) > 1)


def bursts(press: Press) -> list[bytes]:
    """What arrived, put together where no gap was between."""
    found: list[bytearray] = []
    last_s = float("-inf")
    for heard in press.heard:
        if heard.at_s - last_s > GAP_S:
            found.append(bytearray())
        found[-1] += heard.data
        last_s = heard.at_s
    return [bytes(burst) for burst in found]


def hypotheses(presses: Sequence[Press]) -> Iterator[Hypothesis]:
    """Every plausible way to see frames in these presses."""
    heard = [bursts(press) for press in presses]
    enough = max(2, round(SHARE * len(presses)))
    begins = Counter(byte for each in heard for byte in {byte for burst in each for byte in burst})
    for first, count in begins.items():
        if count < enough:
            continue
        for size in range(SHORTEST_BYTES, LONGEST_BYTES + 1):
            windows = [_windows(each, first, size) for each in heard]
            if sum(map(bool, windows)) < enough:
                break  # no longer frame has more
            yield from _grouped(presses, heard, windows, enough)


def _windows(heard: list[bytes], first: int, size: int) -> list[bytes]:
    """The stretches of this size that begin so, those that came most often first: resends are no chance."""
    found = Counter(
        burst[at : at + size] for burst in heard for at in range(len(burst) - size + 1) if burst[at] == first
    )
    return [window for window, _ in found.most_common()]


def _grouped(
    presses: Sequence[Press], heard: list[list[bytes]], windows: list[list[bytes]], enough: int
) -> Iterator[Hypothesis]:
    """Take each window of the first presses as the pattern; the others bring what is most like it."""
    seen: set[tuple[Sample, ...]] = set()
    for pattern in {window for each in windows[:4] for window in each}:
        chosen = [
            Sample(
                index,
                presses[index].key,
                frame := max(each, key=lambda window: _alike(window, pattern)),
                any(burst.startswith(frame) for burst in heard[index]),
            )
            for index, each in enumerate(windows)
            if each
        ]
        kept = tuple(_without_strays(chosen))
        if len(kept) >= enough and kept not in seen:
            seen.add(kept)
            yield Hypothesis(kept, len(presses))


def _alike(one: bytes, other: bytes) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def _without_strays(samples: list[Sample]) -> list[Sample]:
    """Without those that differ where nearly all the others are the same."""
    for at in range(len(samples[0].frame)):
        values = Counter(sample.frame[at] for sample in samples)
        value, count = values.most_common(1)[0]
        if CONSTANT_SHARE * len(samples) <= count < len(samples):
            samples = [sample for sample in samples if sample.frame[at] == value]
    return samples
