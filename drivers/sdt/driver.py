"""An SDT card reader: looks for a card, reads it once, and waits until it is taken away.

Wire facts and what is doubtful: README.md beside this file.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from drivers.sdt.frames import Answer, Command, Decoder, frame
from drivers.sdt.text import Misread, UnsupportedCard, card_of
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import NoAnswer
from kioskd.devices.health import Reason
from kioskd.devices.kinds import CardProblem, Kind
from kioskd.devices.profiles import Profile

WELL = 0x90
"""SW3: done."""
FOUND = 0x9F
NO_CARD = 0x80
OF_THE_CARD = frozenset({0x31, 0x32, 0x33, 0x40, 0x41, 0x81, 0x91})
"""SW3 that blame the card: not authentic, of an unknown kind, not readable, not selectable, without text."""
LATE_S = 0.1
"""An answer has no name on it: before the first command, one that comes late is let pass."""


class SdtOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[options] of the profile, in seconds but for `away_after` and `tries`."""

    answer_s: float = 1.5
    """How long status, find and select may take."""
    read_s: float = 4.0
    """How long reading a card may take."""
    away_after: int = 3
    """A card is away after so many searches in vain: some readers do not find a card again at once."""
    reread_s: float = 60.0
    """A card that still lies there is read again after so long."""
    tries: int = 3
    """How often a card that cannot be read is tried before it is refused."""


class SdtReader(Driver):
    """One reader. All it tells of a card is in `kioskd.devices.cards`."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.CARD_READER})
    Options: ClassVar[type[msgspec.Struct]] = SdtOptions
    schemes: ClassVar[frozenset[str]] = frozenset({"serial", "tcp", "usb"})
    private_bytes: ClassVar[bool] = True

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        assert isinstance(options, SdtOptions)
        self._options = options
        self._decoder = Decoder(link.count)
        self._answer: Answer | None = None
        self._ill = False
        self._in_vain = 0
        self._tried = 0
        self._dealt_with_at_s: float | None = None
        """When the card that lies there was read or refused; None: there is none, or it is not done."""

    # --- life cycle ---

    def probe(self) -> None:
        """Ask the reader how it is. Raises NoAnswer."""
        self.link.pause(LATE_S)
        self._check()

    def poll(self) -> None:
        """Look for a card, and deal with a new one. Raises NoAnswer."""
        if self._ill:
            self._check()
            return
        answer = self._ask(Command.FIND)
        if answer.status == FOUND:
            self._in_vain = 0
            if self._is_new():
                self._deal_with()
        elif answer.status == NO_CARD:
            self._in_vain += 1
            if self._in_vain >= self._options.away_after:
                self._tried, self._dealt_with_at_s = 0, None
        else:
            self._complain(answer)

    def received(self, data: bytes) -> None:
        """Keep the newest answer for whoever waits for it."""
        for answer in self._decoder.feed(data):
            self._answer = answer

    def silence(self) -> None:
        """An unfinished answer stays unfinished."""
        for answer in self._decoder.silence():
            self._answer = answer

    # --- one card ---

    def _is_new(self) -> bool:
        done_s = self._dealt_with_at_s
        return done_s is None or self.link.now_s() - done_s >= self._options.reread_s

    def _deal_with(self) -> None:
        """Select and read the card, tell of it, and let go of all that was read."""
        for command in (Command.SELECT, Command.READ):
            answer = self._ask(command)
            if answer.status in OF_THE_CARD:
                self._failed(CardProblem.UNREADABLE)
                return
            if answer.status != WELL:
                self._complain(answer)
                return
        try:
            card = card_of(answer.data)
        except UnsupportedCard:
            self._refuse(CardProblem.UNSUPPORTED)
        except Misread:
            self._failed(CardProblem.MISREAD)
        else:
            self._done()
            self.link.card(card)

    def _failed(self, problem: CardProblem) -> None:
        """It may go better the next time; a card that fails again and again is refused."""
        self.link.count("card_errors")
        self._tried += 1
        if self._tried >= self._options.tries:
            self._refuse(problem)

    def _refuse(self, problem: CardProblem) -> None:
        self._done()
        self.link.card_refused(problem)

    def _done(self) -> None:
        self._tried, self._dealt_with_at_s = 0, self.link.now_s()

    # --- the wire ---

    def _check(self) -> None:
        answer = self._ask(Command.STATUS)
        self._ill = answer.status != WELL
        if self._ill:
            self._complain(answer)
        else:
            self.link.health()

    def _complain(self, answer: Answer) -> None:
        """The reader says that it is not well: it is asked for its status until it is."""
        self._ill = True
        self.link.count("reader_errors")
        self.link.health(Reason("reader_error", f"status {answer.status:02X}"))

    def _ask(self, command: Command) -> Answer:
        timeout_s = self._options.read_s if command is Command.READ else self._options.answer_s
        self._answer = None
        self.link.write(frame(command.value))
        try:
            return self.link.wait(self._take_answer, timeout_s=timeout_s)
        except NoAnswer:
            raise NoAnswer(
                f"{self.profile.title} did not answer to {command.name.lower()} within {timeout_s:g} s: "
                "check its power and its cable"
            ) from None

    def _take_answer(self) -> Answer | None:
        """The answer, once; no copy of it is kept."""
        answer, self._answer = self._answer, None
        return answer
