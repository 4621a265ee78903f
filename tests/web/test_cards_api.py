"""Cards, appointments and contacts over the API: what goes in, what comes out, and what never does."""

import json
import logging

import pytest

from kioskd.devices.kinds import CardProblem, CardRefused
from kioskd.staff.tokens import add_token

WANG, ZHAO = "660102198809204567", "66010219510308001X"


@pytest.fixture
def booked(client):
    """Wang has an appointment at 10:00; it is 09:30."""
    body = {"matter": "GA-1", "at": "2026-03-02T10:00:00+08:00", "certificate_no": WANG, "name": "王样例"}
    answer = client.post("appointments", body)
    assert answer.status_code == 201, answer.text
    return answer.json


# --- appointments ---


def test_an_appointment_is_booked_listed_and_taken_back(client, booked):
    assert booked["masked"] == "王** 660***********4567"
    assert (booked["service_day"], booked["state"], booked["matter_name"]) == (
        "2026-03-02",
        "booked",
        "居民身份证换领",
    )
    assert client.get("appointments").json == {"items": [booked]}
    assert client.get("appointments?day=2026-03-03").json == {"items": []}
    assert client.delete(f"appointments/{booked['id']}").json["masked"] == ""
    assert client.delete(f"appointments/{booked['id']}").json["code"] == "appointment_over"
    assert client.delete("appointments/99").status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"certificate_no": WANG[:-1] + "3"}, 422, "wrong_fields"),
        ({"certificate_no": 660102198809204567}, 422, "wrong_fields"),
        ({"certificate_no": WANG + " " * 30}, 422, "wrong_fields"),
        ({"at": "2026-03-02T10:00:00"}, 422, "wrong_fields"),
        ({"at": "2026-03-02T09:00:00+08:00"}, 409, "appointment_in_the_past"),
        ({"matter": "nothing"}, 422, "unknown_matter"),
        ({"number": WANG}, 422, "wrong_fields"),
        ({}, 409, "appointment_exists"),
    ],
)
def test_what_cannot_be_booked_is_told_without_the_number(client, booked, change, status, code, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"matter": "GA-1", "at": "2026-03-02T10:30:00+08:00", "certificate_no": WANG, **change}
    answer = client.post("appointments", body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert WANG[:-1] not in answer.text + caplog.text


def test_the_number_of_a_booking_is_nowhere_in_the_store(booked, store):
    kept = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    assert WANG.encode() not in kept
    assert "王样例".encode() not in kept


# --- the card ---


def test_a_card_offers_its_appointment_and_the_check_in_gives_one_ticket(client, booked, lay):
    assert client.get("card").json == {"offer": None}
    lay(WANG)
    offer = client.get("card").json["offer"]
    assert offer["masked"] == "王** 660***********4567"
    assert (offer["priority"], offer["problem"]) == (False, None)
    meeting = offer["appointment"]
    assert (meeting["matter_name"], meeting["timing"], meeting["number"]) == ("居民身份证换领", "now", None)
    first = client.post("card/check-in", {"offer": offer["id"]})
    again = client.post("card/check-in", {"offer": offer["id"]})
    assert (first.status_code, first.json["number"], first.json["priority"]) == (201, "A001", "appointment")
    assert again.json["id"] == first.json["id"]
    assert first.json["print"]["state"] == "queued"
    lay(WANG)
    meeting = client.get("card").json["offer"]["appointment"]
    assert (meeting["timing"], meeting["number"]) == ("done", "A001")


def test_age_gives_the_next_ticket_priority_and_not_the_one_after(client, lay):
    lay(ZHAO)
    offer = client.get("card").json["offer"]
    assert offer["priority"]
    key = {"Idempotency-Key": "wish-1"}
    taken = client.post("tickets", {"matter": "GA-2", "card": offer["id"]}, **key).json
    assert client.post("tickets", {"matter": "GA-2", "card": offer["id"]}, **key).json["id"] == taken["id"]
    second = client.take("GA-2", card=offer["id"])
    assert (taken["priority"], second["priority"]) == ("priority", "ordinary")


def test_a_card_that_nobody_laid_there_gives_nothing(client, lay):
    answer = client.post("tickets", {"matter": "GA-1", "priority": "priority", "card": "made-up"})
    assert (answer.status_code, answer.json["code"]) == (409, "card_gone")
    assert client.post("card/check-in", {"offer": "made-up"}).json["code"] == "card_gone"


def test_an_offer_can_be_dismissed(client, lay):
    lay(ZHAO)
    offer = client.get("card").json["offer"]
    client.post("card/dismiss", {"offer": offer["id"]})
    assert client.get("card").json == {"offer": None}
    assert client.post("card/dismiss", {"offer": offer["id"]}).status_code == 200


def test_a_card_that_cannot_be_used_says_why(client, rooms):
    rooms.floor.cards.hear(CardRefused("reader", CardProblem.UNSUPPORTED))
    rooms.floor.cards.turn()
    assert client.get("card").json["offer"]["problem"] == "unsupported_card"


def test_pages_see_the_card_of_their_own_place(page, lay, client):
    lay(ZHAO)
    kiosk, board, clerk = page("/kiosk"), page("/board"), page("/clerk")
    assert kiosk.get("/api/v1/card").json["offer"]["masked"] == "王** 660***********001X"
    assert board.get("/api/v1/card").status_code == 403
    assert clerk.get("/api/v1/windows/1/card").json == {"offer": None}
    assert kiosk.get("/api/v1/windows/1/card").status_code == 403
    assert client.get("windows/9/card").status_code == 404


def test_live_events_tell_that_a_card_was_read_and_nothing_of_it(app, lay):
    stream = app.live.stream(None)
    first = next(stream)
    lay(WANG)
    said = first + next(stream)
    stream.close()
    assert b"event: card" in said
    assert b'{"window":null}' in said
    assert b"660" not in said


# --- contacts ---

GIVEN = {
    "purpose": "rating_report",
    "name": "样例张三",
    "phone": "13900000000",
    "certificate_type": "111",
    "certificate_no": "660102199606151236",
}


@pytest.fixture
def ticket(client):
    return client.take()["id"]


def test_a_contact_is_given_read_and_deleted_and_each_reading_is_told(client, ticket):
    answer = client.post(f"tickets/{ticket}/contact", GIVEN)
    assert answer.status_code == 201
    assert answer.json["delete_after"].startswith("2026-04-01")
    assert "660102" not in answer.text
    found = client.get(f"tickets/{ticket}/contact?purpose=rating_report").json
    assert {name: found[name] for name in GIVEN} == GIVEN
    assert found["readings"] == 1
    readings = client.delete(f"tickets/{ticket}/contact?purpose=rating_report").json["items"]
    assert [(one["purpose"], one["by"]) for one in readings] == [("rating_report", "token:tests")]
    assert client.get(f"tickets/{ticket}/contact?purpose=rating_report").status_code == 404
    assert client.get(f"tickets/{ticket}/contact/readings").json["items"] == readings


def test_a_wrong_number_or_no_purpose_is_refused_without_repeating_it(client, ticket):
    for wrong in (
        {"certificate_no": "660102199606151237"},
        {"purpose": "Everything!"},
        {"purpose": None},
        {"certificate_no": None},
    ):
        answer = client.post(f"tickets/{ticket}/contact", GIVEN | wrong)
        assert answer.status_code == 422
        assert "66010219960615" not in answer.text
        assert "样例张三" not in answer.text
    assert client.get(f"tickets/{ticket}/contact").status_code == 422  # without a purpose
    passport = GIVEN | {"certificate_type": "414", "certificate_no": "E12345678"}
    assert client.post(f"tickets/{ticket}/contact", passport).status_code == 201


def test_only_its_own_scope_opens_it(app, client, ticket, store, page):
    client.post(f"tickets/{ticket}/contact", GIVEN)
    for scope in ("read", "tickets", "windows", "ratings", "devices"):
        token = add_token(store, scope, [scope])
        answer = app.test_client().get(
            f"/api/v1/tickets/{ticket}/contact?purpose=rating_report",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 403, scope
    assert page("/clerk").get(f"/api/v1/tickets/{ticket}/contact?purpose=rating_report").status_code == 403
    token = add_token(store, "uplink", ["contacts"])
    answer = app.test_client().get(
        f"/api/v1/tickets/{ticket}/contact?purpose=rating_report",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.json["name"] == "样例张三"


def test_no_other_answer_knows_of_it(client, ticket):
    client.post(f"tickets/{ticket}/contact", GIVEN)
    for path in ("queue", "windows", f"tickets/{ticket}", "devices", "appointments"):
        text = json.dumps(client.get(path).json, ensure_ascii=False)
        assert not any(secret in text for secret in (GIVEN["name"], GIVEN["phone"], GIVEN["certificate_no"]))
