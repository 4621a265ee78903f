"""The pages in a real browser, before a real server and a real hall."""

import socket

import pytest
from playwright.sync_api import expect

from tests.web.at_the_kiosk import take
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
    expect(sign.locator("#message")).to_contain_text("暂停服务")
    expect(sign.locator("#after")).to_contain_text("午休")


def test_a_citizen_follows_and_rates_on_the_phone(open_page, hall_open):
    ticket = hall_open.issue("GA-1")
    phone = open_page(f"/t/{ticket.token}")
    expect(phone.locator("main")).to_contain_text("下一位就是您")
    hall_open.call_next(1)
    expect(phone.locator("main")).to_contain_text("请到 1 号窗口")
    hall_open.start(1)
    hall_open.finish(1)
    phone.get_by_role("button", name="非常满意").first.click()
    phone.get_by_role("checkbox", name="办事快").check()
    phone.get_by_role("button", name="提交评价").click()
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
        ("delete globalThis.SharedWorker; delete globalThis.BroadcastChannel", 3),
    ],
    ids=["one page leads", "every page listens"],
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
