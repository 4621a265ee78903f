"""A clerk's day at the window, in a real browser: by keyboard alone, in both languages, on two pages."""

import re

import pytest
from playwright.sync_api import expect

from kioskd.hall.plan import Priority
from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

OFFICE_PC = {"width": 1366, "height": 768}


@pytest.fixture
def hall_open(hall):
    """Both windows have their clerk and are open."""
    for window, clerk in ((1, "c1"), (2, "c2")):
        hall.sign_in(window, clerk)
        hall.open(window)
    return hall


@pytest.fixture
def open_desk(open_page):
    """Open the clerk's page as an office computer shows it, once its keys can be pressed."""

    def open_desk():
        desk = open_page("/clerk")
        desk.set_viewport_size(OFFICE_PC)
        expect(desk.locator("#now")).to_have_attribute("data-live", "true")
        return desk

    return open_desk


def press(desk, key, state):
    """Press a key, once the page listens again, and see what the window then is."""
    settle(desk)
    desk.keyboard.press(key)
    expect(desk.locator("#now")).to_have_attribute("data-state", state)


def settle(desk):
    desk.wait_for_timeout(650)  # a clerk is not faster than a second press


def shown(desk, selector):
    """What a person reads: the chosen language alone."""
    return desk.locator(selector).inner_text()


# --- the story ---


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("zh", ("呼叫下一位", "开始办理", "办结", "等得最久", "办结 A001")),
        ("en", ("Call next", "Start", "Finish", "waiting longest", "Finished A001")),
    ],
)
def test_a_morning_with_the_keyboard_alone(open_desk, browser, hall, site, language, says):
    browser.add_cookies([{"name": "kioskd-language", "value": language, "url": site.url}])
    call, start, finish, why, finished = says
    first, second = hall.issue("GA-1"), hall.issue("GA-2")
    desk = open_desk()
    desk.locator('[data-command="sign-in"]').focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#signed-in")).to_contain_text("甲")
    press(desk, "o", "open")
    assert why in shown(desk, "#next-why")
    assert desk.title().startswith("(2)")
    assert call in shown(desk, "#primary button:visible")
    press(desk, "n", "called")
    assert shown(desk, "#number") == first.number
    assert start in shown(desk, "#primary button:visible")
    settle(desk)
    desk.keyboard.press("r")
    expect(desk.locator("#about")).to_contain_text("2")
    press(desk, "s", "serving")
    assert finish in shown(desk, "#primary button.go:not(.aside):visible")
    desk.keyboard.press("g")
    expect(desk.locator("#guide-panel")).to_contain_text("户口簿")
    press(desk, "f", "open")
    expect(desk.locator("#log")).to_contain_text(finished)
    settle(desk)
    desk.keyboard.press("i")
    expect(desk.locator("#last")).to_contain_text("邀请")
    hall.rate(first.id, 2, "phone")
    expect(desk.locator("#last")).to_contain_text("评价已收到")
    expect(desk.locator("#ratings")).to_have_text("1 / 1")
    press(desk, "n", "called")
    assert shown(desk, "#number") == second.number


def test_the_big_button_keeps_the_focus_of_who_has_no_mouse(open_desk, hall_open):
    hall_open.issue("GA-1")
    desk = open_desk()
    desk.locator('[data-command="call-next"]').focus()
    for state in ("called", "serving", "open"):
        press(desk, "Enter", state)
    assert desk.evaluate("document.querySelector('#primary').dataset.next") == "call-next"


def test_the_clerk_never_learns_what_one_citizen_said(open_desk, hall_open):
    ticket = hall_open.issue("GA-1")
    hall_open.call_next(1)
    hall_open.start(1)
    hall_open.finish(1)
    desk = open_desk()
    heard = []
    desk.on("response", lambda answer: heard.append(answer.text() if "/api/" in answer.url else ""))
    hall_open.rate(ticket.id, 1, "phone")
    expect(desk.locator("#last")).to_contain_text("评价已收到")
    told = desk.evaluate("async id => (await (await fetch(`/api/v1/tickets/${id}`)).json())", ticket.id)
    assert told["rated"]
    assert told["rating"] is None
    assert not [text for text in heard if re.search(r'"(rating|level)":\s*\d', text)]


# --- two presses are one ---


def test_two_presses_on_call_call_one_ticket_and_do_not_start_it(open_desk, hall_open):
    first, second = hall_open.issue("GA-1"), hall_open.issue("GA-2")
    desk = open_desk()
    desk.locator('[data-command="call-next"]').dblclick()
    expect(desk.locator("#number")).to_have_text(first.number)
    settle(desk)
    assert hall_open.ticket(first.id).state == "called"
    assert hall_open.ticket(second.id).state == "waiting"


def test_a_second_press_while_serving_does_not_finish_the_next_one(open_desk, hall_open):
    tickets = [hall_open.issue("GA-1") for _ in range(3)]
    hall_open.call_next(1)
    hall_open.start(1)
    desk = open_desk()
    expect(desk.locator("#number")).to_have_text(tickets[0].number)
    desk.locator('[data-command="call-next"]').dblclick()
    expect(desk.locator("#number")).to_have_text(tickets[1].number)
    settle(desk)
    assert [hall_open.ticket(one.id).state for one in tickets] == ["done", "called", "waiting"]


def test_a_key_held_down_or_bouncing_is_one_press(open_desk, hall_open):
    ticket = hall_open.issue("GA-1")
    desk = open_desk()
    desk.locator('[data-command="call-next"]').focus()
    for _ in range(40):
        desk.keyboard.down("Enter")  # without a key up in between: the browser repeats it
    desk.keyboard.up("Enter")
    settle(desk)
    for _ in range(2):
        desk.keyboard.press("x")  # what costs a citizen the turn is asked once more, and not by a bounce
    settle(desk)
    assert hall_open.ticket(ticket.id).state == "called"
    expect(desk.locator('[data-command="no-show"]')).to_contain_text("再按一次")
    desk.keyboard.press("x")
    expect(desk.locator("#aside")).to_contain_text(ticket.number)


def test_two_pages_tell_one_story(open_desk, hall_open):
    hall_open.issue("GA-1")
    hall_open.issue("GA-1")
    one, other = open_desk(), open_desk()
    for command, state in (("call-next", "called"), ("start", "serving"), ("finish", "open")):
        for desk in (one, other):  # both at the same moment
            desk.evaluate(f"setTimeout(() => document.querySelector('[data-command={command}]').click(), 30)")
        for desk in (one, other):
            expect(desk.locator("#now")).to_have_attribute("data-state", state)
            settle(desk)
    assert [shown(desk, "#log") for desk in (one, other)].count(shown(one, "#log")) == 2
    assert [event.type for event in hall_open.events(0, 100)].count("ticket_called") == 1


# --- what is asked first, and what can be taken back ---


def test_a_ticket_is_sent_on_and_a_pause_has_its_reason(open_desk, hall_open):
    sent = hall_open.issue("GA-1")
    desk = open_desk()
    press(desk, "n", "called")
    settle(desk)
    desk.keyboard.press("m")
    expect(desk.locator("#ask-transfer")).to_contain_text(sent.number)
    desk.keyboard.press("2")
    expect(desk.locator("#now")).to_have_attribute("data-state", "open")
    assert hall_open.ticket(sent.id).for_window == 2
    settle(desk)
    desk.keyboard.press("p")
    desk.locator("#ask-pause").get_by_text("午休").click()
    expect(desk.locator("#window-state")).to_contain_text("午休")
    press(desk, "e", "open")


def test_what_was_done_is_told_and_taken_back_where_that_is_possible(open_desk, hall_open):
    ticket = hall_open.issue("GA-1")
    desk = open_desk()
    press(desk, "n", "called")
    desk.wait_for_timeout(650)
    desk.locator('[data-undo="requeue"]').click()
    expect(desk.locator("#now")).to_have_attribute("data-state", "open")
    assert hall_open.place(ticket.id).ahead == 0
    press(desk, "n", "called")
    press(desk, "h", "open")
    settle(desk)
    desk.locator('[data-undo="resume-ticket"]').click()
    expect(desk.locator("#now")).to_have_attribute("data-state", "serving")
    press(desk, "f", "open")
    expect(desk.locator("#log li").first).to_contain_text("不能撤销")
    expect(desk.locator("[data-undo]")).to_have_count(0)


def test_who_leaves_is_asked_what_becomes_of_the_window(open_desk, hall_open):
    hall_open.issue("GA-1")
    desk = open_desk()
    desk.locator("#leave").click()
    expect(desk.locator("#ask-leave")).to_contain_text("还有 1 人在等")
    desk.keyboard.press("1")
    desk.wait_for_url("**/sign-in")
    assert (hall_open.window(1).state, hall_open.window(1).clerk) == ("closed", None)


def test_the_next_one_and_the_reason_are_the_halls_own(open_desk, hall_open):
    hall_open.issue("GA-1")
    urgent = hall_open.issue("GA-2", priority=Priority.PRIORITY)
    desk = open_desk()
    expect(desk.locator("#next-number")).to_have_text(urgent.number)
    expect(desk.locator("#next-why")).to_contain_text("优先办理")
    assert shown(desk, "#waiting li.first b") == urgent.number


def test_keys_are_not_stolen_from_fields_and_choices(open_desk, hall_open):
    hall_open.issue("GA-1")
    desk = open_desk()
    desk.locator("#window").focus()
    desk.keyboard.press("n")
    settle(desk)
    assert hall_open.window(1).ticket is None


SMALL_OR_CUT = """() => [...document.querySelectorAll("body *")].filter((node) => {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.matches("option, script, .spoken, .spoken *")) return false;
    const box = node.closest("button") ?? node;
    const cut = box.matches("button") && box.scrollWidth > box.clientWidth + 1;
    return parseFloat(getComputedStyle(node).fontSize) < 14 || cut;
}).map((node) => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_small_or_cut_off_on_any_usual_screen(open_desk, browser, hall_open, site, language):
    browser.add_cookies([{"name": "kioskd-language", "value": language, "url": site.url}])
    for _ in range(12):
        hall_open.issue("GA-1", priority=Priority.PRIORITY)
    hall_open.call_next(1)
    hall_open.start(1)
    desk = open_desk()
    expect(desk.locator("#waiting li")).to_have_count(11)
    for width, height in ((1280, 720), (1366, 768), (1920, 1080)):
        desk.set_viewport_size({"width": width, "height": height})
        assert desk.evaluate(SMALL_OR_CUT) == []
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


# --- a lost connection ---


def test_a_lost_connection_says_so_takes_no_press_and_comes_back(open_desk, hall_open, browser):
    hall_open.issue("GA-1")
    desk = open_desk()
    browser.route("**/api/**", lambda route: route.abort())
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    settle(desk)
    desk.keyboard.press("n")  # pressed while nobody hears it
    expect(desk.locator("#now")).to_have_attribute("data-live", "false")
    expect(desk.locator('[data-command="call-next"]')).to_be_disabled()
    desk.keyboard.press("n")
    browser.unroute("**/api/**")
    expect(desk.locator("#now")).to_have_attribute("data-live", "true", timeout=3000)
    settle(desk)
    assert hall_open.window(1).ticket is None, "nothing pressed meanwhile is sent late"
    press(desk, "n", "called")
