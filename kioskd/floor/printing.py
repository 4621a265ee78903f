"""Paper is journalled: a job is rendered, its bytes are stored, and only then does the first one leave.

Each printer has at most one job at a time. A job whose printer reports a fault stays with it, since the
printer may hold it in its buffer; the next jobs go to another printer, where there is one.
"""

from __future__ import annotations

import logging
import queue
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from datetime import timedelta

import msgspec

from kioskd.devices.errors import DeviceError, NothingSent
from kioskd.devices.health import State
from kioskd.devices.kinds import Document, PrintEnd, PrintJob
from kioskd.devices.supervisor import Device
from kioskd.floor.layout import LayoutError
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PaperState, PrintJobView, Ticket, TicketState

log = logging.getLogger(__name__)

TRY_AGAIN_S = 5.0
"""A printer that took nothing is tried again after so long, or soon after its health has changed."""
SOON_S = 0.25
NOTICE_WAITED_FOR = timedelta(minutes=3)
"""Nobody waits longer at a kiosk for a paper that says what to bring."""

_WELL = (State.ONLINE, State.DEGRADED)
_ENDED = (TicketState.DONE, TicketState.CANCELLED)
_END_STATES = {PrintEnd.PRINTED: PaperState.PRINTED, PrintEnd.SENT: PaperState.SENT}


class Flight(msgspec.Struct):
    """A job at a printer. begun: its bytes are stored, and may have left."""

    job: PrintJobView
    device: Device
    health_changes: int
    """How often the device's health had changed when the job was handed over."""
    begun: bool = False
    noted: str = ""


class Printing:
    """Follows the paper journal with the hall's ticket printers.

    to_document: a job as the site's layout has it; raises LayoutError.
    woken: called when a printer is done or free, on any thread.
    """

    def __init__(
        self,
        hall: Hall,
        journal: PaperJournal,
        printers: list[Device],
        to_document: Callable[[PrintJobView, Ticket | None], Document],
        now_s: Callable[[], float],
        woken: Callable[[], None],
    ) -> None:
        self._hall = hall
        self._journal = journal
        self._printers = printers
        self._to_document = to_document
        self._now_s = now_s
        self._woken = woken
        self._flights: dict[str, Flight] = {}
        self._ended: queue.SimpleQueue[tuple[Flight, Future[PrintEnd]]] = queue.SimpleQueue()
        self._not_before_s: dict[str, float] = {}
        self._health_changes: Counter[str] = Counter()

    def recover(self) -> None:
        """At the start: what was being sent when the last daemon ended may be on paper or not: unknown."""
        self._journal.recover()

    def health_changed(self, device: str) -> None:
        """A printer is another than before: try it again at once. From the port's thread."""
        self._health_changes[device] += 1
        self._not_before_s.pop(device, None)

    def turn(self) -> None:
        """Write down what ended, start what can be started, and say what is in the way of the rest."""
        self._write_ends()
        self._start_jobs()
        self._note_faults()

    def finish(self, timeout_s: float) -> None:
        """When the daemon stops: give what is being printed a moment to end, and start nothing new."""
        deadline_s = self._now_s() + timeout_s
        self._write_ends()
        with suppress(queue.Empty):
            while any(flight.device.health().state in _WELL for flight in self._flights.values()):
                self._land(*self._ended.get(timeout=max(0.0, deadline_s - self._now_s())))

    # --- starting ---

    def _start_jobs(self) -> None:
        while (job := self._journal.next_queued()) is not None:
            if any(flight.job.id == job.id for flight in self._flights.values()):
                return  # handed to a printer that has not begun with it
            ticket = None if job.ticket is None else self._hall.ticket(job.ticket)
            if self._is_overtaken(job, ticket):
                self._journal.end(job.id, PaperState.FAILED, "overtaken")
                continue
            device = self._free_printer()
            if device is None:
                self._note_waiting(job)
                return
            self._start(job, ticket, device)

    def _is_overtaken(self, job: PrintJobView, ticket: Ticket | None) -> bool:
        """Whether nobody needs this paper any more: its ticket has ended, or its day has; a notice is old."""
        if ticket is None:
            return self._hall.clock.now() - job.queued_at > NOTICE_WAITED_FOR
        if ticket.state in _ENDED or ticket.service_day != self._hall.queue().service_day:
            return True
        return ticket.state is TicketState.NO_SHOW and not job.reprint  # somebody asked for a reprint

    def _free_printer(self) -> Device | None:
        """The first printer that is well; where none is, the first that may be tried all the same.

        What a printer says about itself never decides whether to print: only that a well one is taken first.
        """
        well = [device for device in self._printers if device.health().state in _WELL]
        candidates = well or [each for each in self._printers if each.health().state is not State.DISABLED]
        return next((device for device in candidates if self._is_free(device)), None)

    def _is_free(self, device: Device) -> bool:
        return device.name not in self._flights and self._now_s() >= self._not_before_s.get(device.name, 0.0)

    def _start(self, job: PrintJobView, ticket: Ticket | None, device: Device) -> None:
        try:
            data = device.render(self._to_document(job, ticket))
        except (LayoutError, DeviceError) as error:
            self._cannot_render(job, device, error)
            return
        except (
            Exception
        ) as error:  # a third party's driver may raise anything; the next job must not wait for it
            log.exception("job %d: %s failed to render it", job.id, device.name)
            self._cannot_render(job, device, error)
            return
        flight = Flight(job, device, self._health_changes[device.name])
        future = device.print(PrintJob(data, job.id, lambda: self._begin(flight, data)))
        self._flights[device.name] = flight
        future.add_done_callback(lambda done: self._leave_end(flight, done))

    def _cannot_render(self, job: PrintJobView, device: Device, error: Exception) -> None:
        log.error("job %d cannot be printed on %s: %s", job.id, device.name, error)
        self._journal.end(job.id, PaperState.FAILED, "cannot_render")

    def _begin(self, flight: Flight, data: bytes) -> None:
        """On the port's thread, before the first byte: store the bytes, or raise so that none is sent."""
        self._journal.begin(flight.job.id, data, flight.device.name)
        flight.begun = True
        self._woken()

    def _leave_end(self, flight: Flight, done: Future[PrintEnd]) -> None:
        """On the port's thread: leave the end for the next turn."""
        self._ended.put((flight, done))
        self._woken()

    # --- ending ---

    def _write_ends(self) -> None:
        while not self._ended.empty():
            self._land(*self._ended.get())

    def _land(self, flight: Flight, done: Future[PrintEnd]) -> None:
        try:
            self._write_end(flight, done)
        except Exception:
            self._ended.put((flight, done))  # the store failed: what happened must still be written down
            raise
        del self._flights[flight.device.name]

    def _write_end(self, flight: Flight, done: Future[PrintEnd]) -> None:
        try:
            end = done.result()
        except NothingSent as nothing:
            log.info("job %d: %s took nothing: %s", flight.job.id, flight.device.name, nothing)
            self._back_to_queue(flight)
        except (Exception, CancelledError) as error:  # a driver's mistake is as unclear as a lost cable
            if flight.begun:
                log.warning("job %d: nobody knows whether it is on paper: %s", flight.job.id, error)
                self._journal.end(flight.job.id, PaperState.UNKNOWN, _reason(flight.device))
            else:
                log.warning("job %d was not begun at %s: %s", flight.job.id, flight.device.name, error)
                self._back_to_queue(flight)
        else:
            self._journal.end(flight.job.id, _END_STATES[end], "")

    def _back_to_queue(self, flight: Flight) -> None:
        name = flight.device.name
        changed = self._health_changes[name] != flight.health_changes
        self._not_before_s[name] = self._now_s() + (SOON_S if changed else TRY_AGAIN_S)
        if flight.begun:
            self._journal.requeue(flight.job.id)

    # --- saying what is in the way ---

    def _note_faults(self) -> None:
        """Say of each job at a printer what that printer waits for, so that kiosk and clerk see it."""
        for flight in self._flights.values():
            reason = _reason(flight.device)
            if flight.begun and reason != flight.noted:
                self._journal.note(flight.job.id, reason)
                flight.noted = reason

    def _note_waiting(self, job: PrintJobView) -> None:
        """Say of the first job that no printer takes what is in the way."""
        detail = self._in_the_way()
        if detail != job.detail:
            self._journal.note(job.id, detail)

    def _in_the_way(self) -> str:
        if not self._printers:
            return "no_printer"
        reasons = [_reason(device) for device in self._printers]
        return "" if "" in reasons else reasons[0]


def _reason(device: Device) -> str:
    """The code of what keeps a device from printing, for the journal; empty when nothing does."""
    health = device.health()
    if health.state in _WELL:
        return ""
    return health.reasons[0].code if health.reasons else str(health.state)
