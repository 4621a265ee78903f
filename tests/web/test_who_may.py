"""Every page and every verb, tried by everybody: docs/who-may-do-what.md is what this test holds true.

A route that is not in the table fails here, and so does a row that is no route.
"""

import re
from pathlib import Path

import pytest

from kioskd.staff.roles import SCREENS, STAFF
from kioskd.staff.tokens import add_device_token, add_token

PAGE = Path(__file__).parents[2] / "docs/who-may-do-what.md"
PAGE_HEADERS = {"Origin": "http://localhost", "X-Kioskd": "page"}
COLUMNS = ("anyone", *SCREENS, *STAFF)
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.9"}
REFUSED = (401, 403)
FETCHED = ("/speech",)
"""What no person opens, but a page that has been opened."""
FILLED = {
    "matter": "GA-1",
    "ticket": "1", "window": "1", "number": "1", "appointment": "1", "document": "1", "name": "x",
    "line": "x", "code": "GA-1", "page": "x", "token": "x", "index": "0", "what": "plug",
    "case": "1", "event": "1", "step": "note",
}  # fmt: skip


def rows():
    """The rows of the page's tables: method, path, who may, and in the API's the scope."""
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if found := re.fullmatch(r"`(GET|POST|DELETE|PUT|PATCH) (\S+)`", cells[0]):
            assert len(cells) - 1 - len(COLUMNS) == found[2].startswith("/api/"), line
            may = {who for who, cell in zip(COLUMNS, cells[1:], strict=False) if cell}
            yield found[1], found[2], may, cells[-1]


def table():
    """The same as (method, path) → who may."""
    return {(method, path): may for method, path, may, _ in rows()}


def routes(app):
    """Every route of the app, as the page writes it: (method, path)."""
    return {
        (method, re.sub(r"<(?:[^<>:]+(?:\([^()]*\))?:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def filled(path):
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "1"), path)


@pytest.fixture
def try_it(app, store, sign_in):
    """Try a route as somebody; whether they were let in."""

    def browser_of(who, near):
        browser = app.test_client()
        if who in STAFF:
            browser.set_cookie("kioskd-session", sign_in(who))
        elif who in SCREENS and near:
            browser.get("/kiosk" if who == "kiosk" else "/board")
        elif who in SCREENS:
            browser.set_cookie("kioskd-device", add_device_token(store, f"far-{who}", who))
        return browser

    browsers = {}

    def try_it(who, method, path, *, near=True, tls=False):
        key = (who, near)
        if key not in browsers or not path.startswith("/api/"):  # a page may set cookies, or take them away
            browsers[key] = browser_of(who, near)
        browser = browsers[key]
        origin = "https://localhost" if tls else "http://localhost"
        answer = browser.open(
            filled(path),
            method=method,
            json={} if method != "GET" and path.startswith("/api/") else None,
            headers={**PAGE_HEADERS, "Origin": origin},
            base_url=origin,
            environ_overrides={} if near else ELSEWHERE,
        )
        if not path.startswith("/api/"):
            del browsers[key]
        answer.close()
        assert answer.status_code not in (405, 500), (who, method, path, answer.status_code)
        sent_to_the_door = answer.location is not None and answer.location.startswith("/sign-in?")
        return answer.status_code not in REFUSED and not sent_to_the_door

    return try_it


@pytest.fixture
def hall_without_limits(app):
    """So many tries at once are no rush of citizens."""
    app.extensions["kioskd"].doors.limits.paper = lambda caller: None
    app.extensions["kioskd"].doors.limits.phone = lambda key: None


def test_the_table_has_every_route_and_no_other(app):
    missing = routes(app) - set(table())
    too_many = set(table()) - routes(app)
    assert not missing, f"write these rows into docs/who-may-do-what.md: {sorted(missing)}"
    assert not too_many, f"no such routes; take these rows out of docs/who-may-do-what.md: {sorted(too_many)}"


def here(path, may):
    """Who may on the kiosk computer itself: there the pages of its screens open to whoever is before it."""
    is_screens_page = not path.startswith("/api/") and path not in FETCHED and {*SCREENS} & may
    return set(COLUMNS) if is_screens_page else may


@pytest.mark.parametrize("who", COLUMNS)
def test_on_the_kiosk_computer(try_it, who, hall_without_limits):
    let_in = {route for route in table() if try_it(who, *route)}
    assert let_in == {route for route, may in table().items() if who in here(route[1], may)}


@pytest.mark.parametrize("who", COLUMNS)
def test_from_another_machine_over_tls(try_it, who, hall_without_limits):
    let_in = {route for route in table() if try_it(who, *route, near=False, tls=True)}
    assert let_in == {route for route, may in table().items() if who in may}


@pytest.mark.parametrize("who", COLUMNS)
def test_from_another_machine_in_clear(try_it, who, hall_without_limits):
    """Screens by their token, but nobody signs in, and nobody who did elsewhere is let in."""
    let_in = {route for route in table() if try_it(who, *route, near=False)}
    as_whom = who if who in SCREENS else "anyone"
    doors = {("GET", "/sign-in"), ("POST", "/sign-in")}
    assert let_in == {route for route, may in table().items() if as_whom in may} - doors


def test_a_program_needs_the_scope_that_the_table_names(app, store, hall_without_limits):
    """That one is enough, and no other is."""
    wanted = {(method, path): scope for method, path, _, scope in rows() if path.startswith("/api/")}
    tokens = {scope: add_token(store, scope, [scope]) for scope in {*wanted.values()} - {"—"}}
    client = app.test_client()
    for (method, path), scope in wanted.items():
        for name, token in tokens.items():
            answer = client.open(
                filled(path),
                method=method,
                json=None if method == "GET" else {},
                headers={"Authorization": f"Bearer {token}"},
            )
            answer.close()
            assert (answer.status_code not in REFUSED) == (scope in (name, "—")), (method, path, name)
