"""The hall's commands about what comes after a service: case numbers, bad ratings, complaints."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from kioskd.hall import cases, views
from kioskd.hall.cases import Case, CaseKind, Outcome
from kioskd.hall.command import Command
from kioskd.hall.model import Refused, Ticket

Opened = AbstractContextManager[Command]

_AFFAIR_NO = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,63}")


class FollowUp:
    """A part of Hall (`hall.follow_up`)."""

    def __init__(self, command: Callable[[str], Opened], question: Callable[[], Opened]) -> None:
        self._command = command
        self._question = question

    def attach_affair(self, ticket: int, affair_no: str, *, by: str = "") -> Ticket:
        """Name the case number (affairDealNo) that the matter system gave this visit."""
        with self._command(by) as command:
            row = command.ticket_row(ticket)
            if not _AFFAIR_NO.fullmatch(affair_no):
                raise Refused("wrong_affair_no", number=row["number"])
            if row["affair_no"] != affair_no:
                command.tell("affair_attached", ticket=ticket, window=row["window"], affair_no=affair_no)
            return views.ticket(command.tx, ticket)

    def take(
        self, kind: CaseKind, text: str, *, contact: str = "", ticket: int | None = None, by: str = ""
    ) -> Case:
        """Take a complaint or a suggestion; its `number` is all that the citizen needs to ask again."""
        with self._command(by) as command:
            return cases.take(command, kind, text, contact, ticket)

    def assign(self, case: int, handler: str, *, by: str = "") -> Case:
        """Name who answers for it."""
        with self._command(by) as command:
            return cases.assign(command, case, handler)

    def call_back(self, case: int, *, reached: bool, text: str = "", by: str = "") -> Case:
        """Note that the citizen was called back, or could not be reached."""
        with self._command(by) as command:
            return cases.call_back(command, case, reached, text)

    def extend(self, case: int, due_on: date, text: str, *, by: str = "") -> Case:
        """Give it until a later date, with the reason; the citizen sees both."""
        with self._command(by) as command:
            return cases.extend(command, case, due_on, text)

    def note(self, case: int, text: str, *, by: str = "") -> Case:
        """Write something down for staff alone."""
        with self._command(by) as command:
            return cases.note(command, case, text)

    def resolve(self, case: int, outcome: Outcome, text: str, *, by: str = "") -> Case:
        """Answer it; the citizen sees `text`."""
        with self._command(by) as command:
            return cases.resolve(command, case, outcome, text)

    def appeal(self, case: int, text: str, *, by: str = "") -> Case:
        """Staff say that the rating was malicious."""
        with self._command(by) as command:
            return cases.appeal(command, case, text)

    def decide_appeal(self, case: int, *, upheld: bool, text: str, by: str = "") -> Case:
        """Set the rating aside, or let it stand."""
        with self._command(by) as command:
            return cases.decide_appeal(command, case, upheld, text)

    def case(self, case: int) -> Case:
        """One case whole, for staff."""
        with self._question() as command:
            return cases.case(command.tx, case)

    def case_by_number(self, number: str) -> Case:
        """One case as its citizen sees it."""
        with self._question() as command:
            return cases.case_by_number(command.tx, number)

    def cases(self, *, unresolved_only: bool = False) -> list[Case]:
        """The cases, what is due first before the rest."""
        with self._question() as command:
            return cases.cases(command.tx, unresolved_only=unresolved_only)
