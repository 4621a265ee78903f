"""Sending somebody on by a key, in a hall whose lines share a letter or have two."""

import msgspec
import pytest
from playwright.sync_api import expect

from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def plan(plan):
    police, fund, bank = plan.lines
    more = (
        msgspec.structs.replace(bank, letter="A"),
        msgspec.structs.replace(bank, id="tax", title="税务", letter="TA"),
        msgspec.structs.replace(bank, id="land", title="不动产", letter="E"),
    )
    return msgspec.structs.replace(plan, lines=(police, fund, *more))


def test_every_line_is_offered_and_a_key_only_where_it_means_one(open_page, hall):
    hall.sign_in(1, "c1")
    hall.open(1)
    hall.issue("GJJ-1")
    hall.call_next(1)
    desk = open_page("/clerk")
    expect(desk.locator("#now")).to_have_attribute("data-state", "called")
    desk.wait_for_timeout(650)
    desk.keyboard.press("m")
    lines = desk.locator("#to-lines button")
    expect(lines).to_have_count(5)
    offered = {line.get_attribute("data-to"): line.get_attribute("data-press") for line in lines.all()}
    assert offered == {"police": None, "fund": "b", "bank": None, "tax": None, "land": "e"}
    expect(desk.locator("#to-lines kbd")).to_have_text(["B", "E"])
    desk.keyboard.press("a")
    expect(desk.locator("#ask-transfer")).to_be_visible()  # which of the two? it is not guessed
