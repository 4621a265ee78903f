"""The learner of framed protocols, as `kioskd profile learn` finds it by its entry point."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.framed.learn.known import known
from drivers.framed.learn.repeats import Repeats, repeats
from drivers.framed.learn.roles import Roles, understand
from drivers.framed.learn.windows import SHORTEST_BYTES, bursts
from drivers.framed.learn.writer import layout_of, toml_of
from kioskd.devices.learning import Known, Learned, Learner, NotLearned, Press
from kioskd.devices.profiles import Profile

SURE_FRAMES = 4
"""A checksum that fits so many different frames is no chance."""


class FramedLearner(Learner):
    """Pure: it opens nothing."""

    def sensible(self, presses: Sequence[Press]) -> bool:
        """Whether the same key gave the same bytes twice, in one press or in two."""
        pieces = [burst for press in presses for burst in bursts(press)]
        windows = [
            {burst[at : at + SHORTEST_BYTES] for at in range(len(burst) - SHORTEST_BYTES + 1)}
            for burst in pieces
        ]
        again = [one & other for index, one in enumerate(windows) for other in windows[index + 1 :]]
        return any(len(set(window)) > 1 for both in again for window in both)

    def known(self, presses: Sequence[Press], profiles: Sequence[Profile]) -> Known | None:
        """The profile that understands the pad already."""
        return known(presses, profiles)

    def recogniser(self, presses: Sequence[Press]) -> FramedRecogniser | None:
        """What recognises the frames as far as the format is known; None for a pad that never repeats."""
        try:
            roles = understand(presses)
        except NotLearned:
            return None
        waits_for_an_answer = repeats(presses, roles).every_s is not None
        return FramedRecogniser(roles) if waits_for_an_answer and not roles.unexplained else None

    def learn(
        self, presses: Sequence[Press], *, name: str, title: str, baud: int, address: int | None = None
    ) -> Learned:
        """The format as a profile. Raises NotLearned."""
        roles = understand(presses, address)
        words = layout_of(roles)
        if roles.unexplained:
            places = ", ".join(str(at + 1) for at in roles.unexplained)
            raise NotLearned(
                f"the frame seems to be {' '.join(words)}, but byte {places} of it varies and nobody can "
                "tell why: press each key three times, so that a counter can be told from a key"
            )
        again = repeats(presses, roles)
        sure, unsure = _sentences(roles, again)
        toml = toml_of(roles, again, name=name, title=title, baud=baud)
        return Learned(frame=" ".join(words), sure=tuple(sure), unsure=tuple(unsure), toml=toml)


class FramedRecogniser:
    """Finds whole frames in a stream."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self._stream = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The whole frames that these bytes complete."""
        found: list[bytes] = []
        self._stream += data
        size = self._roles.size
        at = 0
        while at + size <= len(self._stream):
            frame = self._stream[at : at + size]
            whole = self._roles.fits(frame)
            if whole:
                found.append(frame)
            at += size if whole else 1
        self._stream = self._stream[at:]
        return found


def _sentences(roles: Roles, again: Repeats) -> tuple[list[str], list[str]]:
    """What is sure, and what is not."""
    heard = len(roles.samples)
    sure = [f"a frame is {roles.size} bytes and was found in {heard} of {roles.presses} presses"]
    unsure: list[str] = []
    (sure if heard > 2 else unsure).append(f"byte {roles.key_at + 1} is the key: {len(roles.keys)} codes")
    _say_check(roles, sure, unsure)
    _say_address(roles, sure, unsure)
    for at, first, last in roles.lengths:
        unsure.append(f"byte {at + 1} may be a length: it counts bytes {first + 1} to {last + 1}")
    _say_repeats(again, sure, unsure)
    return sure, unsure


def _say_check(roles: Roles, sure: list[str], unsure: list[str]) -> None:
    check = roles.check
    if check is None:
        unsure.append("no checksum was found: press more keys if you think there is one")
        return
    distinct = len({sample.frame for sample in roles.samples})
    text = f"byte {check.at + 1} is a checksum: {check.name} over bytes {check.first + 1} to {check.last + 1}"
    others = [f"{other.name} over {other.first + 1} to {other.last + 1}" for other in roles.other_checks]
    if others:
        few = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
        unsure.append(f"{text}; so far {few} would fit as well")
    elif distinct >= SURE_FRAMES:
        sure.append(f"{text}; it fits {distinct} different frames, and no other does")
    else:
        unsure.append(f"{text}; that rests on {distinct} frames only")


def _say_address(roles: Roles, sure: list[str], unsure: list[str]) -> None:
    if roles.address_at is None:
        unsure.append("no address was found: this pad needs a line of its own, or say which one it is set to")
        return
    heard = ", ".join(map(str, roles.addresses))
    text = f"byte {roles.address_at + 1} is the address: {heard} was heard"
    if roles.address_sure:
        sure.append(text)
    else:
        unsure.append(f"{text}; set another on the pad and learn again to be sure")


def _say_repeats(again: Repeats, sure: list[str], unsure: list[str]) -> None:
    if again.every_s is None:
        sure.append("a key is sent once and waits for no answer")
        return
    text = f"a key is sent {again.copies} times, every {again.every_s:g} s, when nobody answers"
    if again.echo_ends:
        sure.append(f"{text}; the same bytes sent back end that")
    elif again.echo_ends is None:
        unsure.append(f"{text}; whether an answer ends that was not tried")
    else:
        unsure.append(f"{text}; the same bytes sent back did not end that")
    if again.local_echo:
        sure.append("the adapter reads back what it sends: local_echo = true for the port")
