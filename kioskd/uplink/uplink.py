"""Reports ratings: follows the hall, sends what is due, and waits longer after each failure."""

from __future__ import annotations

import logging
import random
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from kioskd.hall.hall import Hall
from kioskd.uplink.message import message
from kioskd.uplink.outbox import Outbox, Report
from kioskd.uplink.push import Receiver, Verdict, read_token
from kioskd.worker import Worker

log = logging.getLogger(__name__)

BEAT_S = 5.0
FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 600.0
READER = "uplink"
"""Who reads the details that citizens gave for this."""


class UplinkTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[uplink]: where ratings are reported. Nothing is without `url`."""

    url: str = ""
    fields: str = "guangdong"
    """The exchange's fields: a built-in list's name, or a file in the hall file's folder."""
    hall_code: Annotated[str, Meta(pattern="^[0-9A-Za-z-]{0,40}$")] = ""
    """The hall's own code, which begins its serial numbers."""
    token_file: str = ""
    """A file with the receiver's token, readable by the daemon alone."""
    ca_file: str = ""
    """The certificate authority of a receiver that has one of its own."""
    needs_affair_no: bool = True
    """Whether a rating waits until its visit's case number (affairDealNo) is known."""


class Uplink:
    """Reports every rating of the hall, each once in the receiver's eyes."""

    def __init__(self, hall: Hall, settings: UplinkTable, fields: dict[str, str], folder: Path) -> None:
        """fields: exchange field → fact. folder: where the settings' files are.

        Raises OSError (ssl.SSLError too) or UnicodeDecodeError where one of those cannot be used. What is
        rated meanwhile is reported once they can.
        """
        self._hall = hall
        self._settings = settings
        self._fields = fields
        self._outbox = Outbox(hall.store, needs_affair_no=settings.needs_affair_no)
        self._receiver = Receiver(
            settings.url,
            token=read_token(folder / settings.token_file) if settings.token_file else "",
            ca_file=folder / settings.ca_file if settings.ca_file else None,
        )
        self._worker = Worker("uplink", self._turn, beat_s=BEAT_S)
        self._stopping = False

    def start(self) -> None:
        """Begin to follow and to send."""
        self._worker.start()

    def stop(self) -> None:
        """Send nothing more; what is under way is sent again at the next start, with its key."""
        self._stopping = True
        self._worker.stop()

    def _turn(self) -> None:
        self._outbox.follow()
        while not self._stopping and (report := self._outbox.due(self._hall.clock.now())):
            self._send(report)

    def _send(self, report: Report) -> None:
        content = message(
            self._hall.store,
            self._hall.plan.timezone,
            report.ticket,
            self._fields,
            hall_code=self._settings.hall_code,
            by=READER,
            at=self._hall.clock.now(),
        )
        answer = self._receiver.post(content, report.key)
        now = self._hall.clock.now()
        if answer.verdict is Verdict.TAKEN:
            self._outbox.sent(report, now)
        elif answer.verdict is Verdict.REFUSED:
            log.error("the report of ticket %d was refused: %s", report.ticket, answer.problem)
            self._outbox.refused(report, answer.problem)
        else:
            again_in_s = answer.retry_after_s or _pause_s(report.attempts)
            log.warning(
                "the report of ticket %d is sent again in %.0f s: %s",
                report.ticket,
                again_in_s,
                answer.problem,
            )
            self._outbox.failed(report, answer.problem, now, again_in_s)


def _pause_s(attempts: int) -> float:
    """Twice as long after each failure, and never the same for all halls of a county."""
    longest_s: float = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** min(attempts, 20))
    return longest_s * random.uniform(0.5, 1.0)  # noqa: S311
