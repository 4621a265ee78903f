"""The driver of ESC/POS receipt printers: sends rendered tickets, and finds out what became of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from drivers.escpos import questions
from drivers.escpos.enquiry import AUTOMATIC_STATUS, Enquiry
from drivers.escpos.explain import EscposExplainer
from drivers.escpos.options import EscposOptions
from drivers.escpos.render import Renderer
from drivers.escpos.status import (
    Answer,
    AnswerReader,
    Processed,
    Sensor,
)
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import NoAnswer, NothingSent, PortError, PrintUnknown, Stopping, WriteTimeout
from kioskd.devices.explain import Explainer
from kioskd.devices.health import Health
from kioskd.devices.kinds import Document, Kind, PrintEnd, PrintJob
from kioskd.devices.profiles import Profile
from kioskd.devices.test_page import compose

CHUNK_BYTES = 1024
LOOK_S, LOOK_CAP_S = 0.5, 4.0
"""How soon a printer that has not confirmed yet is asked what is the matter; later more rarely, since the
questions take room in the buffer of some that are off line."""
FENCE = b"\x1dr\x01"


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

    @classmethod
    def explainer(cls, profile: Profile, options: msgspec.Struct) -> Explainer:
        """Questions and status bits in words, text as it is printed."""
        assert isinstance(options, EscposOptions)
        return EscposExplainer(options.encoding)

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        self._reader = AnswerReader()
        self._enquiry = Enquiry(link, self.options)
        self._mark = b""
        """The last mark that GS ( H brought back. A firmware that brings any is believed for nothing less."""
        self._fences = 0
        """GS r sent and not answered yet."""
        self._fences_answered = 0
        """Since the last one was sent."""

    # --- life cycle ---

    def probe(self) -> None:
        """Ask for its status, and for its name where the profile allows it."""
        self._enquiry.meet()

    def poll(self) -> None:
        """Look after it. A printer that cannot be asked is believed to be well."""
        self._enquiry.again()

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

    def test_page(self, health: Health) -> Document:
        """A page that proves this printer."""
        answers = questions.answers(health.facts, self.options)
        cuts = self.options.cut != "none"
        return compose(self.profile, health, columns=self.options.columns, cuts=cuts, answers=answers)

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
            self._enquiry.takes_no_data()
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
                    self._enquiry.takes_no_data()

    def _end(self, mark: bytes) -> PrintEnd:
        """All bytes were taken: find out whether they are on paper."""
        if self.options.confirm == "none":
            self._enquiry.after_a_job()
            return PrintEnd.SENT
        self._ask_for_confirmation(mark)
        give_up_s: float | None = None
        look_s = LOOK_S
        while not self._confirmed(mark, look_s):
            look_s = min(look_s * 1.3, LOOK_CAP_S, self.options.confirm_s)
            reachable = self._enquiry.quietly()
            if give_up_s is None or (reachable and not self._enquiry.well):
                give_up_s = self.link.now_s() + self.options.confirm_s
            elif self.link.now_s() >= give_up_s and self._mark != mark:
                self._give_up()
                break
        if self.options.confirm == "gs_h" and self._mark != mark:
            self.link.fact(questions.PROCESSED, "no")
        self._enquiry.after_a_job()
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
            if not self._fences_answered:
                self.link.fact(questions.FENCE, "no")
            raise PrintUnknown(  # what is owed stays owed: answered late, it must not confirm the next ticket
                f"{self._fences} confirmation(s) missing {self.options.confirm_s:g} s after the last byte, "
                "and no fault reported: look at the paper"
            )
        self._fences = 0

    # --- answers ---

    def _take(self, answer: Answer) -> None:
        match answer:
            case Processed(mark):
                self.link.fact(questions.PROCESSED, "yes")
                self._mark = mark
            case Sensor():
                self.link.fact(questions.FENCE, "yes")
                self._fences = max(0, self._fences - 1)
                self._fences_answered += 1
            case _:
                self._enquiry.take(answer)

    def _count_dropped(self) -> None:
        for _ in range(self._reader.dropped):
            self.link.count("unexpected_bytes")
        self._reader.dropped = 0


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
