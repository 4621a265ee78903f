"""A Monday morning without a time server: staff look at the date, and say that it is right."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

MONDAY = "2026-03-09"


@pytest.fixture
def monday(clock, client):
    """The hall worked last Monday; a week later nothing vouches for the computer's date."""
    client.take()
    clock.vouched_for = False
    clock.pass_min(7 * 24 * 60)
    return client


def test_no_ticket_until_the_date_is_confirmed(monday):
    refused = monday.post("tickets", {"matter": "GA-1"})
    assert (refused.status_code, refused.json["code"]) == (409, "day_not_open")
    assert monday.get("day").json == {"service_day": "2026-03-02", "to_confirm": MONDAY}
    assert monday.post("day/confirm").json == {"service_day": MONDAY, "to_confirm": None}
    assert monday.take()["number"] == "A001"
    again = monday.post("day/confirm")
    assert (again.status_code, again.json["code"]) == (409, "nothing_to_confirm")


def test_a_day_that_a_wrong_clock_opened_is_taken_back(monday):
    monday.post("day/confirm")
    ticket = monday.take()
    assert monday.post("day/withdraw").json["service_day"] == "2026-03-02"
    assert monday.get(f"tickets/{ticket['id']}").json["state"] == "cancelled"


def test_only_who_may_command_windows_may_confirm(monday, page):
    assert page("/kiosk").post("/api/v1/day/confirm", json={}).status_code == 403


def test_the_command_line_confirms(monday, site):
    def day(word):
        command = [sys.executable, "-m", "kioskd", "day", word, "--url", site.url, "--token", site.token]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert f"to confirm:  {MONDAY}" in day("show").stdout
    assert day("confirm").stdout == f"service day: {MONDAY}\n"
    second = day("confirm")
    assert second.returncode == 1
    assert "nothing to confirm" in second.stderr


@pytest.mark.e2e
def test_the_clerk_confirms_on_her_page(monday, site, sign_in):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(base_url=site.url)
        page.context.add_cookies([{"name": "kioskd-session", "value": sign_in("clerk"), "url": site.url}])
        page.goto("/clerk")
        expect(page.locator("#day")).to_contain_text(MONDAY, timeout=30_000)
        page.locator("#confirm-day").click()
        expect(page.locator("#day")).to_be_hidden(timeout=30_000)
        browser.close()
    assert monday.take()["number"] == "A001"
