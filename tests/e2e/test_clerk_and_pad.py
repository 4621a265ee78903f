"""Whole daemon, real Chromium: two pages of a clerk and the pad tell one story, and do one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def browser(browser_executable: str) -> Iterator[BrowserContext]:
    """An office computer."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_executable, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        yield context
        chromium.close()


def open_desk(browser: BrowserContext, url: str) -> Page:
    desk = browser.new_page()
    desk.goto(f"{url}/clerk")
    desk.locator("#window").select_option("3")
    expect(desk.locator("#now")).to_have_attribute("data-live", "true")
    return desk


def test_the_pad_and_two_pages_agree_and_a_press_on_both_calls_one(hall, browser, eventually):
    tickets = [hall.take_ticket("general") for _ in range(3)]
    hall.sign_in(browser, "supervisor")
    desks = [open_desk(browser, hall.url), open_desk(browser, hall.url)]

    hall.emulators.act("pad-3", "call")
    for desk in desks:
        expect(desk.locator("#number")).to_have_text(tickets[0]["number"])
    desks[0].wait_for_timeout(3500)  # longer than what counts as one press
    desks[1].locator('[data-command="start"]').click()
    expect(desks[0].locator("#now")).to_have_attribute("data-state", "serving")

    desks[0].locator('[data-command="call-next"]').click()
    hall.emulators.act("pad-3", "call")  # the same wish, by the other hand
    for desk in desks:
        expect(desk.locator("#number")).to_have_text(tickets[1]["number"])
    eventually(lambda: tickets[1]["number"] in str(hall.seen("strip-3")), "the strip shows it")
    desks[0].wait_for_timeout(1000)
    assert hall.window(3)["ticket"]["number"] == tickets[1]["number"]
    assert Counter(event["type"] for event in hall.events())["ticket_called"] == 2
