"""The board speaks: calls one after another, when the browser lets it, and nothing that is old."""

import time
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

LISTEN = """
window.heard = [];
new MutationObserver(() => window.heard.push([document.documentElement.dataset.saying, performance.now()]))
  .observe(document.documentElement, { attributes: true, attributeFilter: ["data-saying"] });
"""
"""Notes when the page begins and ends to say something."""


@pytest.fixture
def hall_open(hall):
    for window in (1, 2):
        hall.open(window)
    return hall


@pytest.fixture
def board(voice, hall_open, open_page):
    def open_board(address="/board?voice=1", *, touch=True):
        page = open_page(address)
        expect(page.locator("#lines li").first).to_be_visible()
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        page.evaluate(LISTEN)
        if touch:
            page.mouse.click(5, 5)
            expect(page.locator("html")).to_have_attribute("data-sound", "on")
        return page

    return open_board


def call(hall, window, matter):
    hall.issue(matter)
    return hall.call_next(window)


def until_heard(page, count):
    """What was heard, once it is so much. The page's policy lets no test wait inside the page."""
    until_s = time.monotonic() + PATIENCE_MS / 1000
    while len(heard := page.evaluate("window.heard")) < count:
        assert time.monotonic() < until_s, heard
        time.sleep(0.05)
    return heard


def times_said(page, count):
    """When it began and ended to speak, once it has so often."""
    page.wait_for_function(
        "count => window.heard.filter(([what]) => what === 'no').length >= count", arg=count
    )
    heard = page.evaluate("window.heard")
    alternating = (["yes", "no"] * len(heard))[: len(heard)]  # it may have begun once more by now
    assert [what for what, _ in heard] == alternating
    return [(begun, ended) for (_, begun), (_, ended) in zip(heard[::2], heard[1::2], strict=True)]


def test_a_television_without_shared_workers_and_locks_speaks_too(board, browser, hall):
    browser.add_init_script("delete globalThis.SharedWorker; delete globalThis.BroadcastChannel")
    page = board()
    call(hall, 1, "GA-1")
    assert times_said(page, 1)


def test_a_second_call_waits_for_the_end_of_the_first_and_is_repeated(board, hall):
    page = board()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/sound" in request.url else None)
    call(hall, 1, "GA-1")
    call(hall, 2, "GA-2")
    said = times_said(page, 3)  # the first once, since another waits; the second twice
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(said))
    assert all(ended - begun > 300 for begun, ended in said)  # eight clips of 0.05 s and their gaps
    assert len(asked) == 2


def test_while_the_browser_forbids_it_the_page_says_that_the_sound_is_off(board, hall):
    page = board(touch=False)
    assert page.evaluate("document.documentElement.dataset.sound") == "off"  # nobody has touched it yet
    off = page.locator(".sound-off")
    expect(off).to_be_visible()
    expect(off).to_contain_text("声音未打开")
    call(hall, 1, "GA-1")
    time.sleep(1)
    off.click()
    expect(off).to_be_hidden()
    call(hall, 2, "GA-2")
    times_said(page, 1)
    assert page.evaluate("window.heard[0][1]") > 1000  # what came before the touch is not said later


def test_a_citizen_who_comes_is_not_called_twice(board, hall, voice, app):
    app.extensions["kioskd"].voice.table = voice(gap_s=1.5).table
    page = board()
    call(hall, 1, "GA-1")
    until_heard(page, 1)
    hall.start(1)
    times_said(page, 1)
    time.sleep(2.5)
    assert len(page.evaluate("window.heard")) == 2


def test_a_board_that_nobody_asked_to_speak_is_silent(board, hall):
    page = board("/board", touch=False)
    page.mouse.click(5, 5)
    call(hall, 1, "GA-1")
    expect(page.locator("#called")).to_contain_text("A001")
    time.sleep(0.5)
    assert page.evaluate("window.heard") == []
    expect(page.locator(".sound-off")).to_have_count(0)


def test_a_board_that_slept_says_nothing_old(board, hall, clock, browser):
    page = board()
    browser.set_offline(True)
    call(hall, 1, "GA-1")
    clock.pass_min(2)
    browser.set_offline(False)
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    call(hall, 2, "GA-2")
    assert len(times_said(page, 2)) == 2
