"""The power goes and comes back: the screens keep what they showed, say so, and are soon live again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.test_browser import FLAGS, PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

BACK_WITHIN_S = 3.0


@pytest.fixture
def chromium(browser_executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_executable, args=FLAGS)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


def test_screens_outlive_a_power_cut_of_the_daemon(hall, chromium):
    """Two browsers, as on two machines: a board, and a sign."""
    board, sign = chromium.new_context().new_page(), chromium.new_context().new_page()
    board.goto(f"{hall.url}/board")
    sign.goto(f"{hall.url}/windows/1/screen")
    first = hall.take_ticket("general")["number"]
    hall.post("windows/1/call-next")
    expect(board.locator("#called")).to_contain_text(first)
    expect(sign.locator("#number")).to_have_text(first)

    hall.kill()
    for page in (board, sign):
        expect(page.locator("#connection")).to_be_visible()
        expect(page.locator("main")).to_contain_text(first)  # the last state stays

    hall.start()  # another process: it knows no session of before
    up = time.monotonic()
    for page in (board, sign):
        expect(page.locator("html")).to_have_attribute("data-live", "on")
    took_s = time.monotonic() - up
    print(f"live again after {took_s:.1f} s")
    assert took_s < BACK_WITHIN_S

    hall.post("windows/1/no-show")
    second = hall.take_ticket("general")["number"]
    hall.post("windows/1/call-next")
    expect(board.locator(f'#called [data-fresh][data-ticket="{second}"]')).to_be_visible()
    expect(sign.locator("#number")).to_have_text(second)
