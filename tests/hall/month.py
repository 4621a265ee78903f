"""A month in the hall: citizens, clerks and a supervisor, moved by a simulated clock through the real Hall.

Twenty working days, nine thousand tickets, a peak in the morning and one in the afternoon.
The same seed gives the same month.
"""

import heapq
import random
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from kioskd.hall.cases import Outcome
from kioskd.hall.hall import Hall
from kioskd.hall.model import Refused
from kioskd.hall.plan import Clerk, DayRules, Hours, Line, Matter, Plan, Priority, Rules, Window
from kioskd.hall.store import Store, Transaction

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2026, 3, 2)
DAYS, TICKETS_A_DAY = 20, 450
TITLES = {
    "general": "综合事务",
    "social": "医保社保",
    "police": "公安服务",
    "estate": "不动产",
    "fund": "公积金",
}
PEAKS = ((time(8, 30), time(9, 15), time(11, 20)), (time(13, 30), time(14, 10), time(16, 50)))


class Clock:
    """Stands where the month puts it."""

    def __init__(self):
        self.time = datetime.combine(FIRST_DAY, time(8, 0), SHANGHAI).astimezone(UTC)

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.time.timestamp()

    def synchronised(self):
        return True


class QuickStore(Store):
    """Commits once a day and not to the disk: for a month in a few seconds, and for nothing else."""

    _day = None

    @contextmanager
    def one_day(self):
        connection = self._connection()
        connection.execute("PRAGMA synchronous = OFF")
        with super().transaction() as self._day:
            yield
        self._day = None

    @contextmanager
    def transaction(self):
        if self._day is not None:
            yield self._day
        else:
            with super().transaction() as tx:
                yield tx

    @contextmanager
    def read(self):
        if self._day is not None:
            yield Transaction(self._connection())
        else:
            with super().read() as tx:
                yield tx


def month_plan():
    lines = tuple(
        Line(id=name, title=title, title_en=name.title(), letter="ABCDE"[place])
        for place, (name, title) in enumerate(TITLES.items())
    )
    names = [line.id for line in lines]
    return Plan(
        name="青溪镇便民服务中心",
        name_en="Qingxi Service Centre",
        hours=(
            Hours(opens=time(8, 30), closes=time(11, 30)),
            Hours(opens=time(13, 30), closes=time(17, 0)),
        ),
        day=DayRules(starts=time(4), closes=time(17, 30), wind_up_after_min=60),
        rules=Rules(wait_target_min=15),
        lines=lines,
        windows=tuple(
            Window(
                number=number,
                title=f"{number % 5}类窗口",
                lines=(names[number % 5], names[(number + 1) % 5], names[(number + 2) % 5]),
                order="longest-waiting" if number % 2 else "strict",
            )
            for number in range(1, 9)
        ),
        matters=tuple(
            Matter(
                code=f"{line}-{number}",
                name=f"{TITLES[line]}事项{number}",
                line=line,
                area=TITLES[line],
                department="窗口",
                by_law="条例",
                accept_condition="本地居民",
                materials=("身份证",),
                handle_flow="受理",
                promise="即办",
            )
            for line in names
            for number in range(1, 7)
        ),
        clerks=tuple(
            Clerk(id=f"c{number}", name=f"示范员{number}", position="科员") for number in range(1, 9)
        ),
    )


class Month:
    """Plays the month: a heap of what happens when, one day after the other."""

    def __init__(self, file, seed=20260302):
        self.random = random.Random(seed)
        self.clock = Clock()
        self.store = QuickStore(file)
        self.plan = month_plan()
        self.hall = Hall(self.store, self.plan, self.clock)
        # Every command looks first whether the clock asks for something: here only where the day does.
        self.look_at_the_clock, self.hall.tick = self.hall.tick, lambda: None
        self.matters = [matter.code for matter in self.plan.matters]
        self.days = [day for day in (FIRST_DAY + timedelta(days=n) for n in range(40)) if day.weekday() < 5][
            :DAYS
        ]
        self.order = count()
        self.set_aside = 0

    def play(self):
        for day in self.days:
            with self.store.one_day():
                self.a_day(day)
        self.store.close()

    def a_day(self, day):
        self.heap, self.idle, self.told = [], set(), []
        self.at(datetime.combine(day, time(8, 20), SHANGHAI), self.the_windows_open)
        for moment in self.arrivals(day):
            self.at(moment, self.somebody_comes)
        for hour in (10, 15):
            self.at(datetime.combine(day, time(hour, 5), SHANGHAI), self.the_supervisor_steps_in)
        for hour in (8, 19):
            self.at(datetime.combine(day, time(hour), SHANGHAI), self.look_at_the_clock)
        while self.heap:
            moment, _, what, facts = heapq.heappop(self.heap)
            self.clock.time = max(self.clock.time, moment)
            with suppress(Refused):
                what(*facts)

    def arrivals(self, day):
        for number in range(TICKETS_A_DAY):
            first, peak, last = PEAKS[number % 5 >= 3]
            stretch = [datetime.combine(day, moment, SHANGHAI).timestamp() for moment in (first, last, peak)]
            yield datetime.fromtimestamp(self.random.triangular(*stretch), UTC)

    def at(self, moment, what, *facts):
        heapq.heappush(self.heap, (moment.astimezone(UTC), next(self.order), what, facts))

    def after(self, seconds, what, *facts):
        self.at(self.clock.time + timedelta(seconds=seconds), what, *facts)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    # --- people ---

    def the_windows_open(self):
        for window in self.plan.windows:
            self.hall.open(window.number)
            self.hall.sign_in(window.number, f"c{window.number}")
            self.idle.add(window.number)

    def somebody_comes(self):
        priority = (
            Priority.PRIORITY
            if self.chance(8)
            else Priority.APPOINTMENT
            if self.chance(5)
            else Priority.ORDINARY
        )
        ticket = self.hall.issue(self.random.choice(self.matters), priority=priority, paper=False)
        if self.chance(2):
            self.after(self.random.uniform(60, 900), self.hall.cancel, ticket.id)
        for window in sorted(self.idle):
            self.after(self.random.uniform(1, 5), self.the_clerk_calls, window)

    def the_clerk_calls(self, window):
        if window not in self.idle:
            return
        with suppress(Refused):
            ticket = self.hall.call_next(window)
            self.idle.discard(window)
            if self.chance(7):
                self.after(30, self.hall.recall, window)
                self.after(75, self.nobody_came, window, ticket.id)
            else:
                self.after(self.random.uniform(8, 50), self.the_service_begins, window, ticket.id)

    def nobody_came(self, window, ticket):
        self.hall.no_show(window)
        if self.chance(40):
            self.after(self.random.uniform(60, 1200), self.hall.requeue, ticket)
        elif self.chance(20):
            self.after(self.random.uniform(60, 600), self.hall.cancel, ticket)
        self.free(window)

    def the_service_begins(self, window, ticket):
        self.hall.start(window)
        self.after(self.random.lognormvariate(5.45, 0.5), self.the_service_ends, window, ticket)

    def the_service_ends(self, window, ticket):
        if self.chance(6):
            lines = [line.id for line in self.plan.lines]
            self.hall.transfer(window, self.random.choice(lines) if self.chance(60) else None, window % 8 + 1)
        elif self.chance(4):
            self.hall.hold(window)
            self.after(self.random.uniform(120, 900), self.the_held_one_returns, window, ticket)
        else:
            self.hall.finish(window)
            if self.chance(55):
                level = self.random.choices((5, 4, 3, 2, 1), (70, 18, 8, 3, 1))[0]
                self.after(self.random.uniform(3, 60), self.hall.rate, ticket, level, "evaluator")
        self.free(window)

    def the_held_one_returns(self, window, ticket):
        if window not in self.idle:
            self.after(60, self.the_held_one_returns, window, ticket)
        elif self.chance(50):
            self.idle.discard(window)
            self.hall.resume_ticket(window, ticket)
            self.after(self.random.uniform(60, 300), self.the_service_ends, window, ticket)
        else:
            self.idle.discard(window)
            self.hall.call(window, ticket)
            self.after(10, self.the_service_begins, window, ticket)

    def free(self, window):
        self.idle.add(window)
        self.after(self.random.uniform(2, 20), self.the_clerk_calls, window)

    def the_supervisor_steps_in(self):
        waiting = [ticket.id for ticket in self.hall.queue().waiting]
        lines = [line.id for line in self.plan.lines]
        for place, chosen in enumerate(waiting[:6]):
            if place % 2:
                self.hall.desk.move([chosen], self.random.choice(lines))
            else:
                self.hall.desk.move([chosen], to_window=self.random.randint(1, 8))
        self.hall.desk.serve_lines(self.random.randint(1, 8), lines)
        self.a_case_is_answered()

    def a_case_is_answered(self):
        """The oldest one; the clerk appeals, and with every other case is right."""
        follow_up = self.hall.follow_up
        for case in follow_up.cases(unresolved_only=True)[:1]:
            follow_up.assign(case.id, "主任")
            follow_up.call_back(case.id, reached=True)
            follow_up.resolve(case.id, Outcome.EXPLAINED, "已说明")
            follow_up.appeal(case.id, "评价与事实不符")
            self.set_aside += follow_up.decide_appeal(
                case.id, upheld=bool(case.id % 2), text="已核实"
            ).set_aside
