"""A small hall on a real store, a clock that the test moves, and a ledger that knows the rules by itself."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from kioskd.hall.events import read_events, replay
from kioskd.hall.hall import Hall
from kioskd.hall.model import Refused
from kioskd.hall.plan import Clerk, DayRules, Hours, Line, Matter, Plan, Rules, Window
from kioskd.hall.schema import STATE_TABLES
from kioskd.hall.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """A clock that stands still until it is moved. It starts on Monday, 2 March 2026, 09:30 in Shanghai."""

    def __init__(self):
        self.vouched_for = False
        self.set("2026-03-02 09:30")

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.time.timestamp()

    def synchronised(self):
        return self.vouched_for

    def set(self, local):
        self.time = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)

    def pass_min(self, minutes):
        self.time += timedelta(minutes=minutes)


def matter(code, line):
    return Matter(
        code=code,
        name=f"{code}的办理",
        line=line,
        area="社会保障",
        department="人社所",
        by_law="社会保险法",
        accept_condition="本镇居民",
        materials=("居民身份证原件", "近期免冠照片"),
        handle_flow="受理、审核、办结",
        promise="即办",
    )


@pytest.fixture
def plan():
    return Plan(
        name="青溪镇便民服务中心",
        hours=(Hours(opens=time(9), closes=time(17)),),
        day=DayRules(starts=time(4), closes=time(17, 30), wind_up_after_min=60),
        rules=Rules(priority_in_a_row=2, passed_over_limit_min=30),
        lines=(
            Line(id="general", title="综合业务", letter="A"),
            Line(id="social", title="社保医保", letter="B", first=101, daily_limit=4),
        ),
        windows=(
            Window(number=1, title="综合窗口", lines=("general", "social")),
            Window(number=2, title="社保窗口", lines=("social",)),
            Window(number=3, title="综合窗口", lines=("general", "social"), order="longest-waiting"),
        ),
        matters=(matter("note", "general"), matter("card", "social")),
        clerks=(Clerk(id="li", name="李梅", position="科员"), Clerk(id="wang", name="王强", position="科员")),
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hall.db")
    yield store
    store.close()


@pytest.fixture
def hall(store, plan, clock):
    """The hall with its three windows open."""
    hall = Hall(store, plan, clock)
    for window in (1, 2, 3):
        hall.open(window)
    return hall


@pytest.fixture
def refused(store):
    """refused(code, command, …): the command is refused so and leaves no trace; returns the facts."""

    def check(code, command, *args, **options):
        before = store.last_event()
        with pytest.raises(Refused) as caught:
            command(*args, **options)
        assert caught.value.code == code
        assert store.last_event() == before
        return caught.value.facts

    return check


@pytest.fixture
def served(hall, clock):
    """served(window, minutes=…): the window calls, serves and finishes its next ticket."""

    def serve(window, minutes=5):
        hall.call_next(window)
        hall.start(window)
        clock.pass_min(minutes)
        return hall.finish(window)

    return serve


@pytest.fixture
def check_books(tmp_path):
    """check_books(store, plan): all that happened kept the rules, and its replay gives the same tables."""

    def check(store, plan, again="again.db"):
        with store.read() as snapshot:
            events = read_events(snapshot, 0, 1_000_000)
        ledger = Ledger(plan)
        for event in events:
            ledger.take(event)
        ledger.compare(store)
        target = Store(tmp_path / again)
        try:
            replay(store, target)
            for table in STATE_TABLES:
                assert rows(target, table) == rows(store, table), table
        finally:
            target.close()
            for file in tmp_path.glob(f"{again}*"):
                file.unlink()

    return check


def rows(store, table):
    with store.read() as snapshot:
        return sorted((tuple(row) for row in snapshot.all(f"SELECT * FROM {table}")), key=repr)


@dataclass
class Entry:
    """A ticket as the ledger knows it."""

    id: int
    number: str
    line: str
    express: bool
    position: float
    state: str = "waiting"
    for_window: int | None = None
    passed_over: datetime | None = None

    @property
    def arrival(self):
        return self.position, self.id


class Ledger:
    """Follows the events and checks each against the published rules, without looking at the hall's code."""

    def __init__(self, plan):
        self.rules = plan.rules
        self.planned = {window.number: window for window in plan.windows}
        self.windows = dict(self.planned)
        self.stopped = set()
        self.tickets = {}
        self.numbers = defaultdict(set)
        self.at_window = {}
        self.run = Counter()
        self.last_id = 0

    def take(self, event):
        assert event.id == self.last_id + 1, "an event is missing"
        self.last_id = event.id
        getattr(self, event.type, lambda event: None)(event)

    def compare(self, store):
        with store.read() as snapshot:
            kept = {row["id"]: row["state"] for row in snapshot.all("SELECT id, state FROM tickets")}
        assert kept == {ticket.id: ticket.state for ticket in self.tickets.values()}

    def day_opened(self, event):
        self.run.clear()
        self.stopped.clear()
        self.windows = dict(self.planned)

    def ticket_issued(self, event):
        facts = event.data
        assert facts["number"] not in self.numbers[event.service_day], "a number was given twice"
        assert event.ticket not in self.tickets
        assert facts["line"] not in self.stopped, "a stopped line gave a ticket"
        self.numbers[event.service_day].add(facts["number"])
        self.tickets[event.ticket] = Entry(
            id=event.ticket,
            number=facts["number"],
            line=facts["line"],
            express=facts["priority"] != "ordinary",
            position=facts["position"],
        )

    def ticket_called(self, event):
        ticket, window = self.tickets[event.ticket], self.windows[event.window]
        assert window.number not in self.at_window, "two tickets at one window"
        assert ticket.id not in self.at_window.values(), "one ticket at two windows"
        assert ticket.state in ("waiting", "held", "no-show")
        if not event.data["chosen"]:
            self.check_turn(ticket, window, event.at)
        ticket.state, ticket.passed_over = "called", None
        self.at_window[window.number] = ticket.id
        self.run[window.number] = self.run[window.number] + 1 if ticket.express else 0

    def check_turn(self, ticket, window, now):
        rivals = [
            each for each in self.tickets.values() if each.state == "waiting" and may_call(window, each)
        ]
        assert ticket in rivals
        limit = timedelta(minutes=self.rules.passed_over_limit_min)
        overdue = [each for each in rivals if each.passed_over and now - each.passed_over > limit]
        if overdue:
            assert ticket == min(overdue, key=lambda each: each.arrival), "somebody waited too long"
        else:
            self.check_class(ticket, window, rivals)
            peers = [each for each in rivals if each.express == ticket.express]
            assert ticket == min(peers, key=lambda each: (line_rank(window, each), each.arrival))
        for each in rivals:
            if each.arrival < ticket.arrival and each.passed_over is None:
                each.passed_over = now

    def check_class(self, ticket, window, rivals):
        run_is_over = self.run[window.number] >= self.rules.priority_in_a_row
        if ticket.express and any(not each.express for each in rivals):
            assert not run_is_over, "too many priority tickets in a row"
        if not ticket.express and any(each.express for each in rivals):
            assert run_is_over, "a priority ticket was left waiting"

    def ticket_started(self, event):
        self.move(event, {"called"}, "serving")

    def ticket_finished(self, event):
        self.move(event, {"serving"}, "done", leaves=True)

    def ticket_no_show(self, event):
        self.move(event, {"called"}, "no-show", leaves=True)

    def ticket_held(self, event):
        self.move(event, {"called", "serving"}, "held", leaves=True)

    def ticket_cancelled(self, event):
        self.move(event, {"waiting", "called", "held", "no-show", "serving"}, "cancelled", leaves=True)

    def ticket_resumed(self, event):
        assert event.window not in self.at_window, "two tickets at one window"
        self.move(event, {"held"}, "serving")
        self.at_window[event.window] = event.ticket

    def ticket_requeued(self, event):
        ticket = self.move(event, {"called", "no-show", "held"}, "waiting", leaves=True)
        ticket.position, ticket.passed_over = event.data["position"], None

    def ticket_transferred(self, event):
        ticket = self.move(event, {"called", "serving"}, "waiting", leaves=True)
        ticket.line, ticket.for_window = event.data["to_line"], event.data["to_window"]
        ticket.passed_over = None

    def ticket_moved(self, event):
        ticket = self.move(event, {"waiting"}, "waiting")
        ticket.line, ticket.for_window = event.data["to_line"], event.data["to_window"]
        ticket.passed_over = None

    def window_lines_changed(self, event):
        planned = self.planned[event.window]
        lines = json.loads(event.data["lines_today"] or "null")
        self.windows[event.window] = msgspec.structs.replace(planned, lines=tuple(lines or planned.lines))

    def line_stopped(self, event):
        self.stopped.add(event.data["line"])

    def line_reopened(self, event):
        self.stopped.remove(event.data["line"])

    def window_closed(self, event):
        assert event.window not in self.at_window, "a window closed with a ticket at it"
        for ticket in self.tickets.values():
            if ticket.for_window == event.window:
                ticket.for_window = None

    def move(self, event, from_states, to_state, leaves=False):
        ticket = self.tickets[event.ticket]
        assert ticket.state in from_states, f"{event.type} of a ticket that is {ticket.state}"
        ticket.state = to_state
        if leaves:
            self.at_window = {window: at for window, at in self.at_window.items() if at != ticket.id}
        return ticket


def may_call(window, ticket):
    return ticket.for_window == window.number or (ticket.for_window is None and ticket.line in window.lines)


def line_rank(window, ticket):
    if ticket.for_window is not None:
        return -1
    return window.lines.index(ticket.line) if window.order == "strict" else 0
