"""Random commands at random times: whatever people do, the hall keeps its rules."""

from contextlib import suppress
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PaperState, Refused
from kioskd.hall.plan import Priority
from kioskd.hall.store import Store

windows = st.sampled_from([1, 2, 3])
lately = st.integers(0, 8)  # a ticket, by how many were taken after it
wishes = st.lists(
    st.tuples(st.sampled_from(["note", "card"]), st.sampled_from(Priority)), min_size=1, max_size=4
)
at_a_window = ["start", "start", "finish", "finish", "no_show", "hold", "recall", "resume_ticket"]
rare = ["nothing", "nothing", "nothing", "withdraw_day", "jump ahead", "jump back", "print", "crash"]


class HallAtWork(RuleBasedStateMachine):
    """Citizens, clerks, a printer and the clock, all at once. What is refused is refused."""

    def __init__(self, folder, number, plan, clock, check_books):
        super().__init__()
        clock.set("2026-03-02 09:30")
        self.plan, self.clock, self.check_books = plan, clock, check_books
        self.file = folder / f"hall-{number}.db"
        self.store = Store(self.file)
        self.hall = Hall(self.store, plan, clock)
        self.journal = PaperJournal(self.store, clock)
        self.taken = []

    @initialize(wishes=wishes)
    def the_hall_opens(self, wishes):
        for window in (1, 2, 3):
            self.hall.open(window)
        self.people_come(wishes)

    @rule(wishes=wishes)
    def people_come(self, wishes):
        for matter, priority in wishes:
            ticket = self.try_to(
                self.hall.issue, matter, priority=priority, paper=priority is Priority.PRIORITY
            )
            if ticket is not None:
                self.taken.append(ticket.id)

    @rule(window=windows, times=st.integers(1, 4))
    def a_clerk_calls_one_after_the_other(self, window, times):
        for _ in range(times):
            self.clock.pass_min(3)
            self.try_to(self.hall.call_next, window, finish_current=True)

    @rule(window=windows, what=st.sampled_from(at_a_window))
    def a_clerk_goes_on(self, window, what):
        self.try_to(self.hall.call_next, window)
        self.try_to(getattr(self.hall, what), window)

    @rule(window=windows, ago=lately, what=st.sampled_from(["call", "cancel", "requeue", "reprint"]))
    def somebody_is_chosen(self, window, ago, what):
        if not self.taken:
            return
        ticket = self.taken[max(0, len(self.taken) - 1 - ago)]
        if what == "call":
            self.try_to(self.hall.call, window, ticket, finish_current=True)
        elif what == "requeue":
            self.try_to(self.hall.requeue, ticket, ago)
        else:
            self.try_to(getattr(self.hall, what), ticket)

    @rule(window=windows, to_line=st.sampled_from([None, "general", "social"]), to_window=windows)
    def somebody_is_sent_on(self, window, to_line, to_window):
        self.try_to(self.hall.call_next, window)
        self.try_to(self.hall.transfer, window, to_line, to_window if to_line is None else None)

    @rule(
        window=windows,
        what=st.sampled_from(["open", "open", "resume", "close", "pause", "li", "wang", "sign_out"]),
    )
    def a_window_changes(self, window, what):
        if what in ("li", "wang"):
            self.try_to(self.hall.sign_in, window, what)
        else:
            self.try_to(getattr(self.hall, what), window)

    @rule(
        line=st.sampled_from(["general", "social"]),
        window=windows,
        what=st.sampled_from(["stop_line", "reopen_line", "move to line", "move to window", "serve_lines"]),
    )
    def a_supervisor_steps_in(self, line, window, what):
        chosen = self.taken[-3:]
        if what == "move to line":
            self.try_to(self.hall.desk.move, chosen, line)
        elif what == "move to window":
            self.try_to(self.hall.desk.move, chosen, None, window)
        elif what == "serve_lines":
            self.try_to(self.hall.desk.serve_lines, window, [line])
            self.try_to(self.hall.call_next, window)
        else:
            self.try_to(getattr(self.hall.desk, what), line)

    @rule(window=windows, level=st.integers(1, 5), invited=st.booleans())
    def a_citizen_rates(self, window, level, invited):
        if invited:
            self.try_to(self.hall.invite_rating, window, finish_current=True)
        self.try_to(self.hall.rate_at, window, level, "evaluator")

    @rule(minutes=st.sampled_from([0.1, 3, 20, 45]), what=st.sampled_from(rare))
    def time_passes(self, minutes, what):
        self.clock.pass_min(minutes)
        if what == "withdraw_day":
            self.try_to(self.hall.withdraw_day)
            self.try_to(self.hall.confirm_day)
        elif what in ("jump ahead", "jump back"):
            self.clock.pass_min(24 * 60 if what == "jump ahead" else -90)
        elif what in ("print", "crash"):
            self.a_job_is_printed(crash=what == "crash")
        self.hall.tick()

    def a_job_is_printed(self, crash):
        job = self.journal.next_queued()
        if job is None:
            return
        self.journal.begin(job.id, b"paper", "printer")
        if crash:
            self.journal.recover()
        else:
            self.journal.end(job.id, PaperState.PRINTED)

    @invariant()
    def the_queue_can_be_shown(self):
        queue = self.hall.queue()
        at_windows = {window.ticket.id for window in queue.windows if window.ticket is not None}
        assert at_windows == {ticket.id for ticket in queue.called}
        for ticket in queue.waiting[:2]:
            assert self.hall.place(ticket.id).ahead < len(queue.waiting)

    def try_to(self, command, *args, **options):
        with suppress(Refused):
            return command(*args, **options)
        return None

    def teardown(self):
        try:
            self.check_books(self.store, self.plan)
        finally:
            self.store.close()
            for file in self.file.parent.glob(f"{self.file.name}*"):
                file.unlink()


@pytest.fixture
def busy_plan(plan):
    """The hall with no limit that would soon be reached, open at any hour."""
    lines = tuple(msgspec.structs.replace(line, daily_limit=500) for line in plan.lines)
    return msgspec.structs.replace(plan, lines=lines, hours=())


def test_whatever_people_do_the_rules_are_kept(tmp_path, busy_plan, clock, check_books):
    number = count()
    run_state_machine_as_test(
        lambda: HallAtWork(tmp_path, next(number), busy_plan, clock, check_books),
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            print_blob=True,
        ),
    )
