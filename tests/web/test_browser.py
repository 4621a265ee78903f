"""The pages in a real browser, before a real server and a real hall."""

import re
import socket

import pytest
from playwright.sync_api import expect

from kioskd.hall.model import PaperState
from tests.web.conftest import PATIENCE_MS
from web.app import create_app
from web.server import serve

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def hall_open(hall):
    """Both windows have their clerk and are open."""
    for window, clerk in ((1, "c1"), (2, "c2")):
        hall.sign_in(window, clerk)
        hall.open(window)
    return hall


def touch_a_matter(kiosk, area="公安服务", code="GA-1"):
    kiosk.locator(f'button[data-area="{area}"]').click()
    kiosk.locator(f'section:not([hidden]) button[data-matter="{code}"]').click()


def take(kiosk):
    touch_a_matter(kiosk)
    kiosk.locator('section:not([hidden]) [data-take="ordinary"]').click()
    number = kiosk.locator("#number")
    expect(number).to_have_text(re.compile(r"^A\d{3}$"))
    return number.inner_text()


# --- kiosk ---


def test_three_touches_give_a_number_and_the_people_ahead(open_page, hall, rooms):
    hall.issue("GA-2")
    kiosk = open_page("/kiosk")
    assert take(kiosk) == "A002"
    expect(kiosk.locator("#place")).to_contain_text("前面还有 1 人")
    expect(kiosk.locator("#paper")).to_contain_text("正在打印")
    kiosk.locator("#done").click()
    expect(kiosk.locator("#areas")).to_be_visible()


def test_a_hall_without_a_card_reader_does_not_speak_of_cards(open_page):
    kiosk = open_page("/kiosk")
    expect(kiosk.locator("#areas")).to_be_visible()
    expect(kiosk.locator("[id^=card]")).to_have_count(0)


def test_the_six_data_units_are_seen_before_taking(open_page):
    kiosk = open_page("/kiosk")
    touch_a_matter(kiosk)
    sheet = kiosk.locator("section.sheet:not([hidden])")
    for unit in ("服务事项名称", "政策依据", "受理条件", "申请材料", "办理程序", "办结时限"):
        expect(sheet.get_by_text(unit)).to_be_visible()


def test_a_printer_without_paper_does_not_keep_the_number_from_the_citizen(open_page, rooms):
    kiosk = open_page("/kiosk")
    number = take(kiosk)
    rooms.journal.note(rooms.journal.next_queued().id, "paper_out")
    expect(kiosk.locator("#paper")).to_contain_text(f"请记住您的号码 {number}")
    expect(kiosk.locator("#paper-why")).to_contain_text("纸")


def test_a_paper_nobody_is_sure_of_can_be_printed_again(open_page, rooms):
    kiosk = open_page("/kiosk")
    take(kiosk)
    job = rooms.journal.next_queued()
    rooms.journal.begin(job.id, b"paper", "printer")
    rooms.journal.end(job.id, PaperState.UNKNOWN)
    kiosk.locator("#reprint").click()
    expect(kiosk.locator("#paper")).to_contain_text("正在打印")
    assert rooms.journal.next_queued().reprint


def test_a_closed_line_says_when_it_opens(open_page):
    kiosk = open_page("/kiosk")
    kiosk.locator('button[data-area="社会事务"]').click()
    expect(kiosk.locator('button[data-matter="YH-1"]')).to_contain_text("暂停取号")
    kiosk.locator('section:not([hidden]) button[data-matter="YH-1"]').click()
    sheet = kiosk.locator("section.sheet:not([hidden])")
    expect(sheet.locator(".closed-why")).to_contain_text("14:00 开始取号")
    expect(sheet.locator('[data-take="ordinary"]')).to_be_disabled()


def test_a_matter_is_found_by_its_initials(open_page):
    kiosk = open_page("/kiosk")
    kiosk.locator("#open-search").click()
    for key in "sfz":
        kiosk.locator(f'[data-key="{key}"]').click()
    kiosk.locator("#found").get_by_text("居民身份证换领").click()
    expect(kiosk.locator("section.sheet:not([hidden]) h2")).to_have_text("居民身份证换领")


def test_a_kiosk_left_alone_goes_back_to_its_start(browser):
    kiosk = browser.new_page()
    kiosk.clock.install()
    kiosk.goto("/kiosk")
    touch_a_matter(kiosk)
    kiosk.clock.fast_forward(31_000)
    expect(kiosk.locator("#areas")).to_be_visible()


def test_a_ticket_refused_is_told_in_words(open_page, hall):
    kiosk = open_page("/kiosk")
    touch_a_matter(kiosk, "公积金服务", "GJJ-1")
    kiosk.route("**/api/v1/queue", lambda route: route.abort())  # it does not hear that the line is full
    kiosk.locator("section:not([hidden]) [data-take]").first.evaluate("button => button.disabled = false")
    hall.issue("GJJ-1")
    hall.issue("GJJ-1")
    kiosk.locator('section:not([hidden]) [data-take="ordinary"]').evaluate(
        "button => { button.disabled = false; button.click(); }"
    )
    expect(kiosk.locator("#trouble")).to_contain_text("今天的号已取完")


# --- clerk ---


def test_two_presses_on_call_call_one_ticket(open_page, hall_open):
    first, second = hall_open.issue("GA-1"), hall_open.issue("GA-2")
    desk = open_page("/clerk")
    call = desk.locator('[data-command="call-next"]')
    expect(call).to_be_enabled()
    call.dblclick()
    expect(desk.locator("#number")).to_have_text(first.number)
    desk.wait_for_timeout(700)
    assert hall_open.ticket(second.id).state == "waiting"


def test_a_second_press_while_serving_does_not_finish_the_next_one(open_page, hall_open):
    tickets = [hall_open.issue("GA-1") for _ in range(3)]
    hall_open.call_next(1)
    hall_open.start(1)
    desk = open_page("/clerk")
    expect(desk.locator("#number")).to_have_text(tickets[0].number)
    desk.locator('[data-command="call-next"]').dblclick()
    expect(desk.locator("#number")).to_have_text(tickets[1].number)
    desk.wait_for_timeout(700)
    assert [hall_open.ticket(one.id).state for one in tickets] == ["done", "called", "waiting"]


def test_a_morning_with_the_keyboard(open_page, hall_open):
    ticket = hall_open.issue("GA-1")
    desk = open_page("/clerk")
    now = desk.locator("#now")
    expect(desk.locator("#waiting")).to_contain_text(ticket.number)
    for key, state in (("n", "called"), ("s", "serving"), ("f", "open")):
        desk.wait_for_timeout(600)  # a clerk is not faster than a second press
        desk.keyboard.press(key)
        expect(now).to_have_attribute("data-state", state)
    expect(desk.locator("#last")).to_contain_text(ticket.number)
    desk.wait_for_timeout(600)
    desk.keyboard.press("i")
    expect(desk.locator("#last")).to_contain_text("已邀请评价")


def test_pause_hold_and_transfer(open_page, hall_open):
    held, sent = hall_open.issue("GA-1"), hall_open.issue("GA-1")
    desk = open_page("/clerk")

    def press(command):
        button = desk.locator(f'[data-command="{command}"]')
        expect(button).to_be_enabled()
        desk.wait_for_timeout(600)
        button.click()

    press("call-next")
    press("hold")
    expect(desk.locator("#aside")).to_contain_text(held.number)
    press("call-next")
    desk.locator("#transfer-to").select_option("window:2")
    press("transfer")
    expect(desk.locator("#now")).to_have_attribute("data-state", "open")
    assert hall_open.ticket(sent.id).for_window == 2
    desk.locator("#pause-reason").select_option("午休")
    press("pause")
    expect(desk.locator("#window-state")).to_contain_text("午休")
    press("resume")
    press("resume-ticket")
    expect(desk.locator("#number")).to_have_text(held.number)


# --- board, sign, phone ---


def test_a_call_is_on_the_board_and_on_the_windows_sign(open_page, hall_open):
    ticket = hall_open.issue("GA-1")
    board, sign = open_page("/board"), open_page("/windows/2/screen")
    expect(sign.locator("#message")).to_contain_text("欢迎光临")
    hall_open.call_next(2)
    expect(board.locator("#called")).to_contain_text(f"{ticket.number}2号窗口")
    expect(sign.locator("#number")).to_have_text(ticket.number)
    hall_open.no_show(2)
    hall_open.pause(2, "午休")
    expect(sign.locator("#message")).to_contain_text("午休")


def test_a_citizen_follows_and_rates_on_the_phone(open_page, hall_open):
    ticket = hall_open.issue("GA-1")
    phone = open_page(f"/t/{ticket.token}")
    expect(phone.locator("main")).to_contain_text("下一位就是您")
    hall_open.call_next(1)
    expect(phone.locator("main")).to_contain_text("请到 1 号窗口")
    hall_open.start(1)
    hall_open.finish(1)
    phone.get_by_role("button", name="非常满意").first.click()
    expect(phone.locator("main")).to_contain_text("感谢您的评价")
    assert hall_open.ticket(ticket.id).rating == 5


# --- staying live ---


def test_ten_pages_share_one_stream_stay_live_and_still_take_tickets(open_page, hall_open, app):
    boards = [open_page("/board") for _ in range(8)]
    kiosk, desk = open_page("/kiosk"), open_page("/clerk")
    number = take(kiosk)
    expect(desk.locator("#waiting")).to_contain_text(number)
    desk.locator('[data-command="call-next"]').click()
    for board in boards:
        expect(board.locator("#called")).to_contain_text(number)
    assert app.live.count == 1


@pytest.mark.parametrize(
    ("missing", "streams"),
    [
        ("delete globalThis.SharedWorker", 1),
        ("delete globalThis.SharedWorker; delete globalThis.BroadcastChannel", 0),
    ],
    ids=["one page leads", "every page asks"],
)
def test_browsers_without_shared_workers_stay_live_too(browser, hall_open, app, missing, streams):
    browser.add_init_script(missing)
    boards = [browser.new_page() for _ in range(3)]
    for board in boards:
        board.goto("/board")
        expect(board.locator("#lines li")).to_have_count(3)
    assert app.live.count == streams
    ticket = hall_open.issue("GA-1")
    hall_open.call_next(1)
    for board in boards:
        expect(board.locator("#called")).to_contain_text(ticket.number)


@pytest.fixture
def restart(rooms):
    """Start the server, anew each time it is called, always at the same address; or stop it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = []

    def stop():
        while running:
            running.pop().stop()

    def start():
        stop()
        app = create_app(rooms.hall, rooms.journal, rooms.floor, rooms.supervisor, settings=rooms.settings)
        running.append(serve(app, "127.0.0.1", port))
        return f"http://127.0.0.1:{port}"

    start.stop = stop
    yield start
    stop()


def test_pages_say_that_the_connection_is_lost_and_recover_by_themselves(restart, hall_open, chromium):
    url = restart()
    context = chromium.new_context()
    board, kiosk = context.new_page(), context.new_page()
    board.goto(f"{url}/board")
    kiosk.goto(f"{url}/kiosk")
    first = hall_open.issue("GA-1")
    hall_open.call_next(1)
    expect(board.locator("#called")).to_contain_text(first.number)

    restart.stop()
    expect(board.locator("#connection")).to_be_visible()
    expect(board.locator("#called")).to_contain_text(first.number)  # the last state stays

    hall_open.issue("GA-1")
    hall_open.call_next(2)
    restart()  # another process as far as the pages know: their sessions are worth nothing
    expect(board.locator("#called")).to_contain_text("A002")
    expect(board.locator("#connection")).to_be_hidden()
    assert take(kiosk) == "A003"
    context.close()
