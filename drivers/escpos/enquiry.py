"""Asks one printer how it is, and tells its health. On the thread that owns the port, like its driver.

DLE EOT may stand anywhere between commands, and its answer carries no number: so only one is ever on its way.
"""

from __future__ import annotations

from collections import Counter

from drivers.escpos import questions
from drivers.escpos.options import EscposOptions
from drivers.escpos.status import Automatic, Identity, Paper, PrinterStatus, RealTime
from drivers.escpos.text import MISSING
from kioskd.devices.driver import Link
from kioskd.devices.errors import NoAnswer, WriteTimeout
from kioskd.devices.health import Reason

QUESTIONS = (1, 2, 3, 4)
"""DLE EOT n: printer, cause of being off line, error, paper."""
MISSES = 2
"""A question other than the first that stays unanswered so often in a row is unknown to this firmware."""
AUTOMATIC_STATUS = b"\x1da\x0e"
IDENTITIES = {"model": b"\x1dIC", "firmware": b"\x1dIA"}
RECOVER = {"resume": b"\x10\x05\x01", "clear": b"\x10\x05\x02"}


class Enquiry:
    """What one printer was asked, and what it said."""

    def __init__(self, link: Link, options: EscposOptions) -> None:
        self.link = link
        self.options = options
        self.status = PrinterStatus()
        self.well = False
        """Whether the last look found nothing that keeps it from printing."""
        self._question: tuple[int, float] | None = None
        """The DLE EOT that is waiting for its answer, and when it was asked."""
        self._misses: Counter[int] = Counter()
        self._names_asked: list[str] = []
        self._automatic_heard = False
        self._recovery_due_s = 0.0

    def meet(self) -> None:
        """The first look, as far as the profile lets it be asked. Raises NoAnswer."""
        self.link.fact("rare_characters", self._rare_characters())
        for question, answered in questions.at_first(self.options).items():
            self.link.fact(question, answered)
        self.tell()
        if self.options.status == "none":
            return
        self._look()
        if self.options.status == "asb":
            self.link.write(AUTOMATIC_STATUS)
        if self.options.identify:
            self._ask_names()

    def again(self) -> None:
        """Look after it. A printer that cannot be asked is believed to be well. Raises NoAnswer."""
        if self.options.status == "none":
            return
        self._look()
        if self.options.status == "asb" and not self._automatic_heard:
            self.link.fact(questions.AUTOMATIC, "no")
        if self._names_asked:
            self.link.fact(questions.IDENTITY, "no")

    def quietly(self) -> bool:
        """Look while a job is under way; whether the printer answered.

        Some firmware answers only once it has printed: it is not gone while its answer may still come.
        """
        if self.options.status == "none":
            return False
        try:
            self._look()
        except (NoAnswer, WriteTimeout):
            self.well = False
            if not self._awaited():
                self.link.health(Reason("no_answer"))
            return False
        return True

    def after_a_job(self) -> None:
        """What was the matter may be over."""
        if self.options.status == "none":
            self.tell()
        elif not self.well:
            self.quietly()

    def takes_no_data(self) -> None:
        """It has stopped taking bytes: it is out of paper or open, and cannot be asked."""
        self.well = False
        self.link.health(Reason("not_taking_data"), *self.status.reasons())

    def tell(self) -> None:
        """Say what is known of it."""
        self.well = not self.status.faulty
        self.link.health(*self.status.reasons())
        self._tell_paper()

    # --- asking ---

    def _look(self) -> None:
        """Ask everything, tell health, and help it out of an error. Raises NoAnswer."""
        for question in QUESTIONS:
            if self._misses[question] < MISSES:
                self._ask(question)
        self.tell()
        self._recover()

    def _ask(self, question: int) -> None:
        """Ask one DLE EOT. Only one is ever on its way, or a late answer would be taken for another's."""
        if self._question and self._awaited():
            raise NoAnswer(f"the printer has not answered DLE EOT {self._question[0]} yet")
        self._question = (question, self.link.now_s())
        self.link.write(b"\x10\x04" + bytes([question]), timeout_s=self.options.answer_s)
        try:
            self.link.wait(lambda: True if self._question is None else None, timeout_s=self.options.answer_s)
        except NoAnswer:
            self._missed(question)
            raise

    def _awaited(self) -> bool:
        """Whether a question is on its way, and its answer may still come."""
        return self._question is not None and self.link.now_s() < self._question[1] + self.options.late_s

    def _missed(self, question: int) -> None:
        self.link.fact(questions.real_time(question), "no")
        if question == QUESTIONS[0]:
            self._misses.clear()
            self.status = PrinterStatus()
            self._tell_paper()
        else:
            self._misses[question] += 1

    def _recover(self) -> None:
        """End a cutter error, now and then; it stays reported until the paper is out of the cutter."""
        command = RECOVER.get(self.options.recover, b"")
        now_s = self.link.now_s()
        if command and self.status.wants_recovery and now_s >= self._recovery_due_s:
            self._recovery_due_s = now_s + self.options.recover_every_s
            self.link.count("recoveries")
            self.link.write(command)

    def _ask_names(self) -> None:
        for name, question in IDENTITIES.items():
            self._names_asked.append(name)
            self.link.fact(name, "unknown")
            self.link.write(question)

    # --- answers ---

    def take(self, answer: RealTime | Automatic | Identity) -> None:
        """One of its answers."""
        match answer:
            case RealTime(bits):
                self._take_real_time(bits)
            case Automatic(packet):
                self._automatic_heard = True
                self.link.fact(questions.AUTOMATIC, "yes")
                self.status.told_automatically(packet)
                self.tell()
            case Identity(text):
                if self._names_asked:
                    self.link.fact(questions.IDENTITY, "yes")
                    self.link.fact(self._names_asked.pop(0), printable(text))

    def _take_real_time(self, bits: int) -> None:
        if self._question is None:
            self.link.count("unexpected_status")
            return
        self.link.fact(questions.real_time(self._question[0]), "yes")
        self._misses[self._question[0]] = 0  # late or not, this firmware knows it
        self.status.told(self._question[0], bits)
        self._question = None

    # --- facts ---

    def _rare_characters(self) -> str:
        """How characters come out that the printer's font lacks."""
        if self.options.rare == "none":
            return MISSING
        from drivers.escpos import fonts  # loads the font library, on the port's own thread

        name = fonts.font_name()
        return f"drawn ({name})" if name else f"{MISSING} (no Chinese font here: fonts-noto-cjk)"

    def _tell_paper(self) -> None:
        askable = self.options.status != "none" and self._misses[4] < MISSES
        paper = self.status.paper
        self.link.fact("paper", paper if askable or paper is Paper.OUT else Paper.NOT_SUPPORTED)


def printable(text: str) -> str:
    """What a device says of itself, short and without anything that could act on a terminal or a page."""
    return "".join(character for character in text if character.isprintable())[:60]
