"""A lesson: an unknown pad on a port of its own, its keys pressed one by one, until its format is known."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Sequence

import msgspec

from kioskd.devices.learning import Heard, Known, Learned, Learner, NotLearned, Press, Recogniser
from kioskd.devices.port_uri import parse_port
from kioskd.devices.ports import Port, open_port
from kioskd.devices.profiles import PortSettings, Profile

BAUDS = (9600, 19200, 4800, 2400, 115200, 38400, 57600, 1200)
"""The usual speeds of counter devices, the most usual first."""
PRESSES_UNANSWERED = 2
"""So many keys are left without an answer, to see whether the pad repeats them."""


class Pace(msgspec.Struct, frozen=True):
    """How patient a lesson is, in seconds."""

    press_s: float = 20.0
    """How long somebody has for pressing the key."""
    quiet_s: float = 0.8
    """After so much silence nothing more comes of this press: longer than any pad's resend time."""
    longest_s: float = 5.0
    """A press that never falls silent is cut off here."""


class Ear:
    """The port, opened for us alone. Use as a context. Raises PortError."""

    def __init__(self, at: str, baud: int, pace: Pace) -> None:
        self._pace = pace
        self._port: Port = open_port(parse_port(at), PortSettings(baud=baud))

    def __enter__(self) -> Ear:
        return self

    def __exit__(self, *_: object) -> None:
        self._port.close()

    def hear(self, key: str, recogniser: Recogniser | None = None) -> Press:
        """Everything of one press. Frames that `recogniser` knows are sent back at once, each once.

        Raises PortError when the port is gone.
        """
        began_s = time.monotonic()
        until_s = began_s + self._pace.press_s
        heard: list[Heard] = []
        answered: set[bytes] = set()
        while (now_s := time.monotonic()) < until_s:
            ready, _, _ = select.select([self._port.fileno()], [], [], until_s - now_s)
            data = self._port.read() if ready else b""
            if not data:
                continue
            now_s = time.monotonic()
            heard.append(Heard(now_s, data))
            for frame in recogniser.feed(data) if recogniser else ():
                if frame not in answered:
                    answered.add(frame)
                    self._port.write(frame)
            until_s = min(now_s + self._pace.quiet_s, heard[0].at_s + self._pace.longest_s)
        return Press(key, tuple(heard), answered=bool(answered))


class Lesson:
    """Asks for the keys, one after the other.

    ask: tells the technician to press this key, now. tell: says what became of it.
    """

    def __init__(
        self,
        learner: Learner,
        at: str,
        *,
        ask: Callable[[str], None],
        tell: Callable[[str], None],
        pace: Pace = Pace(),  # noqa: B008 - frozen
    ) -> None:
        self._learner = learner
        self._at = at
        self._ask = ask
        self._tell = tell
        self._pace = pace
        self.presses: list[Press] = []
        self.baud = 0

    def find_speed(self, key: str, bauds: Sequence[int]) -> None:
        """Have the same key pressed twice at each speed, until the same bytes come twice.

        Raises NotLearned when that happens at none, PortError.
        """
        anything = False
        for baud in bauds:
            with Ear(self._at, baud, self._pace) as ear:
                presses = [self._hear(ear, key) for _ in range(2)]
            anything = anything or any(press.heard for press in presses)
            if self._learner.sensible(presses):
                self.baud = baud
                self.presses += presses
                self._tell(f"{baud} baud: the same bytes came twice")
                return
            self._tell(f"{baud} baud: nothing sensible")
        if anything:
            raise NotLearned(
                "bytes came, but never the same twice, at any usual speed: look at A and B, "
                "and whether another device talks on this line; --baud sets an unusual speed"
            )
        raise NotLearned("nothing came at any speed: look at the cable, at A and B, and at the pad's power")

    def learn_keys(self, keys: Sequence[str], times: int = 1) -> None:
        """Have each key pressed so many times. Raises PortError."""
        with Ear(self._at, self.baud, self._pace) as ear:
            for key in keys:
                for _ in range(times):
                    self.presses.append(self._hear(ear, key, self._recogniser()))

    def _hear(self, ear: Ear, key: str, recogniser: Recogniser | None = None) -> Press:
        self._ask(key)
        press = ear.hear(key, recogniser)
        count = sum(len(heard.data) for heard in press.heard)
        self._tell(
            f"{key}: {count} bytes" + (", answered" if press.answered else "")
            if count
            else f"{key}: nothing came"
        )
        return press

    def _recogniser(self) -> Recogniser | None:
        """What to answer by, once some keys went unanswered."""
        if len({press.key for press in self.presses}) <= PRESSES_UNANSWERED:
            return None
        return self._learner.recogniser(self.presses)

    def known(self, profiles: Sequence[Profile]) -> Known | None:
        """The profile that speaks this already."""
        return self._learner.known(self.presses, profiles)

    def learned(self, *, name: str, title: str, address: int | None) -> Learned:
        """What was worked out. Raises NotLearned."""
        return self._learner.learn(self.presses, name=name, title=title, baud=self.baud, address=address)
