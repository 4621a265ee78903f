"""The document camera on the clerk's page, in a real browser, with an emulated camera behind it."""

import pytest
from playwright.sync_api import expect

from kioskd.devices.testing import until
from tests.web.conftest import PATIENCE_MS
from tests.web.test_documents_api import app, emulators, supervisor, ticket  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

CENTRE = """() => {
    const canvas = document.getElementById("live");
    const context = canvas.getContext("2d");
    return [...context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
}"""


@pytest.fixture
def desk(open_page, ticket):  # noqa: F811
    """The clerk's page with the documents in front."""
    page = open_page("/clerk")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.locator("#tab-documents").click()
    return page


def sight(desk, state):
    expect(desk.locator("#documents-panel")).to_have_attribute("data-sight", state)


def press(desk, name):
    button = desk.locator(f'[data-document="{name}"]')
    expect(button).to_be_enabled()
    button.click()


def test_two_pages_are_photographed_kept_looked_at_and_deleted(desk, hall, ticket, emulators):  # noqa: F811
    sight(desk, "live")
    expect(desk.locator("#documents-for")).to_contain_text("居民身份证换领")
    until(lambda: min(desk.evaluate(CENTRE)[:3]) > 150, what="paper in the live picture")
    desk.locator('[data-material="2"]').click()
    press(desk, "capture")
    sight(desk, "page")
    expect(desk.locator("#page-note")).to_contain_text("已找到纸张并拉正")
    emulators.client.act("camera-1", "no_page")
    press(desk, "next")
    sight(desk, "live")
    until(lambda: max(desk.evaluate(CENTRE)[:3]) < 90, what="the empty desk")
    press(desk, "capture")
    expect(desk.locator("#page-note")).to_contain_text("保留整幅")
    press(desk, "again")
    emulators.client.act("camera-1", "next_page")
    until(lambda: min(desk.evaluate(CENTRE)[:3]) > 150, what="paper again")
    press(desk, "capture")
    expect(desk.locator("#pages li")).to_have_count(2)
    press(desk, "finish")
    expect(desk.locator("#kept li")).to_have_count(1)
    expect(desk.locator("#kept")).to_contain_text("户口簿 · 2 页")
    expect(desk.locator('[data-material="2"]')).to_contain_text("✓ 1")
    sight(desk, "live")
    (document,) = hall.documents(ticket)
    assert (document.material, document.pages, document.taken_by) == (2, 2, "c1")

    seen = desk.request.get(desk.locator("[data-view]").get_attribute("href"))
    assert seen.body().startswith(b"%PDF")
    assert [view.viewed_by for view in hall.document_views(document.id)] == ["c1"]

    delete = desk.locator("[data-delete]")
    delete.click()
    expect(delete).to_contain_text("确认删除")
    assert hall.documents(ticket)
    delete.click()
    expect(desk.locator("#kept li")).to_have_count(0)
    assert hall.documents(ticket) == []


def test_a_camera_pulled_out_frees_the_page_says_why_and_comes_back(desk, hall, emulators):  # noqa: F811
    sight(desk, "live")
    emulators.client.act("camera-1", "unplug")
    sight(desk, "lost")
    expect(desk.locator("#sight-note")).to_contain_text("插好数据线")
    assert max(desk.evaluate(CENTRE)) == 0, "nobody's paper stays on the screen"
    expect(desk.locator('[data-document="capture"]')).to_be_disabled()
    desk.keyboard.press("f")
    expect(desk.locator("#now")).to_have_attribute("data-state", "open")  # the queue goes on meanwhile
    emulators.client.act("camera-1", "plug")
    sight(desk, "live")


def test_with_the_keyboard_alone(desk, hall, ticket):  # noqa: F811
    desk.keyboard.press("d")
    expect(desk.locator("#queue-panel")).to_be_visible()
    desk.keyboard.press("d")
    sight(desk, "live")
    desk.keyboard.press("a")
    sight(desk, "page")
    desk.keyboard.press("w")
    expect(desk.locator("#kept li")).to_have_count(1)
    assert len(hall.documents(ticket)) == 1


def test_the_next_ticket_does_not_see_the_last_ones_pages(desk, hall, tmp_path):
    sight(desk, "live")
    press(desk, "capture")
    sight(desk, "page")
    assert len(list((tmp_path / "documents" / "pages").iterdir())) == 1
    hall.finish(1)
    hall.issue("GA-2")
    hall.call_next(1)
    expect(desk.locator("#documents-for")).to_contain_text("出生登记")
    expect(desk.locator("#pages li")).to_have_count(0)
    until(lambda: not list((tmp_path / "documents" / "pages").iterdir()), what="the page to be thrown away")


def test_a_window_without_a_ticket_photographs_nothing(open_page, hall, ticket, supervisor):  # noqa: F811
    page = open_page("/clerk")
    page.locator("#tab-documents").click()
    sight(page, "live")
    page.locator("#window").select_option("2")
    expect(page.locator("#documents-for")).to_contain_text("没有正在办理")
