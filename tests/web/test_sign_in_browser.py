"""A clerk at the door, in a real browser: by finger, by keyboard, and when her session ends."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from kioskd.staff import accounts
from kioskd.staff.accounts import add_account

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

PIN = "305917"


@pytest.fixture
def door(store, hall, browser, monkeypatch):
    monkeypatch.setattr("kioskd.staff.hashing.N", 2**4)
    add_account(store, "li", ["clerk"], PIN, by="tests", display_name="李丽", clerk="c1")
    page = browser.new_page()
    page.goto("/clerk")
    return page


def arrive(page, path):
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def test_by_finger_and_after_a_wrong_pin(door):
    door.locator("#name").fill("li")
    for digit in "30591":
        door.locator(f"[data-digit='{digit}']").click()
    door.locator("#go").click()
    expect(door.locator("#problem")).to_contain_text("不符")
    for digit in "99":
        door.locator(f"[data-digit='{digit}']").click()
    door.locator("[data-delete]").click()
    expect(door.locator("#secret")).to_have_value("9")
    door.locator("[data-clear]").click()
    for digit in PIN:
        door.locator(f"[data-digit='{digit}']").click()
    door.locator("#go").click()
    arrive(door, "/clerk")


def test_by_keyboard_alone_and_the_account_is_remembered(door, browser):
    door.keyboard.type("li")
    door.keyboard.press("Tab")
    door.keyboard.type(PIN)
    door.keyboard.press("Enter")
    arrive(door, "/clerk")
    door.goto("/sign-in")
    door.locator(".signed-in button").click()
    arrive(door, "/sign-in")
    expect(door.locator("#name")).to_have_value("li")
    expect(door.locator("#secret")).to_be_focused()


def test_a_session_that_ends_leads_to_the_door_and_back(door, store):
    door.locator("#name").fill("li")
    door.locator("#secret").fill(PIN)
    door.keyboard.press("Enter")
    arrive(door, "/clerk")
    accounts.set_secret(store, "li", "840261", by="tests")
    door.evaluate("() => { import('/static/api.js').then(({ get }) => get('/api/v1/me')).catch(() => {}); }")
    arrive(door, "/sign-in")
    door.locator("#secret").fill("840261")
    door.keyboard.press("Enter")
    arrive(door, "/clerk")
