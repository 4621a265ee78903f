"""The kiosk for older eyes, a wheelchair, by ear and by keyboard: every screen measured in a real browser."""

import urllib.parse

import msgspec
import pytest
from playwright.sync_api import expect

from kioskd.hall.matter import Material
from tests.web.at_the_kiosk import NOW, take, touch_a_matter
from tests.web.conftest import PATIENCE_MS
from tests.web.measures import controls, cut_off, focus, lettering, too_faint, too_small

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

expect.set_options(timeout=PATIENCE_MS)

PORTRAIT, LANDSCAPE = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}


@pytest.fixture
def kiosk(open_page):
    page = open_page("/kiosk")
    expect(page.locator("#areas")).to_be_visible()
    return page


def on_each_screen(kiosk):
    """Walk a citizen's way and stop at every screen; the name of each."""
    yield "home"
    kiosk.locator("[data-go=departments]").click()
    yield "departments"
    kiosk.locator("#home").click()
    kiosk.locator("[data-go=search]").click()
    for key in "gong":
        kiosk.locator(f'[data-key="{key}"]').click()
    expect(kiosk.locator("#found button").first).to_be_visible()
    expect(kiosk.locator("[data-character]").first).to_be_visible()
    yield "search"
    kiosk.locator("#home").click()
    kiosk.locator('button[data-area="社会事务"]').click()
    kiosk.locator(f"{NOW} button[data-matter]").click()
    expect(kiosk.locator("#sheet .shut")).to_be_visible()
    yield "a closed line"
    kiosk.locator("#home").click()
    kiosk.locator('button[data-area="公安服务"]').click()
    yield "list"
    kiosk.locator(f'{NOW} button[data-matter="GA-1"]').click()
    expect(kiosk.locator("#sheet .open")).to_be_visible()
    yield "matter"
    kiosk.locator(f'{NOW} [data-take="ordinary"]').click()
    expect(kiosk.locator("#number")).to_have_text("A001")
    yield "number"


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_is_large_enough_to_touch_and_to_read(kiosk, size, language):
    kiosk.set_viewport_size(size)
    if language == "en":
        kiosk.locator("#language").click()
    for screen in on_each_screen(kiosk):
        assert not too_small(kiosk, touch_px=60, type_px=24), screen
        assert not too_faint(kiosk, contrast=4.5), screen
        assert not cut_off(kiosk, NOW), screen
        beyond = [box for box in controls(kiosk) if box.y + box.height > size["height"] or box.y < 0]
        assert not beyond, screen


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_for_older_eyes_it_is_larger_and_stronger(kiosk, size, language):
    kiosk.set_viewport_size(size)
    kiosk.locator("[data-mode=elder]").click()
    if language == "en":
        kiosk.locator("#language").click()
    for screen in on_each_screen(kiosk):
        assert not too_small(kiosk, touch_px=60, type_px=30), screen
        assert not too_faint(kiosk, contrast=7), screen
        beyond = [box for box in controls(kiosk) if box.y + box.height > size["height"] or box.y < 0]
        assert not beyond, screen


def test_high_contrast_is_at_least_seven_to_one(kiosk):
    kiosk.locator("[data-mode=contrast]").click()
    for screen in on_each_screen(kiosk):
        assert not too_faint(kiosk, contrast=7), screen


@pytest.mark.parametrize("elder", [False, True])
def test_low_every_control_is_in_the_lower_half(kiosk, elder):
    kiosk.set_viewport_size(PORTRAIT)
    kiosk.locator("[data-mode=low]").click()
    if elder:
        kiosk.locator("[data-mode=elder]").click()
    for screen in on_each_screen(kiosk):
        wrong = [box for box in controls(kiosk) if box.y < 960 or box.y + box.height > 1920]
        assert not wrong, screen
        assert not too_small(kiosk, touch_px=60, type_px=30 if elder else 24), screen


def test_by_keyboard_alone_with_the_focus_always_seen(kiosk, hall):
    def press_to(selector, key="Tab", most=40):
        for _ in range(most):
            kiosk.keyboard.press(key)
            what, ring_px = focus(kiosk)
            if kiosk.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert ring_px >= 3, what
                return
            assert ring_px >= 3 or what == "", what
        pytest.fail(f"{selector} cannot be reached")

    press_to('button[data-area="公安服务"]')
    kiosk.keyboard.press("ArrowDown")
    assert focus(kiosk)[0] != "公安服务"
    press_to('button[data-area="公安服务"]', "Shift+Tab")
    kiosk.keyboard.press("Enter")
    press_to('button[data-matter="GA-1"]')
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#sheet h2")).to_be_visible()
    press_to('[data-take="ordinary"]')
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#number")).to_have_text("A001")
    press_to("#done")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#areas")).to_be_visible()
    press_to('[data-go="search"]')
    kiosk.keyboard.press("Enter")
    kiosk.keyboard.type("gjj")
    expect(kiosk.locator("#found button")).to_have_text(["公积金提取"])
    kiosk.keyboard.press("Escape")
    expect(kiosk.locator("#areas")).to_be_visible()
    assert len(hall.queue().waiting) == 1


def test_voice_speaks_what_is_focused_and_what_is_touched(kiosk):
    asked = []

    def hear(route):
        asked.append(urllib.parse.parse_qs(urllib.parse.urlsplit(route.request.url).query))
        route.fulfill(status=404)

    kiosk.route("**/speech?*", hear)
    kiosk.locator('button[data-area="公安服务"]').focus()
    kiosk.wait_for_timeout(300)
    assert not asked  # nobody asked for a voice
    kiosk.locator("[data-mode=voice]").click()
    kiosk.wait_for_timeout(300)
    assert any("请选择要办理的业务" in one["text"][0] for one in asked)
    for button in kiosk.locator(f"{NOW} button:visible, .modes button").all():
        button.focus()
        said = button.get_attribute("aria-label") or " ".join(button.inner_text().split())
        kiosk.wait_for_timeout(300)  # it speaks where the focus rests
        assert asked[-1]["text"] == [said]
        assert asked[-1]["language"] == ["zh"]
    kiosk.locator("#language").click()
    kiosk.locator('button[data-area="公安服务"]').focus()
    kiosk.wait_for_timeout(300)
    assert asked[-1]["language"] == ["en"]
    assert asked[-1]["text"][0].startswith("Police")


@pytest.fixture
def heard(kiosk):
    """What the kiosk asks to be said, each time with its language; no sound is to be had."""
    asked = []

    def hear(route):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(route.request.url).query)
        asked.append((query["language"][0], query["text"][0]))
        route.fulfill(status=503)

    kiosk.route("**/speech?*", hear)
    return asked


def test_the_number_is_said_with_the_place_and_the_paper(kiosk, heard):
    kiosk.locator("[data-mode=voice]").click()
    number = take(kiosk)
    kiosk.wait_for_timeout(300)
    said = heard[-1][1]
    for shown in (number, "您的号码", kiosk.locator("#place").inner_text(), "打印"):
        assert shown in said


def test_a_refusal_is_said(kiosk, heard):
    kiosk.locator("[data-mode=voice]").click()
    kiosk.route("**/api/v1/tickets", lambda route: route.abort())
    touch_a_matter(kiosk)
    kiosk.locator(f'{NOW} [data-take="ordinary"]').click()
    expect(kiosk.locator("#trouble")).to_be_visible()
    kiosk.wait_for_timeout(300)
    assert heard[-1] == ("zh", kiosk.locator("#trouble").inner_text())


def test_a_sound_that_was_refused_is_asked_for_again(kiosk, heard):
    kiosk.locator("[data-mode=voice]").click()
    heading = kiosk.locator("#home-view h2")
    heading.dispatch_event("pointerdown")
    kiosk.wait_for_timeout(300)
    before = len(heard)
    heading.dispatch_event("pointerdown")
    kiosk.wait_for_timeout(300)
    assert len(heard) == before + 1


def test_what_is_there_in_chinese_alone_is_said_in_chinese(kiosk, heard):
    kiosk.locator("[data-mode=voice]").click()
    kiosk.locator("#language").click()
    kiosk.locator("[data-go=departments]").click()
    kiosk.locator("[data-department]").first.focus()
    kiosk.wait_for_timeout(300)
    language, said = heard[-1]
    assert (language, said[:3]) == ("zh", "派出所")


def test_in_english_labels_and_copies_are_english(kiosk, hall, plan):
    row = Material(name="身份证复印件", copies=2)
    hall.change_matters([msgspec.structs.replace(plan.matters[0], materials=(row,)), *plan.matters[1:]])
    kiosk.locator("#language").click()
    for part in ("#letters", "#characters", ".modes"):
        assert kiosk.locator(part).get_attribute("aria-label").isascii(), part
    touch_a_matter(kiosk)
    assert kiosk.locator(".checklist small").inner_text() == "2 copies"
    assert kiosk.locator(".bring img").get_attribute("alt").isascii()


def test_motion_stops_for_whoever_wants_none(kiosk):
    kiosk.emulate_media(reduced_motion="reduce")
    moving = kiosk.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length")
    assert moving == 0


def test_no_way_leads_to_the_staff(kiosk):
    for _ in on_each_screen(kiosk):
        assert kiosk.locator("a[href], form, iframe").count() == 0
    assert len(lettering(kiosk)) > 5
