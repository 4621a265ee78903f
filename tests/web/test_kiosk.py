"""The kiosk in a real browser: what a citizen finds, takes, and is told when something is wrong."""

import msgspec
import pytest
from playwright.sync_api import expect

from kioskd.devices.testing import until
from kioskd.hall.model import PaperState
from tests.web.at_the_kiosk import NOW, take, touch_a_matter
from tests.web.conftest import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def kiosk(open_page):
    page = open_page("/kiosk")
    expect(page.locator("#areas")).to_be_visible()
    return page


# --- a number ---


def test_three_touches_give_a_number_and_the_people_ahead(open_page, hall, rooms):
    hall.issue("GA-2")
    kiosk = open_page("/kiosk")
    assert take(kiosk) == "A002"
    expect(kiosk.locator("#place")).to_contain_text("前面还有 1 人")
    expect(kiosk.locator("#paper")).to_contain_text("正在打印")
    kiosk.locator("#done").click()
    expect(kiosk.locator("#areas")).to_be_visible()


def test_the_six_data_units_and_who_waits_are_seen_before_taking(open_page, hall):
    hall.issue("GA-2")
    kiosk = open_page("/kiosk")
    touch_a_matter(kiosk)
    sheet = kiosk.locator("#sheet")
    for unit in ("服务事项名称", "政策依据", "受理条件", "申请材料", "办理程序", "办结时限"):
        expect(sheet.get_by_text(unit)).to_be_visible()
    expect(sheet.locator(".checklist li")).to_have_text(["居民身份证", "户口簿"])
    expect(sheet.locator(".now")).to_contain_text("现在可以取号")
    expect(sheet.locator(".now")).to_contain_text("前面 1 人等候")


def test_a_code_to_photograph_is_there_where_phones_reach_the_hall(kiosk):
    take(kiosk)
    code = kiosk.locator("#ticket-qr")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.complete && image.naturalWidth > 0")


def test_a_hall_without_a_card_reader_does_not_speak_of_cards(kiosk):
    expect(kiosk.locator("[id^=card]")).to_have_count(0)


# --- finding ---


def test_a_matter_is_found_by_its_initials(kiosk):
    kiosk.locator("[data-go=search]").click()
    for key in "sfz":
        kiosk.locator(f'[data-key="{key}"]').click()
    kiosk.locator("#found").get_by_text("居民身份证换领").click()
    expect(kiosk.locator("#sheet h2")).to_have_text("居民身份证换领")


def test_a_matter_is_found_by_its_characters_without_an_input_method(kiosk):
    kiosk.locator("[data-go=search]").click()
    for key in "gongji":
        kiosk.locator(f'[data-key="{key}"]').click()
    kiosk.locator('[data-character="公"]').click()
    expect(kiosk.locator("#typed")).to_have_text("公JI")
    kiosk.locator('[data-character="积"]').click()
    expect(kiosk.locator("#typed")).to_have_text("公积")
    expect(kiosk.locator("[data-character]")).to_have_text(["金"])  # the only one that can follow
    expect(kiosk.locator("#found button")).to_have_text(["公积金提取"])


def test_a_matter_is_found_by_its_department(kiosk):
    kiosk.locator("[data-go=departments]").click()
    kiosk.locator('[data-department="派出所"]').click()
    expect(kiosk.locator("#list-title")).to_have_text("派出所")
    expect(kiosk.locator("#matters button")).to_have_count(4)


def test_nothing_found_says_what_to_do(kiosk):
    kiosk.locator("[data-go=search]").click()
    for key in "xqz":
        kiosk.locator(f'[data-key="{key}"]').click()
    expect(kiosk.locator("#nothing-found")).to_be_visible()
    kiosk.locator('[data-key="clear"]').click()
    expect(kiosk.locator("#nothing-found")).to_be_hidden()


def test_found_but_not_for_this_kiosk_is_nothing_found(kiosk):
    found = {"items": [{"code": "XX-1", "name": "不在这里办"}]}
    kiosk.route("**/api/v1/matters?*", lambda route: route.fulfill(json=found))
    kiosk.locator("[data-go=search]").click()
    kiosk.locator('[data-key="x"]').click()
    expect(kiosk.locator("#nothing-found")).to_be_visible()


def test_names_that_could_not_be_read_are_asked_for_again(browser):
    kiosk = browser.new_page()
    kiosk.route("**/kiosk/matters.json", lambda route: route.abort(), times=1)
    kiosk.goto("/kiosk")
    kiosk.wait_for_event("requestfinished", lambda request: request.url.endswith("matters.json"))
    touch_a_matter(kiosk)


def test_other_matters_are_on_the_screen_once_nobody_stands_before_it(kiosk, hall, plan):
    touch_a_matter(kiosk)
    new = msgspec.structs.replace(plan.matters[0], code="GA-9", name="居住证办理", area="住房保障")
    hall.change_matters([*plan.matters, new])
    kiosk.wait_for_timeout(2500)
    expect(kiosk.locator("#sheet h2")).to_be_visible()  # somebody reads
    kiosk.locator("#home").click()
    hall.change_matters([*plan.matters, msgspec.structs.replace(new, name="居住证签注")])
    touch_a_matter(kiosk, "住房保障", "GA-9")
    expect(kiosk.locator("#sheet h2")).to_have_text("居住证签注")


# --- complaints ---


def test_feedback_looks_as_the_kiosk_does_and_leaves_only_for_pages_that_are_there(browser):
    kiosk = browser.new_page()
    kiosk.clock.install()
    kiosk.goto("/kiosk")
    kiosk.locator("[data-mode=elder]").click()
    kiosk.route("**/feedback?*", lambda route: route.abort())
    kiosk.locator("#feedback").click()
    expect(kiosk.locator("#trouble")).to_contain_text("连接中断")
    kiosk.unroute("**/feedback?*")
    kiosk.locator("#feedback").click()
    expect(kiosk.locator("h1")).to_contain_text("投诉")
    expect(kiosk.locator("html")).to_have_attribute("data-elder", "")
    kiosk.route("**/kiosk", lambda route: route.abort())
    kiosk.route("**/healthz", lambda route: route.abort())
    kiosk.locator("button[type=submit]").click()
    expect(kiosk.locator("#connection")).to_be_visible()
    kiosk.clock.fast_forward(61_000)
    kiosk.wait_for_timeout(300)
    assert "/feedback" in kiosk.url
    kiosk.unroute("**/kiosk")
    kiosk.clock.fast_forward(6_000)
    expect(kiosk.locator("#areas")).to_be_visible()


# --- troubles ---


def test_a_printer_without_paper_does_not_keep_the_number_from_the_citizen(kiosk, rooms):
    number = take(kiosk)
    rooms.journal.note(rooms.journal.next_queued().id, "paper_out")
    expect(kiosk.locator("#paper")).to_contain_text(f"请记住 {number}")
    expect(kiosk.locator("#paper-why")).to_contain_text("纸")


def test_a_paper_nobody_is_sure_of_can_be_printed_again(kiosk, rooms):
    take(kiosk)
    job = rooms.journal.next_queued()
    rooms.journal.begin(job.id, b"paper", "printer")
    rooms.journal.end(job.id, PaperState.UNKNOWN)
    kiosk.locator("#reprint").click()
    expect(kiosk.locator("#paper")).to_contain_text("正在打印")
    assert rooms.journal.next_queued().reprint


def test_a_closed_line_is_shown_and_says_when_it_opens(kiosk):
    kiosk.locator('button[data-area="社会事务"]').click()
    kiosk.locator(f'{NOW} button[data-matter="YH-1"]').click()
    shut = kiosk.locator("#sheet .shut")
    expect(shut).to_contain_text("现在不能取号")
    expect(shut).to_contain_text("14:00 开始取号")
    expect(kiosk.locator("[data-take]").first).to_be_hidden()
    kiosk.locator("#back").click()
    expect(kiosk.locator('#matters button[data-matter="YH-1"]')).to_contain_text("14:00 开始取号")


def test_a_full_line_says_so_as_soon_as_it_is_full(kiosk, hall):
    touch_a_matter(kiosk, "公积金服务", "GJJ-1")
    expect(kiosk.locator(f'{NOW} [data-take="ordinary"]')).to_be_visible()
    hall.issue("GJJ-1")
    hall.issue("GJJ-1")
    expect(kiosk.locator("#sheet .shut")).to_contain_text("今天的号已经取完")
    expect(kiosk.locator("[data-take]").first).to_be_hidden()


def test_a_ticket_refused_is_told_in_words(kiosk, hall):
    kiosk.route("**/api/v1/queue", lambda route: route.abort())  # it does not hear that the line is full
    kiosk.evaluate("window.stop()")
    touch_a_matter(kiosk, "公积金服务", "GJJ-1")
    take_it = kiosk.locator(f'{NOW} [data-take="ordinary"]')
    hall.issue("GJJ-1")
    hall.issue("GJJ-1")
    take_it.evaluate("button => { button.hidden = false; button.click(); }")
    expect(kiosk.locator("#trouble")).to_contain_text("今天的号已取完")


# --- idle ---


def test_a_kiosk_left_alone_asks_counts_down_and_is_the_next_persons(browser):
    kiosk = browser.new_page()
    kiosk.clock.install()
    kiosk.goto("/kiosk")
    touch_a_matter(kiosk)
    kiosk.locator("#language").click()
    kiosk.clock.fast_forward(31_000)
    expect(kiosk.locator("#still-there")).to_contain_text("Are you still there?")
    kiosk.locator("#i-am-here").click()
    expect(kiosk.locator("#sheet")).to_be_visible()
    kiosk.clock.fast_forward(31_000)
    expect(kiosk.locator("#still-there")).to_be_visible()
    kiosk.clock.run_for(16_000)
    expect(kiosk.locator("#areas")).to_be_visible()
    expect(kiosk.locator("#still-there")).to_be_hidden()
    expect(kiosk.locator("html")).to_have_attribute("data-language", "zh")


@pytest.mark.parametrize("where", ["touch", "key"])
def test_who_is_asked_answers_by_touching_anything(browser, where):
    kiosk = browser.new_page()
    kiosk.clock.install()
    kiosk.goto("/kiosk")
    touch_a_matter(kiosk)
    kiosk.clock.fast_forward(31_000)
    asked = kiosk.locator("#still-there")
    expect(asked).to_be_visible()
    if where == "touch":
        kiosk.mouse.click(540, 40)
    else:
        kiosk.keyboard.press("ArrowDown")  # on the way to a button nothing is answered yet
        expect(asked).to_be_visible()
        kiosk.keyboard.press("x")
    expect(asked).to_be_hidden()
    expect(kiosk.locator("#sheet h2")).to_be_visible()
    kiosk.clock.fast_forward(31_000)
    kiosk.locator("#finish").focus()
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#areas")).to_be_visible()


# --- the hall at large ---


def test_a_long_outage_does_not_tell_one_persons_number_to_the_next(browser):
    browser.add_init_script(
        "delete globalThis.SharedWorker; delete globalThis.BroadcastChannel;"
        "const Real = EventSource; globalThis.EventSource = class extends Real {"
        "  constructor(url) { super(url); globalThis.source = this; } };"
    )
    kiosk = browser.new_page()
    kiosk.goto("/kiosk")
    expect(kiosk.locator("html")).to_have_attribute("data-live", "on")
    number = take(kiosk)
    kiosk.evaluate("source.close(); source.dispatchEvent(new Event('error')); source.onopen = null")
    kiosk.route("**/api/v1/**", lambda route: route.abort())
    expect(kiosk.locator("#away")).to_contain_text(number)
    kiosk.locator("#done").evaluate("button => button.click()")
    expect(kiosk.locator("#away")).to_be_visible()
    expect(kiosk.locator("#away")).not_to_contain_text(number)


def test_a_closed_hall_has_a_screen_that_says_when_and_goes_away_by_itself(browser, hall, clock, rooms):
    clock.pass_min(9 * 60)  # 18:30
    kiosk = browser.new_page()
    kiosk.goto("/kiosk")
    closed = kiosk.locator('[data-view="closed"]')
    expect(closed).to_contain_text("现在不取号")
    expect(closed).to_contain_text("08:30 开始取号")
    closed.get_by_text("查看办事指南").click()  # no dead end: what to bring can be read
    touch_a_matter(kiosk)
    expect(kiosk.locator("#sheet .shut")).to_contain_text("现在不能取号")
    kiosk.locator("#home").click()
    expect(closed).to_be_visible()
    clock.pass_min(15 * 60)  # the next morning
    hall.tick()
    expect(kiosk.locator("#areas")).to_be_visible()


def test_what_to_bring_is_printed_and_the_screen_follows_the_paper(kiosk, rooms):
    touch_a_matter(kiosk)
    with kiosk.expect_response("**/notice"):  # the screen says that it prints before the daemon does
        kiosk.locator("#print-notice").evaluate("button => { button.hidden = false; button.click(); }")
    expect(kiosk.locator("#notice-state")).to_contain_text("正在打印告知单")
    job = until(rooms.journal.next_queued, what="the hall has it")  # the screen says so a moment before
    rooms.journal.begin(job.id, b"paper", "printer")
    rooms.journal.end(job.id, PaperState.PRINTED)
    expect(kiosk.locator("#notice-state")).to_contain_text("请取走告知单")


def test_the_fate_of_a_paper_is_not_told_on_another_matters_page(kiosk):
    asked = []
    kiosk.on("request", lambda request: asked.append(request.url) if "/papers/" in request.url else None)
    touch_a_matter(kiosk)
    kiosk.locator("#print-notice").evaluate("button => { button.hidden = false; button.click(); }")
    expect(kiosk.locator("#notice-state")).to_contain_text("正在打印告知单")
    kiosk.locator("#home").click()
    touch_a_matter(kiosk, code="GA-2")
    kiosk.wait_for_timeout(1500)
    before = len(asked)
    kiosk.wait_for_timeout(1500)
    assert len(asked) == before
    expect(kiosk.locator("#notice-state")).to_be_hidden()


def test_without_a_printer_it_says_so_before_anybody_takes_a_number(kiosk):
    expect(kiosk.locator("#no-paper")).to_contain_text("请记住号码")
    touch_a_matter(kiosk)
    expect(kiosk.locator("#print-notice")).to_be_hidden()
