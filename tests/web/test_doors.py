import http.client
import io
import json
import tracemalloc
from urllib.parse import urlsplit

import pytest

from kioskd.config.tables import WebTable
from kioskd.staff.tokens import add_device_token, add_token, whose

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page"}


def test_nobody_is_let_in_without_a_token(app):
    for method, path in (
        ("get", "queue"),
        ("post", "tickets"),
        ("post", "windows/1/open"),
        ("get", "events"),
    ):
        answer = getattr(app.test_client(), method)(f"/api/v1/{path}")
        assert (answer.status_code, answer.json["code"]) == (401, "no_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer wrong", "Basic dTpw", "Bearer", "nonsense"])
def test_a_wrong_token_is_not_let_in(app, header):
    answer = app.test_client().get("/api/v1/queue", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_wrong_token_is_not_saved_by_a_page_session(page):
    answer = page("/clerk").get("/api/v1/queue", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_a_token_does_what_its_scopes_say(app, store):
    headers = {"Authorization": f"Bearer {add_token(store, 'board', ['read'])}"}
    client = app.test_client()
    assert client.get("/api/v1/queue", headers=headers).status_code == 200
    answer = client.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "no_scope")
    assert 'scope="tickets"' in answer.headers["WWW-Authenticate"]


def test_who_may_not_take_tickets_does_not_learn_a_citizens_own_page(app, store, client):
    ticket = client.take()
    headers = {"Authorization": f"Bearer {add_token(store, 'board', ['read'])}"}
    seen = app.test_client().get(f"/api/v1/tickets/{ticket['id']}", headers=headers).json
    assert (seen["page"], seen["url"]) == (None, None)
    secret = ticket["page"].removeprefix("/t/")
    assert secret not in client.get("queue").text


def test_the_store_keeps_no_token(store):
    token = add_token(store, "uplink", ["read"])
    with store.read() as snapshot:
        row = snapshot.one("SELECT * FROM api_tokens WHERE name = 'uplink'")
    assert token not in map(str, tuple(row))
    assert whose(store, token).caller == "token:uplink"


def test_a_name_has_one_token(store):
    old = add_token(store, "uplink", ["read"])
    new = add_token(store, "uplink", ["all"])
    assert whose(store, old) is None
    assert whose(store, new).scopes == {"all"}


@pytest.mark.parametrize("scopes", [["reed"], []])
def test_a_scope_that_does_not_exist_is_refused(store, scopes):
    with pytest.raises(ValueError, match="scopes are read, tickets"):
        add_token(store, "uplink", scopes)


# --- pages on this computer ---


def test_the_kiosk_page_takes_tickets_and_does_not_call(page):
    kiosk = page("/kiosk")
    assert kiosk.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE).status_code == 201
    answer = kiosk.post("/api/v1/windows/1/open", headers=PAGE)
    assert (answer.status_code, answer.json["code"]) == (403, "no_scope")


def test_the_clerks_page_calls(page, hall):
    clerk = page("/clerk")
    assert clerk.post("/api/v1/windows/1/open", headers=PAGE).status_code == 200
    assert hall.events(0, 1000)[-1].by == "clerk:c1"


def test_the_board_only_looks(page):
    board = page("/board")
    assert board.get("/api/v1/queue").status_code == 200
    assert board.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE).status_code == 403


def test_two_tabs_of_one_browser_keep_their_roles(page):
    browser = page("/clerk")
    browser.get("/board")
    assert browser.post("/api/v1/windows/1/open", headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "http://localhost"}, "no_header"),
        ({"X-Kioskd": "page"}, "foreign_origin"),
        ({"X-Kioskd": "page", "Origin": "http://evil.example"}, "foreign_origin"),
        ({"X-Kioskd": "page", "Origin": "null"}, "foreign_origin"),
        ({"X-Kioskd": "page", "Origin": "http://localhost:9999"}, "foreign_origin"),
    ],
)
def test_another_sites_page_cannot_write_with_our_session(page, headers, code):
    answer = page("/clerk").post("/api/v1/windows/1/open", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, code)


def test_a_session_of_another_process_or_a_forged_one_is_worth_nothing(app):
    browser = app.test_client()
    for value in ("kiosk", "kiosk.AAAA", ""):
        browser.set_cookie("kioskd-kiosk", value)
        assert browser.get("/api/v1/queue").status_code == 401


def test_a_role_cannot_be_carried_to_another_name(page):
    board = page("/board")
    for name in ("kioskd-kiosk", "kioskd-session", "kioskd-device", "kioskd-clerk"):
        board.set_cookie(name, board.get_cookie("kioskd-display").value)
    assert board.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE).status_code == 403
    assert board.post("/api/v1/windows/1/open", headers=PAGE).status_code == 403


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(app):
    cookie = app.test_client().get("/kiosk").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


# --- from elsewhere ---


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.1.2.3", "[::1", "", "localhost@evil"]
)
def test_a_foreign_host_name_is_refused(app, host):
    answer = app.test_client().get("/api/v1/queue", headers={"Host": host})
    assert (answer.status_code, answer.json["code"]) == (400, "foreign_host")


@pytest.mark.parametrize(
    "host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST", "hall.example.org"]
)
def test_our_own_names_are_known(app, host):
    assert app.test_client().get("/matters", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.168.1.9"}},
        {"headers": {"Host": "hall.example.org"}},
        {"headers": {"X-Forwarded-For": "1.2.3.4"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
)
@pytest.mark.parametrize("path", ["/kiosk", "/board", "/clerk", "/tech", "/sign-in"])
def test_screens_and_desks_open_on_this_computer_only(page, path, elsewhere):
    browser = page("/clerk")
    browser.get("/kiosk")
    assert browser.get(path, **elsewhere).status_code == 403
    assert browser.get("/api/v1/queue", **elsewhere).status_code == 401


def test_a_citizens_ticket_opens_from_a_phone(app, client):
    own_page = client.take()["page"]
    answer = app.test_client().get(
        own_page, headers={"Host": "hall.example.org", "X-Forwarded-For": "1.2.3.4"}
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_pages_run_no_scripts_but_our_own(page):
    for path in (
        "/", "/kiosk", "/board", "/clerk", "/windows/1/screen", "/tech", "/matters", "/problems", "/sign-in",
    ):  # fmt: skip
        answer = page(path).get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
        assert "http://" not in answer.text.replace("http://www.w3.org", "")


def test_a_proxy_that_says_nothing_of_itself_gets_no_session(app):
    """nginx's default towards us: HTTP/1.0, our own loopback name, no header that tells of it."""
    answer = app.test_client().get("/kiosk", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/kiosk", "/board", "/clerk", "/tech"])
def test_a_hall_whose_kiosk_is_elsewhere_takes_nobody_here_for_it(rooms, sign_in, request, path):
    """A proxy here that speaks HTTP/1.1 and says nothing of itself looks like the kiosk's browser."""
    rooms.settings = WebTable(kiosk_here=False)
    browser = request.getfixturevalue("app").test_client()
    browser.set_cookie("kioskd-session", sign_in("clerk"))
    answer = browser.get(path)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/metrics").status_code == 401
    assert browser.get("/api/v1/queue").status_code == 401


def test_a_kiosk_elsewhere_comes_with_its_token(rooms, store, request):
    rooms.settings = WebTable(kiosk_here=False)
    token = add_device_token(store, "kiosk-2", "kiosk")
    browser = request.getfixturevalue("app").test_client()
    assert browser.get(f"/kiosk?device={token}", follow_redirects=True).status_code == 200
    assert browser.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE).status_code == 201


def test_a_huge_body_of_a_stranger_is_not_kept(site):
    """Behind a wrong token nobody reads the body: it must not be swallowed whole to be thrown away."""
    address = urlsplit(site.url)
    body_bytes = 64 * 1024 * 1024
    tracemalloc.start()
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.request(
        "POST", "/api/v1/tickets", body=io.BytesIO(bytes(body_bytes)), headers={"Host": "evil.example"}
    )
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["code"]) == (400, "foreign_host")
    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    connection.close()
    assert peak_bytes < 2.5 * body_bytes  # the client's own two copies, and no third
