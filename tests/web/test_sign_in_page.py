"""The door for staff, as a browser sees it."""

import re
from datetime import timedelta

import pytest

from kioskd.staff import accounts, audit
from kioskd.staff.accounts import add_account
from kioskd.staff.tokens import add_device_token, add_token, remove_token

PIN, PASSWORD = "305917", "green bamboo 8"
OURS = {"Origin": "http://localhost"}
PAGE = {"X-Kioskd": "page", **OURS}
FORM = {"name": "li", "secret": PIN}
ELSEWHERE = {"environ_overrides": {"REMOTE_ADDR": "192.168.1.9"}}


@pytest.fixture
def li(store, hall, monkeypatch):
    """The hall has run once; a clerk got an account."""
    monkeypatch.setattr("kioskd.staff.hashing.N", 2**4)
    return add_account(store, "li", ["clerk"], PIN, by="tests", display_name="李丽", clerk="c1")


@pytest.fixture
def door(app):
    """A browser before the sign-in page; call it to fill the form in and send it."""
    browser = app.test_client()

    def send(name, secret, to="", headers=OURS, seal=None, **more):
        page = browser.get(f"/sign-in?to={to}", **more)
        found = re.search(r'name="seal" value="([^"]+)"', page.text)
        form = {"name": name, "secret": secret, "to": to, "seal": found[1] if seal is None else seal}
        return browser.post("/sign-in", data=form, headers=headers, **more)

    send.browser = browser
    return send


def test_a_hall_without_an_account_says_how_to_make_the_first(app):
    page = app.test_client().get("/sign-in")
    assert "kioskd user add admin --role supervisor" in page.text
    assert "kioskd user add li --role clerk --clerk c01" in page.text
    assert "--state " in page.text  # not the usual place: the command must name it
    assert 'id="secret"' not in page.text


def test_a_clerk_wants_her_page_signs_in_and_gets_it(app, door, li):
    sent_away = door.browser.get("/clerk?window=2")
    assert (sent_away.status_code, sent_away.location) == (303, "/sign-in?to=/clerk%3Fwindow%3D2")
    answer = door("li", PIN, "/clerk?window=2")
    assert (answer.status_code, answer.location) == (303, "/clerk?window=2")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie  # plain HTTP, on this computer
    assert door.browser.get("/clerk").status_code == 200
    me = door.browser.get("/api/v1/me").json
    assert (me["name"], me["account"], me["roles"], me["clerk"]) == ("clerk:li", "li", ["clerk"], "c1")
    assert (me["clerk_name"], me["window"]) == ("甲", None)


def test_a_clerk_begins_to_work_under_her_own_name_only(door, li, hall):
    door("li", PIN)
    page = {"X-Kioskd": "page", **OURS}
    taken = door.browser.post("/api/v1/windows/1/sign-in", json={"clerk": "c2"}, headers=page)
    assert (taken.status_code, taken.json["code"]) == (403, "not_your_name")
    own = door.browser.post("/api/v1/windows/1/sign-in", json={}, headers=page)
    assert (own.status_code, own.json["clerk"]) == (200, "c1")
    assert hall.events(0, 100)[-1].by == "clerk:li"
    assert door.browser.get("/api/v1/me").json["window"] == 1


def test_a_supervisor_may_name_another(page, hall):
    boss = page("/desk")
    answer = boss.post(
        "/api/v1/windows/1/sign-in", json={"clerk": "c2"}, headers={"X-Kioskd": "page", **OURS}
    )
    assert answer.json["clerk"] == "c2"
    assert hall.events(0, 100)[-1].by == "supervisor:boss"


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "http:/x",
        "x",
    ],
)
def test_nobody_is_sent_to_another_site(door, li, to):
    answer = door("li", PIN, to)
    assert answer.status_code == 303
    assert answer.location == "/clerk"


def test_five_wrong_pins_lock_and_the_page_says_what_to_do(door, li, clock, store):
    for _ in range(5):
        answer = door("li", "000001")
        assert answer.status_code == 401
        assert "不符" in answer.text
        assert "000001" not in answer.text
        clock.time += timedelta(seconds=9)
    locked = door("li", PIN)
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "891")
    assert "kioskd user enable" in locked.text
    assert "Set-Cookie" not in locked.headers or "kioskd-session" not in locked.headers["Set-Cookie"]
    accounts.enable(store, "li", by="tests")
    assert door("li", PIN).status_code == 303


def test_signing_out_ends_it(door, li, store):
    door("li", PIN)
    assert door.browser.post("/sign-out", headers={"Origin": "http://evil.example"}).status_code == 403
    assert door.browser.get("/clerk").status_code == 200
    kept = door.browser.get_cookie("kioskd-session").value
    assert door.browser.post("/sign-out", headers=OURS).location == "/sign-in"
    door.browser.set_cookie("kioskd-session", kept)  # who copied the cookie gets nothing for it
    assert door.browser.get("/clerk").status_code == 303
    assert door.browser.get("/api/v1/queue").status_code == 401
    assert [note.action for note in audit.notes(store)][-1] == "signed_out"


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
def test_another_sites_form_signs_nobody_in(door, li, headers):
    assert door("li", PIN, headers=headers).status_code == 403


@pytest.mark.parametrize("seal", ["", "guessed", "猜"])
def test_a_form_that_our_page_did_not_write_signs_nobody_in(door, li, seal):
    answer = door("li", PIN, seal=seal)
    assert answer.status_code == 200
    assert "再输入一次" in answer.text
    assert door.browser.get("/clerk").status_code == 303


def test_hostile_names_show_as_text(door, li):
    answer = door('"><script>alert(1)</script>', "x" * 150)
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text


def test_who_has_no_business_there_is_told_so(door, li):
    door("li", PIN)
    answer = door.browser.get("/tech")
    assert answer.status_code == 403
    assert "李丽" in answer.text


# --- from another machine ---


def test_no_pin_travels_in_clear(door, app, li):
    answer = app.test_client().get("/sign-in", **ELSEWHERE)
    assert answer.status_code == 403
    assert "certificate" in answer.text
    refused = app.test_client().post("/sign-in", data=FORM, headers=OURS, **ELSEWHERE)
    assert refused.status_code == 403


def test_a_session_is_worth_nothing_in_clear_elsewhere(door, li):
    door("li", PIN)
    assert door.browser.get("/clerk", **ELSEWHERE).status_code == 403
    assert door.browser.get("/api/v1/queue", **ELSEWHERE).status_code == 401


def test_a_cookie_that_came_over_tls_goes_over_tls_only(door, li):
    more = {"base_url": "https://localhost", **ELSEWHERE}
    answer = door("li", PIN, headers={"Origin": "https://localhost"}, **more)
    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"]
    assert door.browser.get("/clerk", **more).status_code == 200


def test_a_screen_elsewhere_is_introduced_once(app, store):
    tv = app.test_client()
    assert "kioskd token add" in tv.get("/board", **ELSEWHERE).text
    token = add_device_token(store, "tv-2", "display")
    introduced = tv.get(f"/board?device={token}&big=1", **ELSEWHERE)
    assert (introduced.status_code, introduced.location) == (303, "/board?big=1")
    assert tv.get("/board", **ELSEWHERE).status_code == 200
    assert tv.get("/api/v1/queue", **ELSEWHERE).status_code == 200
    assert tv.get("/kiosk", **ELSEWHERE).status_code == 403
    taken = tv.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE, **ELSEWHERE)
    assert taken.status_code == 403
    remove_token(store, "tv-2")
    assert tv.get("/board", **ELSEWHERE).status_code == 403
    assert tv.get("/api/v1/queue", **ELSEWHERE).status_code == 401


def test_a_kiosk_elsewhere_takes_tickets_under_its_own_name(app, store, hall):
    kiosk = app.test_client()
    kiosk.get(f"/kiosk?device={add_device_token(store, 'kiosk-2', 'kiosk')}", **ELSEWHERE)
    page = {"X-Kioskd": "page", **OURS}
    assert (
        kiosk.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=page, **ELSEWHERE).status_code == 201
    )
    assert "device:kiosk-2" in {event.by for event in hall.events(0, 100)}


def test_a_programs_token_is_no_screen(app, store):
    token = add_token(store, "uplink", ["all"])
    assert app.test_client().get(f"/board?device={token}", **ELSEWHERE).status_code == 403
    browser = app.test_client()
    browser.set_cookie("kioskd-device", token)
    assert browser.get("/api/v1/queue", **ELSEWHERE).status_code == 401
