"""Live events over a real server."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from kioskd.devices.kinds import HealthChanged
from kioskd.hall.store import StoreFailed
from web.events import STREAMS
from web.streams import BACKLOG

PATIENCE_S = 30


class Stream:
    """One client of GET events."""

    def __init__(self, site, last_event_id=None):
        self.connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=PATIENCE_S)
        headers = {"Authorization": f"Bearer {site.token}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.answer = self.connection.getresponse()

    def block(self):
        """The next block as (id, event, data); a comment or `retry` has no event."""
        fields = {}
        while (line := self.answer.readline().decode().rstrip("\n")) != "":
            name, _, value = line.partition(": ")
            fields[name] = value
        data = json.loads(fields["data"]) if "data" in fields else fields
        return fields.get("id"), fields.get("event"), data

    def event(self):
        """The next event that tells of something."""
        while True:
            id_, event, data = self.block()
            if event not in (None, "hello", "alive"):
                return id_, event, data

    def close(self):
        self.connection.close()
        self.answer.close()


@pytest.fixture
def listen(site):
    streams = []

    def open_stream(last_event_id=None):
        streams.append(Stream(site, last_event_id))
        return streams[-1]

    yield open_stream
    for stream in streams:
        stream.close()


def test_what_happens_is_told_at_once(site, listen):
    stream = listen()
    assert stream.answer.getheader("Content-Type") == "text/event-stream"
    assert stream.block()[1] == "hello"
    _, ticket = site.post("tickets", {"matter": "GA-1"})
    id_, event, data = stream.event()
    while data["type"] != "ticket_issued":
        id_, event, data = stream.event()
    assert (event, data["ticket"], data["id"]) == ("hall", ticket["id"], int(id_))
    assert ticket["page"].removeprefix("/t/") not in json.dumps(data)


def test_a_reader_that_was_away_gets_what_it_missed_once(site, listen, hall):
    site.post("tickets", {"matter": "GA-1"})
    seen = hall.store.last_event()
    site.post("tickets", {"matter": "GA-2"})
    missed = [event.id for event in hall.events(seen, 100)]
    stream = listen(seen)
    assert [int(stream.event()[0]) for _ in missed] == missed
    site.post("windows/1/open")
    assert int(stream.event()[0]) == missed[-1] + 1


def until_the_pause(stream):
    """What a stream tells until the window pauses, without ids and times."""
    told = []
    while not told or told[-1]["type"] != "window_paused":
        _, _, data = stream.event()
        told.append({key: value for key, value in data.items() if key not in ("id", "at", "ticket")})
    return told


@pytest.mark.parametrize("level", [1, 2, 5])
def test_a_stream_does_not_say_which_rating_was_a_bad_one(hall, listen, level):
    hall.open(1)
    ticket = hall.issue("GA-1")
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    before = hall.store.last_event()
    live = listen()
    live.block()
    hall.rate(ticket.id, level, "evaluator")
    hall.pause(1)
    rated, paused = ({"type": type_, "window": 1} for type_ in ("ticket_rated", "window_paused"))
    assert until_the_pause(live) == [rated, paused]
    assert until_the_pause(listen(before)) == [rated, paused]
    assert bool(hall.follow_up.cases()) == (level < 3), "the supervisor's case is there all the same"


def test_a_reader_of_another_hall_or_long_ago_is_told_to_read_anew(site, listen, hall):
    assert listen(10**9).event()[1] == "resync"
    site.post("windows/1/open")
    for _ in range(BACKLOG // 2):
        hall.pause(1)
        hall.resume(1)
    assert listen(0).event()[1] == "resync"


@pytest.mark.parametrize("wrong", ["x", "-1", "1e3", "9" * 40])
def test_a_last_event_id_that_is_none_is_passed_over(site, listen, wrong):
    stream = listen(wrong)
    site.post("windows/1/open")
    assert stream.event()[1] == "hall"


def test_health_is_told(site, listen, supervisor):
    stream = listen()
    stream.block()
    supervisor._publish(HealthChanged("printer"))  # as the thread that owns the printer's port does
    assert stream.event()[1:] == ("health", {"device": "printer"})


def test_there_are_80_streams_and_no_more_and_a_place_comes_free(site, listen, app):
    streams = [listen() for _ in range(STREAMS)]
    assert {stream.answer.status for stream in streams} == {200}
    refused = listen()
    assert refused.answer.status == 503
    assert json.load(refused.answer)["code"] == "too_many_streams"
    assert site.ask("GET", "/api/v1/queue")[0] == 200  # there are threads left for all else

    streams[0].block()
    streams[0].close()
    deadline = time.monotonic() + PATIENCE_S
    while app.live.count == STREAMS:  # the server notices when it next writes
        assert time.monotonic() < deadline
        site.post("windows/1/open")
        site.post("windows/1/close")
        time.sleep(0.05)
    assert listen().answer.status == 200


def read_until(stream, type_):
    """Read a stream until this kind of event; what was read last."""
    return next(piece for piece in stream if type_ in piece or b"resync" in piece)


def test_a_slow_reader_is_told_to_read_anew_and_holds_nobody_up(app, hall):
    hall.open(1)
    slow = app.live.stream(None)
    quick = app.live.stream(None)
    with ThreadPoolExecutor(1) as reader:
        last = reader.submit(read_until, quick, b"window_closed")
        for _ in range(BACKLOG):
            hall.pause(1)
            hall.resume(1)
        hall.close(1)
        assert b"window_closed" in last.result(PATIENCE_S)
    assert b"retry" in next(slow)
    assert b"resync" in next(slow)
    with pytest.raises(StopIteration):
        next(slow)
    slow.close()
    quick.close()
    assert app.live.count == 0


def test_stopping_ends_the_streams(site, listen, app):
    stream = listen()
    stream.block()
    app.close()
    assert stream.answer.read() == b""


def test_a_store_that_fails_takes_no_place_for_ever(app, hall, mocker):
    mocker.patch.object(hall, "events", side_effect=StoreFailed("the disk is full"))
    for _ in range(STREAMS + 6):
        with pytest.raises(StoreFailed):
            app.live.stream(after=0)
    assert app.live.count == 0


def test_a_call_carries_what_a_board_must_show(site, listen):
    stream = listen()
    site.post("windows/1/open")
    _, ticket = site.post("tickets", {"matter": "GA-1"})
    site.post("windows/1/call-next")
    site.post("windows/1/recall")
    told = {}
    while "ticket_recalled" not in told:
        data = stream.event()[2]
        told[data["type"]] = data
    for call in ("ticket_called", "ticket_recalled"):
        assert (told[call]["number"], told[call]["window"]) == (ticket["number"], 1)
    assert "number" not in told["ticket_issued"]


def test_a_page_hears_what_the_pages_are_made_of(listen, page):
    _, name, data = listen().block()
    assert name == "hello"
    assert f'data-build="{data["build"]}"' in page("/board").get("/board").text


def test_all_screens_share_one_reading_of_the_queue(site, hall, mocker):
    read = mocker.spy(hall, "queue")
    site.post("windows/1/open")
    with ThreadPoolExecutor(16) as screens:
        answers = list(screens.map(lambda _: site.ask("GET", "/api/v1/queue"), range(64)))
    assert read.call_count == 1
    assert {status for status, _ in answers} == {200}
    assert len({queue["event_id"] for _, queue in answers}) == 1
    assert answers[0][1]["windows"][0]["state"] == "open"


def test_a_reading_of_the_queue_never_misses_what_was_done_before(site):
    for state in ("open", "paused", "open", "closed"):
        command = {"open": "open", "paused": "pause", "closed": "close"}[state]
        site.post(f"windows/1/{command}")
        assert site.ask("GET", "/api/v1/queue")[1]["windows"][0]["state"] == state


def test_lines_open_by_the_clock_alone(site, clock):
    def bank():
        return next(line for line in site.ask("GET", "/api/v1/queue")[1]["lines"] if line["id"] == "bank")

    assert not bank()["accepting"]
    clock.pass_min(5 * 60)  # 14:30, and nothing else has happened
    assert bank()["accepting"]
