"""What a citizen does at the kiosk, by touch."""

import re

from playwright.sync_api import expect

NOW = "main > section:not([hidden])"
"""The screen that is shown."""


def touch_a_matter(kiosk, area="公安服务", code="GA-1"):
    """Two touches: an area, a matter."""
    kiosk.locator(f'button[data-area="{area}"]').click()
    kiosk.locator(f'{NOW} button[data-matter="{code}"]').click()
    expect(kiosk.locator("#sheet h2")).to_be_visible()


def take(kiosk, priority="ordinary"):
    """Three touches; the number."""
    touch_a_matter(kiosk)
    kiosk.locator(f'{NOW} [data-take="{priority}"]').click()
    number = kiosk.locator("#number")
    expect(number).to_have_text(re.compile(r"^A\d{3}$"))
    return number.inner_text()
