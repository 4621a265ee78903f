"""The screens in a real browser: a call reaches all of them, each has its moment, none flashes too much."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from kioskd.config.photos import Photo
from tests.web.conftest import PATIENCE_MS
from tests.web.test_events import PATIENCE_S, Stream
from web.showing import Showing

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

SCREENS = 64
MOST_FLASHES_A_SECOND = 3
SHOWN = """() => {
  globalThis.seen = [];
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("#called [data-fresh]")) {
      const call = `${row.dataset.ticket} ${row.dataset.window}`;
      if (!globalThis.seen.includes(call)) globalThis.seen.push(call);
    }
  }).observe(document.getElementById("called"), { childList: true, subtree: true });
}"""
ANIMATIONS = """() => document.getAnimations().map((one) => ({
  name: one.animationName,
  times: one.effect.getComputedTiming().iterations,
  seconds: one.effect.getComputedTiming().duration / 1000,
  changes: one.effect.getKeyframes().length,
}))"""


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PHOTO = Photo(name="0123456789abcdef.png", media_type="image/png", data=PIXEL)


@pytest.fixture
def rooms(rooms):
    rooms.showing = Showing(("办事请带身份证原件", "老人优先"), {"c1": PHOTO})
    return rooms


@pytest.fixture
def hall_open(hall):
    for window, clerk in ((1, "c1"), (2, "c2")):
        hall.sign_in(window, clerk)
        hall.open(window)
    return hall


def test_a_call_reaches_64_streams_and_the_board(site, open_page, hall_open, app):
    ticket = hall_open.issue("GA-1")
    screens = [Stream(site) for _ in range(SCREENS)]
    board = open_page("/board")
    expect(board.locator("html")).to_have_attribute("data-live", "on")
    assert app.live.count == SCREENS + 1

    def hear(screen):
        while (data := screen.event()[2])["type"] != "ticket_called":
            pass
        return data["number"]

    with ThreadPoolExecutor(SCREENS) as hall_of_screens:
        heard = [hall_of_screens.submit(hear, screen) for screen in screens]
        hall_open.call_next(2)
        expect(board.locator("#called [data-fresh]")).to_contain_text(f"{ticket.number}2号窗口")
        assert {one.result(PATIENCE_S) for one in heard} == {ticket.number}
    for screen in screens:
        screen.close()


def test_each_of_many_calls_has_its_moment(open_page, hall_open):
    """Nobody comes, again and again: every call is over long before a board could read the queue."""
    board = open_page("/board")
    expect(board.locator("html")).to_have_attribute("data-live", "on")
    expect(board.locator("#lines li").first).to_be_visible()
    board.evaluate(SHOWN)
    called = []
    for turn in range(9):
        ticket, window = hall_open.issue("GA-1"), 1 + turn % 2
        hall_open.call_next(window)
        hall_open.no_show(window)
        called.append(f"{ticket.number} {window}")
    board.wait_for_function("count => globalThis.seen.length === count", arg=len(called))
    assert sorted(board.evaluate("globalThis.seen")) == sorted(called)
    expect(board.locator("#missed")).to_contain_text("A009")


def test_a_call_flashes_gently_briefly_and_not_by_colour_alone(open_page, hall_open):
    board, sign = open_page("/board"), open_page("/windows/1/screen")
    expect(sign.locator("#message")).to_contain_text("欢迎光临")
    hall_open.issue("GA-1")
    hall_open.call_next(1)
    fresh = board.locator("#called [data-fresh]")
    expect(fresh.locator(".new")).to_contain_text("新")
    expect(fresh.locator(".arrow")).to_be_visible()
    expect(sign.locator("#sign")).to_have_attribute("data-fresh", "")
    for page, name in ((board, "flash"), (sign, "sign-flash")):
        (flash,) = [one for one in page.evaluate(ANIMATIONS) if one["name"] == name]
        assert flash["changes"] / 2 / flash["seconds"] <= MOST_FLASHES_A_SECOND
        assert flash["times"] * flash["seconds"] <= 6
    expect(board.locator("#called .new")).to_have_count(0)  # its moment is over
    expect(board.locator("#called")).to_contain_text("A001")  # it is still called
    expect(sign.locator("#sign")).not_to_have_attribute("data-fresh", "")


def test_who_wants_nothing_to_move_sees_nothing_move(browser, hall_open):
    board = browser.new_page()
    board.emulate_media(reduced_motion="reduce")
    board.goto("/board")
    expect(board.locator("#lines li")).to_have_count(3)
    hall_open.issue("GA-1")
    hall_open.call_next(1)
    expect(board.locator("#called .new")).to_contain_text("新")
    assert board.evaluate("document.getAnimations().length") == 0
    messages = board.locator("#marquee li")
    expect(messages.first).to_be_visible()
    expect(messages.last).to_be_hidden()
    expect(messages.last).to_be_visible()  # they take turns


def test_a_page_of_yesterday_reads_itself_anew(open_page, hall_open, app):
    board = open_page("/board")
    expect(board.locator("html")).to_have_attribute("data-live", "on")
    board.evaluate("globalThis.isOld = true")
    app.live._tell(type(app.live._hello)("hello", {"build": "of tomorrow"}))  # as a renewed daemon says
    board.wait_for_function("() => globalThis.isOld === undefined")
    expect(board.locator("#lines li")).to_have_count(3)


def test_a_paused_window_says_so_with_its_reason_on_board_and_sign(open_page, hall_open):
    board, sign = open_page("/board"), open_page("/windows/2/screen")
    hall_open.pause(2, "午休")
    row = board.locator('#windows [data-window="2"]')
    expect(row).to_contain_text("暂停服务")
    expect(row).to_contain_text("午休")
    expect(sign.locator("#message")).to_contain_text("暂停服务")
    expect(sign.locator("#after")).to_contain_text("请到其他窗口")
    expect(sign.locator("#clerk")).to_have_text(re.compile("乙.*受理岗"))


def test_the_sign_shows_who_sits_there(open_page, hall_open, app):
    sign, nobody = open_page("/windows/1/screen"), open_page("/windows/2/screen")
    photo = sign.locator("#photo")
    expect(photo).to_be_visible()
    sign.wait_for_function("() => document.getElementById('photo').naturalWidth === 1")
    expect(nobody.locator("#clerk")).to_contain_text("乙")
    expect(nobody.locator("#photo")).to_be_hidden()
    answer = app.test_client().get(photo.get_attribute("src"))
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert app.test_client().get("/photos/hall.toml").status_code == 404


@pytest.mark.parametrize(("width", "height"), [(3840, 2160), (1920, 1080), (1080, 1920)])
def test_everything_fits_the_screen(browser, hall_open, width, height):
    board = browser.new_page()
    board.set_viewport_size({"width": width, "height": height})
    board.goto("/board")
    for _ in range(3):
        hall_open.issue("GA-1")
    hall_open.call_next(1)
    expect(board.locator("#called li")).to_have_count(1)
    for part in ("#called li", "#windows li >> nth=-1", "#lines li >> nth=-1"):
        box = board.locator(part).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    number = board.locator("#called li > b").bounding_box()
    assert number["height"] > 0.1 * min(width, height)
