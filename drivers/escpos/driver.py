"""The driver of ESC/POS receipt printers: sends rendered tickets, and finds out what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from drivers.escpos.options import EscposOptions
from drivers.escpos.render import Renderer
from drivers.escpos.status import (
    Answer,
    AnswerReader,
    Automatic,
    Identity,
    Paper,
    PrinterStatus,
    Processed,
    RealTime,
)
from drivers.escpos.text import MISSING
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import NoAnswer, NothingSent, PortError, PrintUnknown, Stopping, WriteTimeout
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Document, Kind, PrintEnd, PrintJob
from kioskd.devices.profiles import Profile

CHUNK_BYTES = 1024
LOOK_S, LOOK_CAP_S = 0.5, 4.0
"""How soon a printer that has not confirmed yet is asked what is the matter; later more rarely, since the
questions take room in the buffer of some that are off line."""
QUESTIONS = (1, 2, 3, 4)
"""DLE EOT n: printer, cause of being off line, error, paper."""
MISSES = 2
"""A question other than the first that stays unanswered so often in a row is unknown to this firmware."""
AUTOMATIC_STATUS = b"\x1da\x0e"
FENCE = b"\x1dr\x01"
IDENTITIES = {"model": b"\x1dIC", "firmware": b"\x1dIA"}
RECOVER = {"resume": b"\x10\x05\x01", "clear": b"\x10\x05\x02"}


class EscposPrinter(Driver):
    """One ESC/POS printer on a serial, TCP or USB printer port."""

    kinds = frozenset({Kind.PRINTER})
    Options = EscposOptions
    options: EscposOptions

    @classmethod
    def check(cls, profile: Profile) -> list[str]:
        """Options that do not go together."""
        options = msgspec.convert(profile.options, EscposOptions)
        if options.encoding == "utf-8" and options.rare == "defined":
            return ["rare = 'defined' needs the codes FE A1 and on, which UTF-8 has not: use 'image'"]
        return []

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        self._reader = AnswerReader()
        self._status = PrinterStatus()
        self._question: tuple[int, float] | None = None
        """The DLE EOT that is waiting for its answer, and when it was asked."""
        self._misses: Counter[int] = Counter()
        self._well = False
        """Whether the last look found nothing that keeps it from printing."""
        self._names_asked: list[str] = []
        self._mark = b""
        """The last mark that GS ( H brought back. A firmware that brings any is believed for nothing less."""
        self._fences = 0
        """GS r sent and not answered yet."""
        self._fences_answered = 0
        """Since the last one was sent."""
        self._recovery_due_s = 0.0

    # --- life cycle ---

    def probe(self) -> None:
        """Ask for its status, and for its name where the profile allows it."""
        self.link.fact("rare_characters", self._rare_characters())
        self._tell()
        if self.options.status == "none":
            return
        self._look()
        if self.options.status == "asb":
            self.link.write(AUTOMATIC_STATUS)
        if self.options.identify:
            self._ask_names()

    def poll(self) -> None:
        """Look after it. A printer that cannot be asked is believed to be well."""
        if self.options.status != "none":
            self._look()

    def received(self, data: bytes) -> None:
        """Take status, marks and names, in whatever order they come."""
        for answer in self._reader.feed(data):
            self._take(answer)
        self._count_dropped()

    def silence(self) -> None:
        """An unfinished answer stays unfinished."""
        self._reader.silence()
        self._count_dropped()

    def render(self, document: Document) -> bytes:
        """The document in this printer's language."""
        renderer = Renderer(self.options)
        data = renderer.render(document)
        for _ in range(renderer.missing):
            self.link.count("missing_glyphs")
        return data

    # --- printing ---

    def print(self, job: PrintJob) -> PrintEnd:
        """Send a ticket, stay until it is on paper or nobody can say. Raises NothingSent, PrintUnknown."""
        job.on_first_byte()
        self._start(job.data[:2])
        try:
            if self.options.status == "asb":
                self._send(AUTOMATIC_STATUS)  # ESC @ may have ended it
            for chunk in chunks(job.data[2:]):
                self._send(chunk)
            return self._end(mark_of(job.mark))
        except PortError as error:
            raise PrintUnknown(
                f"{error}; it was lost in the middle of a ticket: look at the paper"
            ) from error
        except Stopping as error:
            raise PrintUnknown("kioskd stopped before the printer confirmed: look at the paper") from error

    def _start(self, initialise: bytes) -> None:
        """Send the first two bytes alone: they are ESC @, so while they fail nothing can be on paper."""
        try:
            self.link.write(initialise, timeout_s=self.options.write_s)
        except WriteTimeout as full:
            if full.accepted:
                self._send(initialise[full.accepted :])
                return
            self.link.health(Reason("not_taking_data"), *self._status.reasons())
            raise NothingSent(
                "the printer takes no data: see whether it is off line or out of paper"
            ) from full
        except (PortError, Stopping) as error:
            raise NothingSent(f"nothing was sent: {error}") from error

    def _send(self, data: bytes) -> None:
        """Send all of it. A printer that takes no more is out of paper or open: it is waited for.

        It cannot be asked meanwhile: a question inside a command becomes part of it (the makers note).
        """
        while data:
            try:
                self.link.write(data, timeout_s=self.options.write_s)
                return
            except WriteTimeout as full:
                data = data[full.accepted :]
                if not full.accepted:
                    self._well = False
                    self.link.health(Reason("not_taking_data"), *self._status.reasons())

    def _end(self, mark: bytes) -> PrintEnd:
        """All bytes were taken: find out whether they are on paper."""
        if self.options.confirm == "none":
            self._look_again()
            return PrintEnd.SENT
        self._ask_for_confirmation(mark)
        give_up_s: float | None = None
        look_s = LOOK_S
        while not self._confirmed(mark, look_s):
            look_s = min(look_s * 1.3, LOOK_CAP_S, self.options.confirm_s)
            reachable = self._look_quietly()
            if give_up_s is None or (reachable and not self._well):
                give_up_s = self.link.now_s() + self.options.confirm_s
            elif self.link.now_s() >= give_up_s:
                self._give_up()
                break
        self._look_again()
        return PrintEnd.PRINTED

    def _ask_for_confirmation(self, mark: bytes) -> None:
        """Both questions wait in the printer's buffer until all before them is printed."""
        if self.options.confirm == "gs_h":
            self._send(b"\x1d(H\x06\x0000" + mark)
        self._send(FENCE)
        self._fences += 1
        self._fences_answered = 0

    def _confirmed(self, mark: bytes, timeout_s: float) -> bool:
        """Wait a moment for the answer. A fence counts when the marked answer did not come before it."""

        def answer() -> bool | None:
            if self.options.confirm == "gs_h":
                return self._mark == mark or None
            return self._fences == 0 or None

        try:
            return self.link.wait(answer, timeout_s=timeout_s)
        except NoAnswer:
            return self._fences == 0 and not self._mark

    def _give_up(self) -> None:
        """Nothing came in time. Raises PrintUnknown, unless a fence was answered after ours was sent.

        After a printer lost its power, the fences of that time stay unanswered for ever: one answer is enough
        then, since a late one of theirs would have been followed by ours by now.
        """
        if self._mark or not self._fences_answered:
            raise PrintUnknown(  # what is owed stays owed: answered late, it must not confirm the next ticket
                f"{self._fences} confirmation(s) missing {self.options.confirm_s:g} s after the last byte, "
                "and no fault reported: look at the paper"
            )
        self._fences = 0

    # --- asking ---

    def _look(self) -> None:
        """Ask everything, tell health, and help it out of an error. Raises NoAnswer."""
        for question in QUESTIONS:
            if self._misses[question] < MISSES:
                self._ask(question)
        self._tell()
        self._recover()

    def _look_quietly(self) -> bool:
        """Look while a job is under way; whether the printer answered."""
        if self.options.status == "none":
            return False
        try:
            self._look()
        except (NoAnswer, WriteTimeout):
            self._well = False
            self.link.health(Reason("no_answer"))
            return False
        return True

    def _look_again(self) -> None:
        """After a job: what was the matter may be over."""
        if self.options.status == "none":
            self._tell()
        elif not self._well:
            self._look_quietly()

    def _ask(self, question: int) -> None:
        """Ask one DLE EOT. Only one is ever on its way, or a late answer would be taken for another's."""
        now_s = self.link.now_s()
        if self._question and now_s < self._question[1] + self.options.late_s:
            raise NoAnswer(f"the printer has not answered DLE EOT {self._question[0]} yet")
        self._question = (question, now_s)
        self.link.write(b"\x10\x04" + bytes([question]), timeout_s=self.options.answer_s)
        try:
            self.link.wait(lambda: True if self._question is None else None, timeout_s=self.options.answer_s)
        except NoAnswer:
            self._missed(question)
            raise
        self._misses[question] = 0

    def _missed(self, question: int) -> None:
        if question == QUESTIONS[0]:
            self._misses.clear()
            self._status = PrinterStatus()
            self._tell_facts()
        else:
            self._misses[question] += 1

    def _recover(self) -> None:
        """End a cutter error, now and then; it stays reported until the paper is out of the cutter."""
        command = RECOVER.get(self.options.recover, b"")
        now_s = self.link.now_s()
        if command and self._status.wants_recovery and now_s >= self._recovery_due_s:
            self._recovery_due_s = now_s + self.options.recover_every_s
            self.link.count("recoveries")
            self.link.write(command)

    def _ask_names(self) -> None:
        for name, question in IDENTITIES.items():
            self._names_asked.append(name)
            self.link.fact(name, "unknown")
            self.link.write(question)

    # --- answers ---

    def _take(self, answer: Answer) -> None:
        match answer:
            case RealTime(bits):
                self._take_real_time(bits)
            case Automatic(packet):
                self._status.told_automatically(packet)
                self._tell()
            case Processed(mark):
                self._mark = mark
            case Identity(text):
                if self._names_asked:
                    self.link.fact(self._names_asked.pop(0), printable(text))
            case _:
                self._fences = max(0, self._fences - 1)
                self._fences_answered += 1

    def _take_real_time(self, bits: int) -> None:
        if self._question is None:
            self.link.count("unexpected_status")
            return
        self._status.told(self._question[0], bits)
        self._question = None

    def _count_dropped(self) -> None:
        for _ in range(self._reader.dropped):
            self.link.count("unexpected_bytes")
        self._reader.dropped = 0

    def _tell(self) -> None:
        self._well = not self._status.faulty
        self.link.health(*self._status.reasons())
        self._tell_facts()

    def _rare_characters(self) -> str:
        """How characters come out that the printer's font lacks."""
        if self.options.rare == "none":
            return MISSING
        from drivers.escpos import fonts  # loads the font library, on the port's own thread

        name = fonts.font_name()
        return f"drawn ({name})" if name else f"{MISSING} (no Chinese font here: fonts-noto-cjk)"

    def _tell_facts(self) -> None:
        askable = self.options.status != "none" and self._misses[4] < MISSES
        paper = self._status.paper
        self.link.fact("paper", paper if askable or paper is Paper.OUT else Paper.NOT_SUPPORTED)


def chunks(data: bytes) -> Iterator[bytes]:
    """The data in pieces that even a slow line sends well inside their deadline."""
    return (data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES))


def mark_of(job_mark: int) -> bytes:
    """A job's number as the four characters, 20 to 7E, that GS ( H echoes."""
    digits = []
    for _ in range(4):
        job_mark, digit = divmod(job_mark, 0x5F)
        digits.append(0x20 + digit)
    return bytes(reversed(digits))


def printable(text: str) -> str:
    """What a device says of itself, short and without anything that could act on a terminal or a page."""
    return "".join(character for character in text if character.isprintable())[:60]
