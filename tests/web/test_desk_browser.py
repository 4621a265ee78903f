"""A supervisor's morning at the desk, in a real browser: what is late is seen and something done about it."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

PICTURES_ARE_SHOWN = (
    "[...document.querySelectorAll('[data-picture]')].every((one) => one.complete && one.naturalWidth > 0)"
)


@pytest.fixture
def waiting(hall, clock):
    """Window 1 is open; three people have waited for 25 minutes, against a target of 20, and one for none."""
    hall.open(1)
    hall.sign_in(1, "c1")
    tickets = [hall.issue(matter).number for matter in ("GA-1", "GA-2", "GJJ-1")]
    clock.pass_min(25)
    hall.issue("GA-1")
    return tickets


@pytest.fixture
def desk(open_page, waiting):
    page = open_page("/desk")
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator("#waiting > li")).to_have_count(4)
    return page


def grade_of(page, number):
    return page.locator(f'[data-ticket="{number}"] [data-grade]')


def test_who_waits_too_long_is_seen_by_word_and_shape(desk, hall, clock):
    expect(grade_of(desk, "A001")).to_have_attribute("data-grade", "late")
    expect(grade_of(desk, "A001").locator(".zh")).to_have_text("超时")
    expect(grade_of(desk, "A003")).to_have_attribute("data-grade", "in_time")
    expect(desk.locator("#overview")).to_contain_text("4人等候，3人超时；1个窗口在办")
    expect(desk.locator('[data-line="police"]')).to_contain_text("最久25分钟")
    expect(desk.locator("#waiting > li >> nth=0")).to_contain_text("A001")

    hall.call_next(1)  # live: nobody touches the page
    expect(desk.locator("#waiting > li")).to_have_count(3)
    expect(desk.locator('[data-window="1"]')).to_contain_text("A001")


def test_a_line_is_stopped_and_opened_again(desk, client):
    line = desk.locator('[data-line="police"]')
    line.locator('[data-do="stop"]').click()
    expect(line).to_contain_text("已停止取号")
    assert client.post("tickets", {"matter": "GA-1"}).json["code"] == "line_stopped"
    line.locator('[data-do="reopen"]').click()
    expect(line.locator('[data-do="stop"]')).to_be_visible()
    client.take("GA-1")


def test_a_window_opens_takes_another_line_and_people_are_moved_to_it(desk, hall):
    window = desk.locator('[data-window="2"]')
    window.locator('[data-do="open"]').click()
    expect(window).to_contain_text("空闲")
    window.locator('[data-do="change_lines"]').click()
    desk.get_by_label("B 公积金").check()
    expect(desk.locator('[data-place="fund"]')).to_have_text("2")
    desk.locator("#lines-save").click()
    expect(window).to_contain_text("A B")
    assert hall.window(2).lines == ("police", "fund")

    desk.locator('[data-line="police"] [data-do="choose_line"]').click()
    desk.locator('[data-ticket="A003"] input').uncheck()
    expect(desk.locator("#move-now .zh")).to_have_text("调整2人")
    desk.locator("#move-to").select_option("window:2")
    desk.locator("#move-now").click()
    expect(desk.locator('[data-ticket="A001"]')).to_contain_text("只等2号窗口")
    expect(desk.locator("#move-now")).to_be_disabled()
    assert {ticket.number for ticket in hall.queue().waiting if ticket.for_window == 2} == {"A001", "A002"}


def test_what_cannot_be_done_is_said(desk, hall):
    hall.call_next(1)
    hall.start(1)
    window = desk.locator('[data-window="1"]')
    expect(window).to_contain_text("办理中")
    expect(window.locator('[data-do="close"]')).to_have_count(0)
    desk.locator('[data-ticket="A002"] input').check()
    desk.locator("#move-to").select_option("window:2")
    desk.locator("#move-now").click()
    expect(desk.locator("#trouble")).to_contain_text("2号窗口现在是“关闭”")


def test_a_bad_rating_waits_for_a_call_back_without_a_name(desk, hall):
    ticket = hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    hall.rate(ticket.id, 1, "phone")
    expect(desk.locator('[data-rating="A001"]')).to_contain_text("非常不满意")
    expect(desk.locator('[data-rating="A001"]')).to_contain_text("1号窗口")
    expect(desk.locator('[data-rating="A001"] a')).to_have_attribute("href", "/desk/cases/1")
    expect(desk.locator("#overdue")).to_be_hidden()
    hall.follow_up.call_back(1, reached=True)
    desk.reload()  # as by the way back from its case
    expect(desk.locator("[data-rating]")).to_have_count(0)
    expect(desk.locator("#no-ratings")).to_be_visible()
    expect(desk.locator('[data-figure="satisfaction"]')).to_have_text("0.0%")


def test_the_desk_and_its_pictures_in_english(desk):
    desk.locator('[data-choose-language="en"]').click()
    expect(desk.locator("#overview")).to_contain_text("4 waiting, 3 of them late")
    expect(desk.locator("#lines-title .zh")).to_be_hidden()
    desk.wait_for_function("document.querySelector('[data-picture]').src.includes('language=en')")
    desk.wait_for_function(PICTURES_ARE_SHOWN)


def test_the_report_has_its_tables_its_pictures_and_its_files(desk):
    desk.get_by_role("link", name="报表与下载").first.click()
    desk.wait_for_url("**/desk/reports/2026-03-02")
    expect(desk.locator('table[data-group="lines"] tbody tr')).to_have_count(2)
    desk.wait_for_function(PICTURES_ARE_SHOWN)
    with desk.expect_download() as coming:
        desk.get_by_role("link", name="CSV").click()
    assert coming.value.suggested_filename == "kioskd-2026-03-02.csv"
    desk.locator("#month").fill("2026-03")
    desk.locator("#month + button").click()
    desk.wait_for_url("**/desk/reports/2026-03")
    expect(desk.locator('table[data-group="days"] tbody tr')).to_have_count(1)


def test_the_desk_fits_an_office_screen(desk):
    expect(desk.locator("#overview")).to_be_visible()
    for size in ((1366, 768), (1920, 1080)):
        desk.set_viewport_size({"width": size[0], "height": size[1]})
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), size
        for part in ("#overview", "#lines", "#waiting", "#windows"):
            assert desk.locator(part).bounding_box()["y"] < size[1] * 0.5, part
