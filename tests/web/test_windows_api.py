import pytest


@pytest.fixture
def desk(client):
    """Window 1, open, with three waiting."""
    for code in ("GA-1", "GA-2", "GJJ-1"):
        client.take(code)
    assert client.post("windows/1/open").json["state"] == "open"
    return client


def do(desk, command, body=None, window=1):
    answer = desk.post(f"windows/{window}/{command}", body)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_call_start_finish(desk):
    called = do(desk, "call-next")
    assert (called["ticket"]["number"], called["ticket"]["state"]) == ("A001", "called")
    assert do(desk, "recall")["ticket"]["calls"] == 2
    assert do(desk, "start")["ticket"]["state"] == "serving"
    finished = do(desk, "finish")
    assert finished["ticket"] is None
    assert finished["last_finished"]["number"] == "A001"


def test_calling_can_finish_the_present_ticket_first(desk):
    do(desk, "call-next")
    assert do(desk, "call-next", {"finish_current": True})["ticket"]["number"] == "A002"


def test_hold_and_take_back(desk):
    do(desk, "call-next")
    assert do(desk, "hold")["ticket"] is None
    held = desk.get("queue").json["held"]
    assert [ticket["number"] for ticket in held] == ["A001"]
    assert do(desk, "resume-ticket", {"ticket": held[0]["id"]})["ticket"]["number"] == "A001"


def test_a_chosen_ticket_is_called(desk):
    second = desk.get("queue").json["waiting"][1]
    assert do(desk, "call", {"ticket": second["id"]})["ticket"]["number"] == "A002"


def test_a_missed_ticket_is_told(desk):
    do(desk, "call-next")
    do(desk, "no-show")
    assert [ticket["number"] for ticket in desk.get("queue").json["no_shows"]] == ["A001"]


def test_transfer_to_a_line_and_to_a_window_keeps_the_number(desk):
    do(desk, "call-next")
    assert do(desk, "transfer", {"line": "fund"})["ticket"] is None
    moved = next(one for one in desk.get("queue").json["waiting"] if one["number"] == "A001")
    assert moved["line"] == "fund"
    do(desk, "open", window=2)
    do(desk, "call-next")
    do(desk, "transfer", {"window": 2})
    assert any(one["for_window"] == 2 for one in desk.get("queue").json["waiting"])


def test_pause_resume_close(desk):
    paused = do(desk, "pause", {"reason": "午休"})
    assert (paused["state"], paused["pause_reason"]) == ("paused", "午休")
    assert do(desk, "resume")["state"] == "open"
    assert do(desk, "close")["state"] == "closed"


def test_a_clerk_signs_in_and_out(desk):
    assert do(desk, "sign-in", {"clerk": "c1"})["clerk_name"] == "甲"
    assert desk.post("windows/2/sign-in", {"clerk": "c1"}).status_code == 409  # at one window only
    assert do(desk, "sign-out")["clerk"] is None


def test_a_rating_is_invited(desk):
    do(desk, "call-next")
    assert do(desk, "invite-rating", {"finish_current": True})["rating_invited"]


def test_all_windows_and_one(desk):
    windows = desk.get("windows").json["items"]
    assert [window["number"] for window in windows] == [1, 2]
    assert windows[0]["waiting"] == 3
    assert desk.get("windows/1").json == windows[0]
    assert windows[1]["lines"] == ["police"]


def test_two_presses_call_once(desk):
    do(desk, "call-next")
    second = desk.post("windows/1/call-next")
    assert (second.status_code, second.json["code"]) == (409, "window_busy")
    assert desk.get("windows/1").json["ticket"]["number"] == "A001"


def test_events_name_who_did_it(desk, hall):
    do(desk, "call-next")
    assert hall.events(0, 1000)[-1].by == "token:tests"
