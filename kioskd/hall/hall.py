"""The hall: every command and every question, each in one transaction.

Every command takes `by`, who gave it, which goes into its events. A command that the present state does not
allow raises Refused, one that names something this hall does not have raises NotFound; both change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime

from kioskd.hall import (
    calling,
    cases,
    contacts,
    counter,
    day,
    documents,
    events,
    matters,
    papers,
    ratings,
    setup,
    tickets,
    views,
    windows,
)
from kioskd.hall.catalogue import Catalogue, Shelf
from kioskd.hall.clock import Clock, SystemClock
from kioskd.hall.command import Command
from kioskd.hall.counter import CounterView
from kioskd.hall.desk import Desk
from kioskd.hall.follow_up import FollowUp
from kioskd.hall.model import Document, DocumentView, Event, PaperState, Place, QueueView, Ticket, WindowView
from kioskd.hall.people import People
from kioskd.hall.plan import Matter, Plan, Priority
from kioskd.hall.seen import AsSeen, Change, last_change
from kioskd.hall.store import Store, Transaction


class Hall:
    """One service hall. May be used from any thread; several processes may have a Hall on one file."""

    def __init__(self, store: Store, plan: Plan, clock: Clock | None = None) -> None:
        self.store = store
        self.clock = clock or SystemClock()
        self._shelf = Shelf(store)
        self._seen: AsSeen | None = None
        self.people = People(self._command, self._question)
        self.follow_up = FollowUp(self._command, self._question)
        self.desk = Desk(self._command, self._question)
        self.use(plan)
        self.tick()

    def use(self, plan: Plan) -> None:
        """Go on with another plan. A ticket at a window that is gone is held, for any window to call."""
        with self.store.transaction() as tx:
            setup.adopt(self._in(tx, plan))
        self.plan = plan

    def as_seen(self, window: int, event: int) -> Hall:
        """The hall for somebody who saw the window as it was after that event (`WindowView.seen`).

        The first command given through it raises Changed, having done nothing, when the window has changed.
        """
        seen = copy(self)
        seen._seen = AsSeen(window, event)
        return seen

    # --- what can be done here ---

    @property
    def catalogue(self) -> Catalogue:
        """The matters in force, whoever changed them last; the same object as long as they are the same."""
        return self._shelf.catalogue()

    def matter_of(self, ticket_id: int) -> Matter | None:
        """A ticket's matter as its citizen read it; None where it is not known any more."""
        with self._question() as command:
            command.ticket_row(ticket_id)
            return matters.as_read(command.tx, ticket_id)

    def change_matters(
        self, new: Sequence[Matter], *, effective_from: str | None = None, replace: bool = False, by: str = ""
    ) -> matters.Changes:
        """Make these the hall's matters from a service day on, YYYY-MM-DD; from now if none is given.

        replace: the matters not among them are withdrawn. Raises NotFound for a line that is not there.
        """
        with self._command(by) as command:
            for line in {matter.line for matter in new}:
                command.line(line)
            return matters.change(
                command.tx,
                new,
                at=command.now,
                service_day=command.day,
                effective_from=effective_from,
                replace=replace,
                by=by,
            )

    # --- a citizen's ticket ---

    def issue(
        self,
        matter: str,
        *,
        priority: Priority = Priority.ORDINARY,
        paper: bool = True,
        key: str | None = None,
        by: str = "",
    ) -> Ticket:
        """Give a number for a matter, and queue its paper.

        key: the same key with the same request gets the same ticket again; with another one it is refused.
        """
        with self._command(by) as command:
            return tickets.issue(command, matter, priority=priority, paper=paper, key=key)

    def cancel(self, ticket_id: int, *, by: str = "") -> Ticket:
        """Give a ticket up that is waiting, called, held or did not show up."""
        with self._command(by) as command:
            return tickets.cancel(command, ticket_id)

    def requeue(self, ticket_id: int, after: int | None = None, *, by: str = "") -> Ticket:
        """Let a called, held or missed ticket wait again, behind the next `after` of its line."""
        with self._command(by) as command:
            return tickets.requeue(command, ticket_id, after)

    def reprint(self, ticket_id: int, *, by: str = "") -> Ticket:
        """Queue a ticket's paper once more; it is marked as a reprint."""
        with self._command(by) as command:
            return tickets.reprint(command, ticket_id)

    def print_notice(self, matter: str, *, by: str = "") -> int:
        """Queue the paper that says what to bring for a matter; the print job. It needs no ticket."""
        with self._command(by) as command:
            return papers.queue_notice(command, matter)

    # --- a window ---

    def open(self, window: int, *, by: str = "") -> WindowView:
        """Begin to take people, from closed or paused."""
        with self._command(by) as command:
            return windows.open_window(command, window)

    def pause(self, window: int, reason: str = "", *, by: str = "") -> WindowView:
        """Stop for a while; the reason is shown to people."""
        with self._command(by) as command:
            return windows.pause(command, window, reason)

    def resume(self, window: int, *, by: str = "") -> WindowView:
        """Go on after a pause."""
        with self._command(by) as command:
            return windows.resume(command, window)

    def close(self, window: int, *, by: str = "") -> WindowView:
        """Stop for the day."""
        with self._command(by) as command:
            return windows.close(command, window)

    def sign_in(self, window: int, clerk_id: str, *, by: str = "") -> WindowView:
        """A clerk takes a seat at the window."""
        with self._command(by) as command:
            return windows.sign_in(command, window, clerk_id)

    def sign_out(self, window: int, *, by: str = "") -> WindowView:
        """The clerk leaves the window."""
        with self._command(by) as command:
            return windows.sign_out(command, window)

    # --- a ticket at a window ---

    def call_next(self, window: int, finish_current: bool = False, *, by: str = "") -> Ticket:
        """Call whoever is next by the published rules (docs/queue-rules.md).

        finish_current: first finish the ticket at the window, for a pad that has only a key to call.
        """
        with self._command(by) as command:
            return calling.call_next(command, window, finish_current=finish_current)

    def call(self, window: int, ticket_id: int, finish_current: bool = False, *, by: str = "") -> Ticket:
        """Call a chosen ticket that is waiting, was held, or did not show up."""
        with self._command(by) as command:
            return calling.call(command, window, ticket_id, finish_current=finish_current)

    def recall(self, window: int, *, by: str = "") -> Ticket:
        """Call the same ticket out once more."""
        with self._command(by) as command:
            return calling.recall(command, window)

    def start(self, window: int, *, by: str = "") -> Ticket:
        """The called citizen has come."""
        with self._command(by) as command:
            return calling.start(command, window)

    def finish(self, window: int, *, by: str = "") -> Ticket:
        """The service is done."""
        with self._command(by) as command:
            return calling.finish(command, window)

    def no_show(self, window: int, *, by: str = "") -> Ticket:
        """The called citizen did not come."""
        with self._command(by) as command:
            return calling.no_show(command, window)

    def hold(self, window: int, *, by: str = "") -> Ticket:
        """Put the ticket at the window aside."""
        with self._command(by) as command:
            return calling.hold(command, window)

    def resume_ticket(self, window: int, ticket_id: int | None = None, *, by: str = "") -> Ticket:
        """Go on serving a ticket that was held here; the one held last, when nobody says which."""
        with self._command(by) as command:
            return calling.resume_ticket(command, window, ticket_id)

    def transfer(
        self, window: int, to_line: str | None = None, to_window: int | None = None, *, by: str = ""
    ) -> Ticket:
        """Send the citizen on to another line, or to one window. Number and place by arrival stay."""
        with self._command(by) as command:
            return calling.transfer(command, window, to_line=to_line, to_window=to_window)

    # --- ratings ---

    def invite_rating(self, window: int, finish_current: bool = False, *, by: str = "") -> Ticket:
        """Ask the citizen this window has just served for a rating."""
        with self._command(by) as command:
            return ratings.invite(command, window, finish_current=finish_current)

    def rate(
        self, ticket_id: int, level: int, channel: str, *, reasons: Iterable[str] = (), by: str = ""
    ) -> Ticket:
        """Count a rating for a finished ticket: 5 very satisfied … 1 very dissatisfied.

        reasons: codes of `rating_reasons.toml` that go with the level. 2 and 1 open a case (`follow_up`).
        """
        with self._command(by) as command:
            return ratings.rate(command, ticket_id, level, channel, reasons)

    def rate_at(self, window: int, level: int, channel: str, *, by: str = "") -> Ticket:
        """Count what an evaluator says, for the ticket this window has just served."""
        with self._command(by) as command:
            return ratings.rate_at(command, window, level, channel)

    # --- documents ---

    def material_name(self, ticket_id: int, material: int) -> str:
        """What the material is called, if a document may be taken for it now."""
        with self._question() as command:
            return documents.material_name(command, ticket_id, material)

    def keep_document(
        self, ticket_id: int, material: int, scan: documents.Scan, *, keep_days: float, by: str = ""
    ) -> Document:
        """List a document whose file is written, and keep it for so many days."""
        with self._command(by) as command:
            return documents.keep(command, ticket_id, material, scan, keep_days=keep_days)

    def view_document(self, document_id: int, *, window: int | None = None, by: str = "") -> Document:
        """Note that somebody is about to look at it."""
        with self._command(by) as command:
            return documents.view(command, document_id, window)

    def delete_document(self, document_id: int, because: str = "clerk", *, by: str = "") -> Document:
        """It is gone from now on."""
        with self._command(by) as command:
            return documents.delete(command, document_id, because)

    def documents(self, ticket_id: int) -> list[Document]:
        """What is kept for a ticket."""
        with self.store.read() as snapshot:
            views.ticket(snapshot, ticket_id)
            return documents.of_ticket(snapshot, ticket_id)

    def document_views(self, document_id: int) -> list[DocumentView]:
        """Who looked at a document, the latest first."""
        with self.store.read() as snapshot:
            return documents.views(snapshot, document_id)

    def document_files(self) -> set[str]:
        """The names of the files that documents still have."""
        with self.store.read() as snapshot:
            return documents.files_kept(snapshot)

    def documents_due(self) -> list[int]:
        """The documents whose time is over; none while nobody vouches for the clock."""
        with self._question() as command:
            if day.due(command, self.clock) is day.Due.STAFF:
                return []
            return documents.due(command.tx, command.now)

    # --- the service day ---

    def tick(self) -> None:
        """Do what is due by the clock: wind the day up, begin a new one, forget. Cheap when nothing is."""
        with self.store.read() as snapshot:
            question = self._in(snapshot, self.plan)
            due = day.due(question, self.clock)
            # A clock that nobody vouches for must not delete anything.
            forget = due is not day.Due.STAFF and _has_outlived(snapshot, question.now)
        if due in (day.Due.NOTHING, day.Due.STAFF) and not forget:
            return
        with self.store.transaction() as tx:
            command = self._in(tx, self.plan, by="clock")
            day.carry_out(command, day.due(command, self.clock))
            if forget:
                contacts.delete_overdue(tx, command.now)
                cases.delete_overdue_words(tx, command.now)

    def day_to_confirm(self) -> str | None:
        """The service day the clock names but nobody vouches for; None when staff have nothing to confirm."""
        with self._question() as command:
            return day.clock_day(command) if day.due(command, self.clock) is day.Due.STAFF else None

    def confirm_day(self, *, by: str = "") -> str:
        """Staff vouch for a clock that jumped ahead: its service day is opened. Returns it."""
        with self._command(by) as command:
            return day.confirm(command, self.clock)

    def withdraw_day(self, *, by: str = "") -> str | None:
        """Take back a service day that a wrong clock opened. Returns the day current again, if any."""
        with self._command(by) as command:
            return day.withdraw(command)

    # --- questions ---

    def ticket(self, ticket_id: int) -> Ticket:
        """The ticket of this id."""
        with self.store.read() as snapshot:
            return views.ticket(snapshot, ticket_id)

    def ticket_by_token(self, token: str) -> Ticket:
        """The ticket of a citizen's own page."""
        with self.store.read() as snapshot:
            return views.ticket_by_token(snapshot, token)

    def paper_state(self, ticket_id: int) -> PaperState:
        """Where the ticket's latest paper is."""
        with self.store.read() as snapshot:
            return views.paper_state(snapshot, ticket_id)

    def place(self, ticket_id: int) -> Place | None:
        """How many are called before this ticket, and how long that may take; None when it is not waiting."""
        with self._question() as command:
            return views.place(command, ticket_id)

    def window(self, number: int) -> WindowView:
        """One window."""
        with self._question() as command:
            return views.window(command, number)

    def counter(self, number: int) -> CounterView:
        """One window as its clerk sees it: who is next and why, what was done here, the clerk's day."""
        with self._question() as command:
            return counter.counter(command, number)

    def last_change(self, window: int) -> Change | None:
        """What changed the window last."""
        with self.store.read() as snapshot:
            return last_change(snapshot, window)

    def queue(self) -> QueueView:
        """The whole hall at one moment."""
        with self._question() as command:
            return views.queue(command)

    def events(self, after: int, limit: int = 100) -> list[Event]:
        """What happened after this event, oldest first, without what opens a citizen's own page."""
        with self.store.read() as snapshot:
            return [events.without_secrets(event) for event in events.read_events(snapshot, after, limit)]

    @contextmanager
    def _command(self, by: str) -> Iterator[Command]:
        self.tick()
        with self.store.transaction() as tx:
            command = self._in(tx, self.plan, by=by)
            if self._seen is not None:
                self._seen.check(command)
            yield command

    @contextmanager
    def _question(self) -> Iterator[Command]:
        with self.store.read() as snapshot:
            yield self._in(snapshot, self.plan)

    def _in(self, tx: Transaction, plan: Plan, *, by: str = "") -> Command:
        command = Command(tx=tx, plan=plan, now=self.clock.now(), day="", by=by)
        return day.with_day(command, day.current_day(tx) or day.clock_day(command))


def _has_outlived(tx: Transaction, now: datetime) -> bool:
    """Whether something that belongs to a person has outlived its time."""
    return contacts.overdue(tx, now) or cases.overdue_words(tx, now)
