"""The supervisor's part of the hall: what is changed for a day, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from kioskd.hall import statistics, supervising
from kioskd.hall.command import Command
from kioskd.hall.model import Ticket, WindowView
from kioskd.hall.statistics import BadRating, Statistics


class Desk:
    """Commands and questions of a supervisor; each in one transaction, as those of the hall."""

    def __init__(
        self,
        command: Callable[[str], AbstractContextManager[Command]],
        question: Callable[[], AbstractContextManager[Command]],
    ) -> None:
        self._command = command
        self._question = question

    def stop_line(self, line: str, *, by: str = "") -> None:
        """Give no more tickets in this line today; those who wait are served."""
        with self._command(by) as command:
            supervising.stop_line(command, line)

    def reopen_line(self, line: str, *, by: str = "") -> None:
        """Give tickets in it again."""
        with self._command(by) as command:
            supervising.reopen_line(command, line)

    def serve_lines(self, window: int, lines: Sequence[str], *, by: str = "") -> WindowView:
        """Let a window serve these lines today, in this order; none: those of the hall file again."""
        with self._command(by) as command:
            return supervising.serve_lines(command, window, lines)

    def move(
        self,
        ticket_ids: Sequence[int],
        to_line: str | None = None,
        to_window: int | None = None,
        *,
        by: str = "",
    ) -> list[Ticket]:
        """Let waiting people wait in another line, or for one window; all of them, or none."""
        with self._command(by) as command:
            return supervising.move(command, ticket_ids, to_line=to_line, to_window=to_window)

    def statistics(self, first: str, last: str) -> Statistics:
        """What the hall did on its service days from first to last, YYYY-MM-DD; docs/statistics.md."""
        with self._question() as command:
            return statistics.statistics(command.tx, command.plan, first, last)

    def bad_ratings(self) -> list[BadRating]:
        """The ratings of 1 and 2, of whatever day, that wait for a call back; the latest first."""
        with self._question() as command:
            return statistics.bad_ratings(command.tx)

    def overdue_cases(self) -> int:
        """How many bad ratings, complaints and suggestions should have been answered before today."""
        with self._question() as command:
            return statistics.overdue_cases(command.tx, command.local.date().isoformat())
