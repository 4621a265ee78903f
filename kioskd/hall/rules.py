"""The hall's published rules, as pure functions: who is next, who is ahead, when a line takes tickets.

docs/queue-rules.md tells them in words.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import combinations

import msgspec

from kioskd.hall.calendar import Calendar, Holiday
from kioskd.hall.plan import DayRules, Hours, Line, Priority, Rules, Window
from kioskd.hall.times import elapsed_s

_ONE_DAY = timedelta(days=1)
_DAYS_LOOKED_AHEAD = 32
"""A hall may be closed for a holiday of weeks, with a weekend on either side."""

# --- who is next --------------------------------------------------------------------------------------------


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules look at of a waiting ticket. position: the order of arrival."""

    id: int
    line: str
    priority: Priority
    position: float
    for_window: int | None = None
    passed_over_since: datetime | None = None

    @property
    def express(self) -> bool:
        """Whether it goes before ordinary tickets."""
        return self.priority is not Priority.ORDINARY

    @property
    def arrival(self) -> tuple[float, int]:
        """Sorts tickets by arrival. Equal positions, which many requeues can lead to, fall back to the id."""
        return self.position, self.id


def may_call(window: Window, ticket: Waiting) -> bool:
    """Whether the window may call the ticket: it was sent here, or waits in one of its lines for anybody."""
    if ticket.for_window is not None:
        return ticket.for_window == window.number
    return ticket.line in window.lines


class Why(enum.StrEnum):
    """Which rule decided that a ticket is next."""

    PASSED_OVER = "passed-over"
    """It has been passed over for too long."""
    SENT_HERE = "sent-here"
    APPOINTMENT = "appointment"
    PRIORITY = "priority"
    ORDINARY_TURN = "ordinary-turn"
    """Enough priority and appointment tickets were called in a row."""
    FIRST_LINE = "first-line"
    """Of this window's lines the first one that somebody waits in."""
    WAITING_LONGEST = "waiting-longest"


class Choice(msgspec.Struct, frozen=True):
    """Whose turn it is, and why."""

    ticket: Waiting
    why: Why


def next_ticket(
    window: Window, waiting: Iterable[Waiting], *, priority_run: int, rules: Rules, now: datetime
) -> Choice | None:
    """The ticket this window calls next; None when it may call nobody.

    priority_run: how many priority and appointment tickets this window has called in a row.
    """
    callable_here = [ticket for ticket in waiting if may_call(window, ticket)]
    if overdue := [ticket for ticket in callable_here if is_overdue(ticket, rules, now)]:
        return Choice(min(overdue, key=lambda ticket: ticket.arrival), Why.PASSED_OVER)
    express = [ticket for ticket in callable_here if ticket.express]
    ordinary = [ticket for ticket in callable_here if not ticket.express]
    express_turn = bool(express) and (not ordinary or priority_run < rules.priority_in_a_row)
    rivals = express if express_turn else ordinary
    if not rivals:
        return None
    first = min(rivals, key=lambda ticket: (_line_rank(window, ticket), ticket.arrival))
    return Choice(first, _why(window, first, rivals, express_waits=bool(express)))


def _why(window: Window, first: Waiting, rivals: Sequence[Waiting], *, express_waits: bool) -> Why:
    if first.for_window is not None:
        return Why.SENT_HERE
    if first.express:
        return Why(first.priority)
    if express_waits:
        return Why.ORDINARY_TURN
    longest = min(rivals, key=lambda ticket: ticket.arrival)
    return Why.WAITING_LONGEST if first is longest else Why.FIRST_LINE


def is_overdue(ticket: Waiting, rules: Rules, now: datetime) -> bool:
    """Whether the ticket has been passed over for too long."""
    if ticket.passed_over_since is None:
        return False
    return elapsed_s(ticket.passed_over_since, now) > rules.passed_over_limit_min * 60


def passed_over(window: Window, waiting: Iterable[Waiting], called: Waiting) -> list[int]:
    """Whom this call passes over for the first time: they came earlier and might have been called here."""
    return [
        ticket.id
        for ticket in waiting
        if may_call(window, ticket) and ticket.arrival < called.arrival and ticket.passed_over_since is None
    ]


def _line_rank(window: Window, ticket: Waiting) -> int:
    if ticket.for_window is not None:
        return -1
    return window.lines.index(ticket.line) if window.order == "strict" else 0


def expected_order(waiting: Iterable[Waiting], priority_in_a_row: int) -> Iterator[Waiting]:
    """The order in which one line's tickets will be called, if nobody comes and nobody is passed over."""
    tickets = sorted(waiting, key=lambda ticket: ticket.arrival)
    express = deque(ticket for ticket in tickets if ticket.express)
    ordinary = deque(ticket for ticket in tickets if not ticket.express)
    run = 0
    while express or ordinary:
        if express and (not ordinary or run < priority_in_a_row):
            run += 1
            yield express.popleft()
        else:
            run = 0
            yield ordinary.popleft()


def position_after(others: Sequence[float], after: int) -> float | None:
    """A position between the `after`-th and the next of these sorted positions; None: behind all of them."""
    if after >= len(others):
        return None
    return others[0] - 1 if after == 0 else (others[after - 1] + others[after]) / 2


# --- numbers ------------------------------------------------------------------------------------------------


def number_text(line: Line, serial: int) -> str:
    """The number as printed: A012."""
    return f"{line.letter}{serial:0{line.width}d}"


def check_ranges(lines: Iterable[Line]) -> list[str]:
    """What is wrong with the lines' number ranges: too many for their width, or running into one another."""
    lines = list(lines)
    return [problem for line in lines for problem in _too_wide(line)] + [
        f"lines {one.id} and {other.id} both give {number_text(one, max(one.first, other.first))}"
        for one, other in combinations(lines, 2)
        if one.letter == other.letter and one.first <= _last(other) and other.first <= _last(one)
    ]


def _too_wide(line: Line) -> Iterator[str]:
    if _last(line) >= 10**line.width:
        yield (
            f"line {line.id}: its last number would be {number_text(line, _last(line))},"
            f" more than {line.width} figures: lower daily_limit or first, or raise width"
        )


def _last(line: Line) -> int:
    return line.first + line.daily_limit - 1


# --- opening hours ------------------------------------------------------------------------------------------


def is_open(hours: Sequence[Hours], calendar: Calendar, local: datetime) -> bool:
    """Whether tickets can be taken at this local time. No hours at all: always."""
    return not hours or any(
        opens <= local < closes for opens, closes in _stretches(hours, calendar, local.date(), local.tzinfo)
    )


def opens_next(hours: Sequence[Hours], calendar: Calendar, local: datetime) -> datetime | None:
    """The next time tickets can be taken, later than this local time.

    None when that is further away than the longest holiday, or the hours name no day.
    """
    for ahead in range(_DAYS_LOOKED_AHEAD):
        day = local.date() + ahead * _ONE_DAY
        later = [opens for opens, _ in _stretches(hours, calendar, day, local.tzinfo) if opens > local]
        if later:
            return min(later)
    return None


def closed_for(hours: Sequence[Hours], calendar: Calendar, local: datetime) -> Holiday | None:
    """The holiday for which no ticket is given on this date at all; None on any other day."""
    holiday = calendar.holiday(local.date())
    open_today = any(_stretches(hours, calendar, local.date(), local.tzinfo))
    return None if not hours or open_today else holiday


def _stretches(
    hours: Sequence[Hours], calendar: Calendar, day: date, zone: tzinfo | None
) -> Iterator[tuple[datetime, datetime]]:
    kind = calendar.kind(day)
    for stretch in hours:
        if kind in stretch.days:
            end_day = day + _ONE_DAY if stretch.closes == time(0) else day
            yield datetime.combine(day, stretch.opens, zone), datetime.combine(end_day, stretch.closes, zone)


# --- the service day ----------------------------------------------------------------------------------------


def service_day_at(local: datetime, rules: DayRules) -> date:
    """The service day that a local time belongs to."""
    return local.date() if local.time() >= rules.starts else local.date() - _ONE_DAY


def wind_up_at(day: date, rules: DayRules, zone: tzinfo) -> datetime:
    """When a service day is wound up. A closing time before the day's start is the next morning's."""
    closing_day = day if rules.closes > rules.starts else day + _ONE_DAY
    return datetime.combine(closing_day, rules.closes, zone) + timedelta(minutes=rules.wind_up_after_min)
