"""Bad input gets a problem document with a clear title and the right status, and leaves no trace."""

import contextlib
import http.client
import json
from urllib.parse import urlsplit

import pytest

from kioskd.hall.schema import STATE_TABLES
from kioskd.hall.store import StoreFailed


@pytest.fixture
def everything(store):
    """All that is in the store."""

    def read():
        with store.read() as snapshot:
            tables = ("events", "api_tokens", *STATE_TABLES)
            return {table: [tuple(row) for row in snapshot.all(f"SELECT * FROM {table}")] for table in tables}

    return read


def is_problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document = answer.json
    assert (document["status"], document["code"]) == (status, code)
    assert document["title"]
    assert document["detail"]
    assert document["title_zh"]
    assert document["type"] == f"/problems#{code}"
    return document


REFUSED = [
    ("tickets", {"matter": "NO-1"}, 422, "unknown_matter"),
    ("tickets", {}, 422, "wrong_fields"),
    ("tickets", {"matter": "GA-1", "priority": "vip"}, 422, "wrong_fields"),
    ("tickets", {"matter": 7}, 422, "wrong_fields"),
    ("tickets", {"mater": "GA-1"}, 422, "wrong_fields"),
    ("tickets", ["GA-1"], 422, "wrong_fields"),
    ("tickets", {"matter": "YH-1"}, 409, "line_closed"),
    ("tickets/99/cancel", {}, 404, "unknown_ticket"),
    ("tickets/9999999999999999999999/cancel", {}, 404, "not_found"),
    ("windows/77/call-next", {}, 404, "unknown_window"),
    ("windows/1/call-next", {}, 409, "window_not_open"),
    ("windows/1/finish", {}, 409, "nobody_here"),
    ("windows/1/call", {}, 422, "wrong_fields"),
    ("windows/1/call", {"ticket": 10**30}, 422, "wrong_fields"),
    ("windows/1/transfer", {}, 422, "wrong_fields"),
    ("windows/1/transfer", {"line": "fund", "window": 2}, 422, "wrong_fields"),
    ("windows/1/sign-in", {"clerk": "nobody"}, 422, "unknown_clerk"),
    ("windows/1/dance", {}, 404, "not_found"),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), REFUSED)
def test_refused_and_nothing_changed(client, everything, path, body, status, code):
    before = everything()
    is_problem(client.post(path, body), status, code)
    assert everything() == before


def test_calling_a_ticket_that_is_not_there(client, everything):
    client.post("windows/1/open")
    before = everything()
    is_problem(client.post("windows/1/call", {"ticket": 12345}), 404, "unknown_ticket")
    assert everything() == before


def test_a_full_line_is_a_conflict(client, everything):
    client.take("GJJ-1")
    client.take("GJJ-1")
    before = everything()
    is_problem(client.post("tickets", {"matter": "GJJ-1"}), 409, "line_full")
    assert everything() == before


def test_after_closing_no_ticket_is_given(client, clock):
    clock.pass_min(9 * 60)
    is_problem(client.post("tickets", {"matter": "GA-1"}), 409, "line_closed")


def test_wrong_fields_are_all_named_with_the_nearest_right_name(client):
    answer = client.post("tickets", {"mattre": "GA-1", "priority": "prioritty"})
    mistakes = {one["key"]: one for one in is_problem(answer, 422, "wrong_fields")["mistakes"]}
    assert mistakes["mattre"]["hint"] == "did you mean 'matter'?"
    assert mistakes["priority"]["hint"] == "did you mean 'priority'?"
    assert mistakes["matter"]["problem"] == "is missing"


def test_an_unknown_query_field_is_named(client):
    mistakes = is_problem(client.get("matters?query=x"), 422, "wrong_fields")["mistakes"]
    assert mistakes[0]["key"] == "query"


@pytest.mark.parametrize("text", [b"{", b'{"matter": }', b"\xff\xfe", b"[" * 30_000, b'{"matter": "GA-1"} x'])
def test_what_is_not_json_is_told(client, text, everything):
    before = everything()
    answer = client.http.post(
        "/api/v1/tickets", data=text, content_type="application/json", headers=client.headers
    )
    is_problem(answer, 400, "not_json")
    assert everything() == before


def test_a_body_must_say_that_it_is_json(client):
    answer = client.http.post(
        "/api/v1/tickets", data=b'{"matter": "GA-1"}', content_type="text/plain", headers=client.headers
    )
    is_problem(answer, 415, "not_json_type")


def test_a_huge_body_is_not_read(client):
    is_problem(client.post("tickets", {"matter": "x" * 70_000}), 413, "too_large")


def test_a_key_used_for_another_request_is_refused(client):
    key = {"Idempotency-Key": "touch-1"}
    client.post("tickets", {"matter": "GA-1"}, **key)
    is_problem(client.post("tickets", {"matter": "GA-2"}, **key), 422, "key_reused")


@pytest.mark.parametrize("key", ["", "x" * 300])
def test_a_key_has_a_sensible_length(client, key):
    answer = client.post("tickets", {"matter": "GA-1"}, **{"Idempotency-Key": key})
    is_problem(answer, 422, "wrong_fields")


def test_a_wrong_method_names_the_right_ones(client):
    answer = client.http.delete("/api/v1/tickets", headers=client.headers)
    is_problem(answer, 405, "wrong_method")
    assert "POST" in answer.headers["Allow"]


def test_a_store_that_fails_is_told_and_healthz_says_so(app, client, hall, monkeypatch):
    def full(*_):
        raise StoreFailed("hall.db: disk I/O error")

    monkeypatch.setattr(hall.store, "last_event", full)
    assert app.test_client().get("/healthz").status_code == 503
    monkeypatch.setattr(hall, "queue", full)
    is_problem(client.get("queue"), 503, "store_failed")


def test_people_get_a_page_instead_of_a_document(app):
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "没有这个地址" in answer.text


def test_every_code_is_explained_on_the_problems_page(app, client):
    listed = app.test_client().get("/problems").text
    code = client.post("tickets", {"matter": "NO-1"}).json["code"]
    assert f'id="{code}"' in listed
    assert 'id="not_json"' in listed


@pytest.mark.parametrize("size", [100_000, 20_000_000])
def test_a_huge_body_over_the_wire_gets_its_answer(site, size):
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    connection.putrequest("POST", "/api/v1/tickets")
    connection.putheader("Authorization", f"Bearer {site.token}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    with contextlib.suppress(OSError):  # the server need not read it all
        connection.send(b"x" * size)
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.load(answer)["code"] == "too_large"


def test_a_body_without_a_length_is_limited_too(site):
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {site.token}", "Content-Type": "application/json"}
    pieces = (b"x" * 10_000 for _ in range(10))
    connection.request("POST", "/api/v1/tickets", body=pieces, headers=headers, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 413
