"""The kiosk while real things go wrong: no paper in the printer, and the daemon killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

PATIENCE_MS = 30_000


@pytest.fixture
def kiosk(hall, browser_executable: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser_executable, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1080, "height": 1920}, locale="zh-CN")
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto(f"{hall.url}/kiosk")
        yield page
        chromium.close()


def take(kiosk: Page) -> str:
    kiosk.locator("button[data-area]").first.click()
    kiosk.locator("main > section:not([hidden]) button[data-matter]").first.click()
    kiosk.locator('[data-take="ordinary"]').click()
    expect(kiosk.locator("#number")).not_to_be_empty()
    return kiosk.locator("#number").inner_text()


def test_out_of_paper_the_number_stands_and_the_notice_ends_with_the_trouble(hall, kiosk):
    hall.emulators.act("printer", "paper_out")
    expect(kiosk.locator("#no-paper")).to_be_visible()
    number = take(kiosk)
    expect(kiosk.locator("#paper")).to_contain_text(f"请记住 {number}")
    hall.emulators.act("printer", "paper_in")
    expect(kiosk.locator("#paper")).to_contain_text("请取走您的号票")
    expect(kiosk.locator("#no-paper")).to_be_hidden()


def test_with_the_daemon_gone_the_screen_says_so_and_is_back_by_itself(hall, kiosk):
    number = take(kiosk)
    hall.kill()
    expect(kiosk.locator("#away")).to_contain_text(f"您的号码 {number} 仍然有效")
    hall.start()
    expect(kiosk.locator("#away")).to_be_hidden()
    kiosk.locator("#done").click()
    assert take(kiosk) != number
