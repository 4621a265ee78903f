"""Whole daemon, real Chromium: a finger on the kiosk page, a clerk at the lab's keypad, eyes on the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 30_000


@pytest.fixture
def browser(browser_executable: str) -> Iterator[BrowserContext]:
    """One browser, as on the kiosk computer: all its tabs share one event stream."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_executable, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1080, "height": 1920}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield context
        chromium.close()


def device(lab: Page, name: str) -> Any:
    return lab.locator(f'[data-device="{name}"]')


def take_a_ticket(page: Page, hall: Any) -> str:
    page.goto(f"{hall.url}/kiosk")
    page.locator("button[data-area]").first.click()
    page.locator("section:not([hidden]) button[data-matter]").first.click()
    page.locator('section:not([hidden]) [data-take="ordinary"]').click()
    number = page.locator("[data-number]")
    expect(number).to_have_text(re.compile(r"^[A-F]\d{3}$"))
    return number.inner_text()


def test_the_paper_shows_the_number_that_the_finger_took_in_three_touches(hall, browser):
    number = take_a_ticket(browser.new_page(), hall)
    lab = browser.new_page()
    lab.goto(f"{hall.url}/lab")
    expect(device(lab, "printer").locator("pre").filter(has_text=number).first).to_be_visible()
    expect(device(lab, "printer").locator("img").first).to_be_visible()
    strip = device(lab, "strip-1").locator("output").bounding_box()
    assert strip["height"] < strip["width"] / 3, "a strip is a strip"


def test_call_on_the_pad_shows_on_strip_digits_and_board(hall, browser, eventually):
    ticket = hall.take_ticket("general")
    board = browser.new_page()
    board.goto(f"{hall.url}/board")
    lab = browser.new_page()
    lab.goto(f"{hall.url}/lab")
    device(lab, "pad-3").locator('[data-action="call"]').click()
    expect(device(lab, "strip-3")).to_contain_text(ticket["number"])
    expect(device(lab, "pad-3")).to_contain_text(ticket["number"].lstrip("ABCDEF"))
    expect(board.locator("main")).to_contain_text(ticket["number"])

    fault = device(lab, "strip-3").locator('[data-action="silent"]')
    fault.click()
    expect(fault).to_have_attribute("aria-pressed", "true")
    fault.click()
    expect(fault).not_to_have_attribute("aria-pressed", "true")

    device(lab, "pad-3").locator('[data-action="invite_rating"]').click()
    device(lab, "evaluator-3").locator('[data-action="rate_5"]').click()
    eventually(lambda: hall.get(f"tickets/{ticket['id']}")["rating"] == 5, "the rating is counted")


def test_ten_pages_of_one_browser_stay_live_and_still_take_tickets(hall, browser):
    boards = [browser.new_page() for _ in range(9)]
    for board in boards:
        board.goto(f"{hall.url}/board")
    number = take_a_ticket(browser.new_page(), hall)
    hall.post("windows/1/call-next", {})
    for board in boards:
        expect(board.locator("main")).to_contain_text(number)
    assert take_a_ticket(browser.new_page(), hall) != number
