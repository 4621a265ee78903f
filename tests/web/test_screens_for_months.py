"""A board and a sign run for months: after a day at speed, and another, they are as large as they were."""

import msgspec
import pytest
from playwright.sync_api import expect

from kioskd.hall.plan import DayRules
from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

TICKETS_A_DAY = 60
DAYS = 3
GROWTH_BYTES = 300_000
"""What a heap of some megabytes may differ by from one collection to the next."""


@pytest.fixture
def plan(plan):
    return msgspec.structs.replace(plan, day=DayRules(wind_up_after_min=0))


def a_day(hall, clock):
    """People come, are called by two windows, missed, held, served; windows pause; then it is tomorrow."""
    hall.tick()
    for window in (1, 2):
        hall.open(window)
    for turn in range(TICKETS_A_DAY):
        window = 1 + turn % 2
        hall.issue("GA-1" if turn % 3 else "GA-2")
        hall.call_next(window)
        clock.pass_min(2)
        if turn % 5 == 0:
            hall.recall(window)
        if turn % 7 == 0:
            hall.no_show(window)
            hall.pause(window, "午休")
            hall.resume(window)
            continue
        hall.start(window)
        hall.finish(window)
    for window in (1, 2):
        hall.close(window)
    clock.pass_min(24 * 60 - 2 * TICKETS_A_DAY)
    hall.tick()


def size(page):
    """What the page holds once all that can go is gone: nodes, listeners, heap bytes."""
    devtools = page.context.new_cdp_session(page)
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    counted = devtools.send("Memory.getDOMCounters")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return counted["nodes"], counted["jsEventListeners"], heap


def at_rest(page, hall):
    """The page shows the last event, and no call is new any more."""
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    expect(page.locator("[data-fresh]")).to_have_count(0)
    page.wait_for_timeout(1500)


def test_days_at_speed_leave_nothing_behind(open_page, hall, clock):
    pages = [open_page("/board"), open_page("/windows/1/screen")]
    sizes = {page: [] for page in pages}
    for _ in range(DAYS):
        a_day(hall, clock)
        for page in pages:
            at_rest(page, hall)
            sizes[page].append(size(page))
    for page, seen in sizes.items():
        nodes, listeners, heap = zip(*seen, strict=True)
        print(page.url, seen)
        assert nodes[-1] <= nodes[0] + 10, seen  # the first day has warmed it up
        assert listeners[-1] <= listeners[0], seen
        assert heap[-1] <= heap[0] + GROWTH_BYTES, seen
