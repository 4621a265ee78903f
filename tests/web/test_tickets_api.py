from datetime import datetime, timedelta

import msgspec
import pytest

from kioskd.hall.model import PaperState
from kioskd.staff.tokens import add_token
from tests.web.conftest import PAGE


def test_a_ticket_has_a_number_a_place_and_paper_on_its_way(client):
    client.take()
    answer = client.post("tickets", {"matter": "GA-2"})
    assert answer.status_code == 201
    ticket = answer.json
    assert answer.headers["Location"] == f"/api/v1/tickets/{ticket['id']}"
    assert (ticket["number"], ticket["line"], ticket["state"], ticket["ahead"]) == (
        "A002",
        "police",
        "waiting",
        1,
    )
    assert ticket["matter_name"] == "出生登记"
    assert ticket["estimated_wait_s"] is None  # nobody has been served yet: nothing to go by
    assert ticket["print"]["state"] == "queued"
    assert ticket["url"] == f"https://hall.example.org{ticket['page']}"
    assert client.get(f"tickets/{ticket['id']}").json == ticket


def test_times_are_rfc_3339_in_utc(client):
    assert client.take()["issued_at"] == "2026-03-02T01:30:00Z"


def test_the_same_key_gives_the_same_ticket_again(client):
    first = client.post("tickets", {"matter": "GA-1"}, **{"Idempotency-Key": "touch-1"})
    again = client.post("tickets", {"matter": "GA-1"}, **{"Idempotency-Key": "touch-1"})
    other = client.post("tickets", {"matter": "GA-1"}, **{"Idempotency-Key": "touch-2"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"] != other.json["id"]


def test_two_programs_may_choose_the_same_key(client, app, store):
    key = {"Idempotency-Key": "1"}
    first = client.post("tickets", {"matter": "GA-1"}, **key).json
    other_token = add_token(store, "other", ["tickets"])
    other = (
        app.test_client()
        .post(
            "/api/v1/tickets",
            json={"matter": "GA-1"},
            headers={"Authorization": f"Bearer {other_token}", **key},
        )
        .json
    )
    assert first["number"] != other["number"]


def test_a_line_says_when_tickets_can_be_taken_again(client):
    lines = {line["id"]: line for line in client.get("lines").json["items"]}
    assert lines["police"]["accepting"]
    assert not lines["bank"]["accepting"]
    assert lines["bank"]["opens_at"] == "2026-03-02T06:00:00Z"  # 14:00 in Shanghai
    assert "银行" in lines["bank"]["reason_zh"]


def test_matters_carry_their_six_data_units(client):
    matter = client.get("matters?q=GA-1").json["items"][0]
    units = {"name", "by_law", "accept_condition", "materials", "handle_flow", "promise"}
    assert all(matter[unit] for unit in units)


def test_a_finished_service_is_rated_once(client):
    ticket = client.take()
    client.post("windows/1/open")
    for command in ("call-next", "start", "finish"):
        assert client.post(f"windows/1/{command}").status_code == 200
    assert client.post(f"tickets/{ticket['id']}/rate", {"level": 5}).json["rating"] == 5
    assert client.post(f"tickets/{ticket['id']}/rate", {"level": 1}).status_code == 409


def test_a_missed_ticket_waits_again_under_its_number(client):
    ticket = client.take()
    client.post("windows/1/open")
    client.post("windows/1/call-next")
    client.post("windows/1/no-show")
    again = client.post(f"tickets/{ticket['id']}/requeue", {"after": 0}).json
    assert (again["number"], again["state"], again["ahead"]) == (ticket["number"], "waiting", 0)


def test_a_cancelled_ticket_no_longer_waits(client):
    ticket = client.take()
    assert client.post(f"tickets/{ticket['id']}/cancel").json["state"] == "cancelled"
    assert client.get("queue").json["waiting"] == []


def test_a_reprint_is_marked(client, rooms):
    ticket = client.take()
    job = rooms.journal.next_queued()
    rooms.journal.begin(job.id, b"paper", "printer")
    rooms.journal.end(job.id, PaperState.UNKNOWN)
    assert client.get(f"tickets/{ticket['id']}").json["print"]["state"] == "unknown"
    paper = client.post(f"tickets/{ticket['id']}/reprint").json["print"]
    assert paper["reprint"]
    assert paper["state"] == "queued"


def test_what_is_in_the_way_of_the_paper_is_told_in_words(client, rooms):
    ticket = client.take()
    rooms.journal.note(rooms.journal.next_queued().id, "paper_out")
    paper = client.get(f"tickets/{ticket['id']}").json["print"]
    assert paper["detail"] == "paper_out"
    assert "纸" in paper["detail_zh"]


def test_the_wait_is_told_once_services_have_been_measured(client, clock):
    for _ in range(5):
        client.take()
    client.post("windows/1/open")
    for _ in range(3):
        client.post("windows/1/call-next")
        client.post("windows/1/start")
        clock.pass_min(6)
        client.post("windows/1/finish")
    waiting = client.get("queue").json["waiting"]
    last = client.get(f"tickets/{waiting[-1]['id']}").json
    assert last["ahead"] == 1
    assert timedelta(seconds=last["estimated_wait_s"]) == timedelta(minutes=6)
    assert datetime.fromisoformat(last["issued_at"]) < clock.now()


@pytest.mark.parametrize("level", [0, 6, "5", 4.5])
def test_a_rating_has_five_levels(client, level):
    ticket = client.take()
    assert client.post(f"tickets/{ticket['id']}/rate", {"level": level}).status_code == 422


@pytest.mark.parametrize("declared", [True, False])
def test_a_hall_may_want_to_see_a_card_before_it_gives_priority_at_the_kiosk(app, page, plan, hall, declared):
    rules = msgspec.structs.replace(plan.rules, self_declared_priority=declared)
    hall.use(msgspec.structs.replace(plan, rules=rules))
    kiosk = page("/kiosk")
    assert ('data-take="priority"' in kiosk.get("/kiosk").text) is declared
    wish = {"matter": "GA-1", "priority": "priority"}
    answer = kiosk.post("/api/v1/tickets", json=wish, headers=PAGE)
    assert (answer.status_code == 201) is declared
    assert bool(hall.queue().waiting) is declared


def test_what_to_bring_is_printed_without_a_ticket(client, rooms):
    answer = client.post("matters/GA-1/notice")
    assert answer.status_code == 201
    paper = answer.json
    assert (paper["state"], answer.headers["Location"]) == ("queued", f"/api/v1/papers/{paper['id']}")
    rooms.journal.note(paper["id"], "paper_out")
    told = client.get(f"papers/{paper['id']}").json
    assert (told["detail"], told["detail_zh"] != "") == ("paper_out", True)
    assert client.post("matters/nothing/notice").json["code"] == "unknown_matter"
