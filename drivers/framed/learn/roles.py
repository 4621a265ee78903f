"""What each byte of a frame is for: always the same, address, key, checksum, length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from drivers.framed.learn.checks import Fit, fits
from drivers.framed.learn.windows import Hypothesis, Sample, hypotheses
from kioskd.devices.learning import NotLearned, Press

HIGHEST_ADDRESS = 0x3F
"""What DIP switches set; a byte above is rather a function or a head."""
FOUND_SHARE, CHECK_FOUND, UNEXPLAINED, SAME = 6.0, 4.0, -2.5, 1.5
"""What speaks for a hypothesis: in how many presses it is found, whether a checksum fits, each byte that
nobody can explain, each byte that is always the same (chance brings no such byte, and lines lose frames)."""
BEGINS = 0.5
"""What speaks for it that its frames begin what arrived together."""
EXPLAINED_AT_MOST = 4
"""A key, an address, a checksum of two bytes: no more places that vary can be explained."""


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """The frame, understood. Places are counted from 0.

    address_at: None where none is to be found; address_sure: several were heard, or somebody said.
    lengths: places whose byte counts bytes, each with the first and last it counts.
    unexplained: places that vary and are neither key nor address nor checksum.
    """

    samples: tuple[Sample, ...]
    presses: int
    key_at: int
    check: Fit | None
    other_checks: tuple[Fit, ...]
    address_at: int | None
    address_sure: bool
    lengths: tuple[tuple[int, int, int], ...]
    unexplained: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes of a frame."""
        return len(self.samples[0].frame)

    @property
    def pattern(self) -> bytes:
        """One of the frames: its bytes that are always the same are those of all."""
        return self.samples[0].frame

    @property
    def varying(self) -> frozenset[int]:
        """Places that are not always the same."""
        check = range(self.check.at, self.check.at + self.check.size) if self.check else ()
        address = (self.address_at,) if self.address_at is not None and len(self.addresses) > 1 else ()
        return frozenset({self.key_at, *check, *address, *self.unexplained})

    @property
    def addresses(self) -> tuple[int, ...]:
        """Every address that was heard."""
        if self.address_at is None:
            return ()
        return tuple(sorted({sample.frame[self.address_at] for sample in self.samples}))

    @property
    def keys(self) -> dict[str, int]:
        """The code of each key by its name, in the order they were pressed."""
        return {sample.key: sample.frame[self.key_at] for sample in self.samples}

    def fits(self, frame: bytes) -> bool:
        """Whether this is such a frame, of any key."""
        same = all(frame[at] == self.pattern[at] for at in range(self.size) if at not in self.varying)
        return same and (self.check is None or self.check.holds(frame))


def understand(presses: Sequence[Press], address: int | None = None) -> Roles:
    """The best explanation of what was heard. address: where somebody knows it. Raises NotLearned."""
    best: tuple[float, Roles] | None = None
    candidates = [(one, key_at) for one in hypotheses(presses) for key_at in _key_places(one)]
    # Checksums take long to try: the most promising first, and none that could not win any more.
    for hypothesis, key_at in sorted(candidates, key=lambda each: -_at_most(each[0])):
        if best is not None and _at_most(hypothesis) <= best[0]:
            break
        scored = _scored(hypothesis, key_at, address)
        if best is None or scored[0] > best[0]:
            best = scored
    if best is None:
        raise NotLearned(
            "no frame is in what was heard: the presses have nothing in common. "
            "Press at least three different keys; look at the speed, at A and B, and at the pad's power"
        )
    return best[1]


def _key_places(hypothesis: Hypothesis) -> list[int]:
    """Places whose byte is another for each key, and the same for one key."""
    names = {sample.key for sample in hypothesis.samples}
    found = []
    for at in hypothesis.varying:
        codes = defaultdict(set)
        for sample in hypothesis.samples:
            codes[sample.key].add(sample.frame[at])
        distinct = {code for each in codes.values() for code in each}
        if all(len(each) == 1 for each in codes.values()) and len(distinct) == len(names) > 1:
            found.append(at)
    return found


def _scored(hypothesis: Hypothesis, key_at: int, address: int | None) -> tuple[float, Roles]:
    frames = [sample.frame for sample in hypothesis.samples]
    distinct = len(set(frames))
    found = fits(frames, key_at, hypothesis.varying) if distinct > 2 else []
    check = found[0] if found else None
    checked = set(range(check.at, check.at + check.size)) if check else set()
    left = [at for at in hypothesis.varying if at != key_at and at not in checked]
    moving = next((at for at in left if _is_address(hypothesis, at)), None)
    unexplained = tuple(at for at in left if at != moving)
    lengths = _lengths(hypothesis, key_at, checked)
    address_at, sure = _address(hypothesis, key_at, check, moving, lengths, address)
    roles = Roles(
        samples=hypothesis.samples,
        presses=hypothesis.presses,
        key_at=key_at,
        check=check,
        other_checks=tuple(found[1:]),
        address_at=address_at,
        address_sure=sure,
        lengths=tuple(length for length in lengths if length[0] != address_at),
        unexplained=unexplained,
    )
    without_check = 0.0 if check else CHECK_FOUND
    more = len(unexplained) - max(0, len(hypothesis.varying) - EXPLAINED_AT_MOST)
    return _at_most(hypothesis) - without_check + UNEXPLAINED * more, roles


def _at_most(hypothesis: Hypothesis) -> float:
    """What a hypothesis is worth if a checksum fits and explains all it can."""
    constant = hypothesis.size - len(hypothesis.varying) - _begins_anew(hypothesis)
    left = max(0, len(hypothesis.varying) - EXPLAINED_AT_MOST)
    found = FOUND_SHARE * len(hypothesis.samples) / hypothesis.presses
    begins = BEGINS * sum(sample.begins for sample in hypothesis.samples) / hypothesis.presses
    return found + begins + CHECK_FOUND + SAME * constant + UNEXPLAINED * left


def _begins_anew(hypothesis: Hypothesis) -> int:
    """How many bytes at the end are those of the beginning: the pad says it twice, the next one begins."""
    sizes = range(1, hypothesis.size // 2 + 1)
    frames = [sample.frame for sample in hypothesis.samples]
    return max((size for size in sizes if all(each[-size:] == each[:size] for each in frames)), default=0)


def _is_address(hypothesis: Hypothesis, at: int) -> bool:
    """Whether a byte that varies does so by the pad and not by the key: few values, shared by many keys."""
    keys = defaultdict(set)
    for sample in hypothesis.samples:
        keys[sample.frame[at]].add(sample.key)
    return all(value <= HIGHEST_ADDRESS for value in keys) and all(len(names) > 1 for names in keys.values())


def _lengths(hypothesis: Hypothesis, key_at: int, checked: set[int]) -> tuple[tuple[int, int, int], ...]:
    """Bytes that are always the same and count a range of what follows, up to the checksum."""
    frame = hypothesis.samples[0].frame
    last = min(checked) - 1 if checked else key_at
    constant = set(range(key_at)) - set(hypothesis.varying)
    return tuple(
        (at, last - frame[at] + 1, last) for at in sorted(constant) if at > 0 and 2 <= frame[at] <= last - at
    )


def _address(
    hypothesis: Hypothesis,
    key_at: int,
    check: Fit | None,
    moving: int | None,
    lengths: tuple[tuple[int, int, int], ...],
    address: int | None,
) -> tuple[int | None, bool]:
    """Where the address is: where it moved, where the known one stands, or where it mostly is."""
    if moving is not None:
        return moving, True
    frame = hypothesis.samples[0].frame
    counting = {at for at, _, _ in lengths}
    places = [at for at in range(1, key_at) if at not in hypothesis.varying and at not in counting]
    if address is not None:
        said = [at for at in (*places, *sorted(counting)) if frame[at] == address]
        return (said[0] if said else None), len(said) == 1
    likely = [at for at in places if 0 < frame[at] <= HIGHEST_ADDRESS]
    if check is not None and check.first in likely:
        return check.first, False
    return (likely[0] if likely else None), False
