"""The sound of a call for a screen, `/speech` for the kiosk, and a text for the hall's loudspeakers."""

import re
import threading
import time
from types import SimpleNamespace

import pytest

from kioskd.devices.kinds import Kind
from kioskd.devices.sound import read_sound
from kioskd.floor.floor import Floor, FloorSettings
from kioskd.floor.layout import Layout, layout_text
from kioskd.voice.table import VolumeHours
from web import speech
from web.shapes_voice import LONGEST_TEXT


@pytest.fixture
def called(hall, voice):
    """Number A001 was called to window 1; the event that told it."""
    hall.open(1)
    hall.issue("GA-1")
    hall.call_next(1)
    return newest(hall, "ticket_called")


@pytest.fixture(autouse=True)
def nobody_asked_before(monkeypatch):
    monkeypatch.setattr(speech, "rate", speech.Rate())


def newest(hall, type_):
    return [event for event in hall.events(0, 1000) if event.type == type_][-1].id


# --- the sound of a call ---


def test_a_screen_gets_the_sound_of_a_call(called, page, rooms):
    answer = page("/board").get(f"/api/v1/calls/{called}/sound")
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    wanted = rooms.voice.call("A001", 1, chimes=True, volume=80)
    assert read_sound(answer.data).samples == wanted.samples


def test_a_recall_has_its_sound_too(called, page, hall):
    hall.recall(1)
    recalled = newest(hall, "ticket_recalled")
    assert page("/board").get(f"/api/v1/calls/{recalled}/sound").status_code == 200


def test_an_old_call_is_refused_however_late_a_screen_wakes(called, page, clock):
    clock.pass_min(1)
    answer = page("/board").get(f"/api/v1/calls/{called}/sound")
    assert (answer.status_code, answer.json["code"]) == (410, "call_is_old")


def test_what_was_no_call_has_no_sound(called, page, hall):
    board = page("/board")
    for event in (newest(hall, "ticket_issued"), 999_999, 0):
        assert board.get(f"/api/v1/calls/{event}/sound").status_code == 404


def test_a_silent_hour_is_silent_on_screens_too(called, app, page, rooms, voice):
    from datetime import time as at

    rooms.voice.table = voice(hours=(VolumeHours(begins=at(9, 0), ends=at(10, 0), volume=0),)).table
    app.extensions["kioskd"].voice.table = rooms.voice.table
    answer = page("/board").get(f"/api/v1/calls/{called}/sound")
    assert (answer.status_code, answer.data) == (204, b"")


def test_nobody_else_gets_it(called, app):
    assert app.test_client().get(f"/api/v1/calls/{called}/sound").status_code == 401


def test_a_hall_without_a_voice_says_so(page, hall):
    hall.open(1)
    hall.issue("GA-1")
    hall.call_next(1)
    answer = page("/board").get(f"/api/v1/calls/{newest(hall, 'ticket_called')}/sound")
    assert (answer.status_code, answer.json["code"]) == (503, "no_voice")


@pytest.mark.parametrize(
    ("board", "asked", "speaks"),
    [(False, "", False), (False, "?voice=1", True), (True, "", True), (True, "?voice=0", False)],
)
def test_the_board_speaks_where_the_hall_file_or_its_address_says_so(voice, app, page, board, asked, speaks):
    app.extensions["kioskd"].voice.table = voice(board=board, times=3).table
    text = page("/board").get(f"/board{asked}").text
    assert bool(re.search(r"/board-voice\.js\?times=3&amp;gap_s=", text)) is speaks


# --- /speech ---


@pytest.mark.parametrize(
    ("text", "language"), [("请选择事项", "zh"), ("Take a number", "en"), ("A012", "zh")]
)
def test_the_kiosk_has_its_texts_spoken(voice, page, text, language):
    answer = page("/kiosk").get("/speech", query_string={"text": text, "language": language})
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert read_sound(answer.data).length_s > 0.3


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"text": " "},
        {"text": "好" * (LONGEST_TEXT + 1)},
        {"text": "好", "language": "de"},
    ],
)
def test_what_is_no_text_is_refused(voice, page, query):
    assert page("/kiosk").get("/speech", query_string=query).status_code == 422


def test_the_longest_text_is_spoken(voice, page):
    text = "请" * LONGEST_TEXT
    assert page("/kiosk").get("/speech", query_string={"text": text}).status_code == 200


def test_only_our_own_pages_are_spoken_for(voice, app):
    assert app.test_client().get("/speech?text=hi&language=en").status_code == 401


def test_too_many_texts_at_once_are_refused_with_the_time_to_wait(voice, page, monkeypatch):
    monkeypatch.setattr(speech, "OFTEN", 3)
    kiosk = page("/kiosk")
    codes = [kiosk.get("/speech", query_string={"text": "请稍候"}).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    refused = kiosk.get("/speech", query_string={"text": "请稍候"})
    assert refused.headers["Retry-After"].isdigit()


def test_a_program_that_hangs_holds_no_other_request(voice, page, site, tmp_path, monkeypatch):
    """Twelve texts that never end, and a call of the API beside them."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "espeak-ng").write_text("#!/bin/sh\nexec sleep 60\n")
    (folder / "espeak-ng").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder) + ":/usr/bin:/bin")
    monkeypatch.setattr("kioskd.voice.programs.ESPEAK_S", 2.0)
    monkeypatch.setattr("kioskd.voice.voice.SLOT_S", 0.3)
    codes = []

    def ask(number):
        codes.append(site.ask("GET", f"/speech?text=t{number}&language=en")[0])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    begun_s = time.monotonic()
    for thread in threads:
        thread.start()
    status, _ = site.ask("GET", "/api/v1/queue")
    assert status == 200
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun_s < 15
    assert codes == [503] * 12


# --- the hall's loudspeakers ---


class Loudspeaker:
    name = title = "speaker"
    kinds = frozenset({Kind.SPEAKER})


@pytest.fixture
def loud(rooms, voice, hall):
    """A hall with a loudspeaker; what it was given to say, its thread not being started."""
    supervisor = SimpleNamespace(devices={"speaker": Loudspeaker()})
    layout = Layout(layout_text("ticket"))
    rooms.floor = Floor(
        hall, rooms.journal, supervisor, FloorSettings(windows={}, layout=layout), rooms.voice
    )
    return rooms.floor.speaking.mouths[0]._queue


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "请大家安静"}, "请大家安静"),
        ({"ticket": "A012", "window": 3}, "请A零一二号到三号窗口"),
        ({"ticket": "A012", "window": 3, "language": "en"}, "ticket A, 0 1 2 please go to window 3"),
    ],
)
def test_a_technician_has_something_said(loud, client, body, said):
    answer = client.post("voice/say", body)
    assert (answer.status_code, answer.json) == (202, {"speakers": ["speaker"]})
    assert [saying.text for saying in loud] == [said]


@pytest.mark.parametrize(
    "body", [{}, {"text": " "}, {"text": "好" * 201}, {"ticket": "A012; rm"}, {"ticket": "A1", "window": 0}]
)
def test_what_cannot_be_said_is_refused(loud, client, body):
    assert client.post("voice/say", body).status_code == 422
    assert not loud


def test_a_hall_without_a_loudspeaker_names_none(voice, rooms, hall, client):
    assert client.post("voice/say", {"text": "好"}).json == {"speakers": []}
