"""A small hall with a real store, and devices that record what reaches them: the floor ends at the device."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from kioskd.devices.errors import CannotExpress, NothingSent
from kioskd.devices.health import Health, Reason, State, state_for
from kioskd.devices.kinds import Kind, PrintEnd
from kioskd.floor.layout import Layout, layout_text
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.plan import Line, Matter, Plan, Window
from kioskd.hall.store import Store


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.time = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # a Monday, 09:30 in Shanghai
        self.ticks_s = 100.0

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.ticks_s

    def synchronised(self):
        return True

    def pass_s(self, seconds):
        self.time += timedelta(seconds=seconds)
        self.ticks_s += seconds


class RecordingDevice:
    """A device's handle as the floor knows it; what is printed waits for the test to say how it ends."""

    def __init__(self, name, *kinds):
        self.name = name
        self.title = name
        self.kinds = frozenset(kinds)
        self.reasons = ()
        self.state = None
        self.reachable = True
        self.fails_to_render = False
        self.shown = []
        self.signals = []
        self.on_paper = []
        self.jobs = []

    def health(self):
        state = self.state or state_for(self.reasons)
        return Health(state=state, reasons=self.reasons, since_unix_s=0.0)

    def has(self, *codes):
        """Its health from now on."""
        self.reasons = tuple(Reason(code) for code in codes)

    def show(self, sign):
        self.shown.append(sign)

    def signal(self, signal):
        self.signals.append(signal)
        return Future()

    def render(self, document):
        if self.fails_to_render:
            raise CannotExpress(f"{self.name} has no such letters")
        return "\n".join(str(block) for block in document.blocks).encode()

    def print(self, job):
        future = Future()
        if not self.reachable:
            future.set_exception(NothingSent(f"the port of {self.name} is closed"))
        else:
            self.jobs.append((job, future))
        return future

    def take(self):
        """The first bytes of the running job leave."""
        job, _ = self.jobs[0]
        job.on_first_byte()
        self.on_paper.append(job.data.decode())

    def end(self, end):
        """The running job ends, well or with an error."""
        _, future = self.jobs.pop(0)
        if isinstance(end, Exception):
            future.set_exception(end)
        else:
            future.set_result(end)

    def prints(self, end=PrintEnd.PRINTED):
        """The running job goes its way to the end."""
        self.take()
        self.end(end)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hall.db")
    yield store
    store.close()


@pytest.fixture
def plan():
    def matter(code, name, line):
        return Matter(
            code=code,
            name=name,
            line=line,
            area="社会保障",
            department="人社",
            by_law="社会保险法",
            accept_condition="本镇居民",
            materials=("居民身份证原件", "近期免冠照片"),
            handle_flow="受理、审核、办结",
            promise="即办",
        )

    return Plan(
        name="青溪镇便民服务中心",
        lines=(
            Line(id="general", title="综合业务", letter="A"),
            Line(id="social", title="社保医保", letter="B"),
        ),
        windows=(
            Window(number=1, title="综合窗口", lines=("general", "social")),
            Window(number=2, title="社保窗口", lines=("social",)),
        ),
        matters=(matter("card", "社会保障卡申领", "social"), matter("note", "居住证明", "general")),
    )


@pytest.fixture
def hall(store, plan, clock):
    hall = Hall(store, plan, clock)
    hall.tick()
    for window in (1, 2):
        hall.open(window)
    return hall


@pytest.fixture
def journal(store):
    return PaperJournal(store)


@pytest.fixture
def layout():
    return Layout(layout_text("ticket"))


@pytest.fixture
def device():
    """Makes a recording device."""
    return RecordingDevice


@pytest.fixture
def pad(device):
    return device("pad-1", Kind.KEYPAD, Kind.DISPLAY)


@pytest.fixture
def well():
    return State.ONLINE
