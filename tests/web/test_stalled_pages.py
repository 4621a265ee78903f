"""Screens whose network stands still: they hold up nobody, and the hall lets go of them."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.web.test_events import PATIENCE_S, Stream
from web import server, streams

SCREENS = 64
STALLED = 8
SMALL_BYTES = 2048


@pytest.fixture
def stall(site):
    """A screen that asks for the events and never reads them."""
    connections = []

    def open_stalled():
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
        where = urlsplit(site.url)
        connection.connect((where.hostname, where.port))
        connection.sendall(
            f"GET /api/v1/events HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Authorization: Bearer {site.token}\r\n\r\n".encode()
        )
        connections.append(connection)

    yield open_stalled
    for connection in connections:
        connection.close()


def test_64_screens_hear_a_call_at_once_whoever_stalls(site, stall, app, hall):
    hall.open(1)
    screens = [Stream(site) for _ in range(SCREENS)]
    for _ in range(STALLED):
        stall()
    deadline = time.monotonic() + PATIENCE_S
    while app.live.count < SCREENS + STALLED:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ticket = hall.issue("GA-1")

    def hear(screen):
        while (data := screen.event()[2])["type"] != "ticket_called":
            pass
        return data["number"]

    with ThreadPoolExecutor(SCREENS) as hall_of_screens:
        heard = [hall_of_screens.submit(hear, screen) for screen in screens]
        assert site.post("windows/1/call-next")[0] == 200
        assert {one.result(PATIENCE_S) for one in heard} == {ticket.number}
    for screen in screens:
        screen.close()


def test_a_stalled_screen_is_let_go_and_keeps_no_memory(site, stall, app, hall, monkeypatch):
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.2)
    hall.open(1)
    stall()
    deadline = time.monotonic() + PATIENCE_S
    while app.live.count == 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (stream,) = app.live._open_streams()
    news = streams.Message("health", {"device": "x" * 4000})  # much happens: more than any buffer takes
    while app.live.count:
        assert time.monotonic() < deadline, "it was never let go"
        for _ in range(20):
            app.live._tell(news)
        assert len(stream._waiting) <= streams.BACKLOG
        started = time.monotonic()
        hall.pause(1)
        hall.resume(1)
        assert time.monotonic() - started < 5, "somebody waited for it"
        time.sleep(0.05)
    assert len(stream._waiting) <= 1


def test_the_kernel_keeps_little_for_a_client_that_does_not_read():
    listening = socket.socket()
    server._bound_connections(listening)
    # The kernel doubles what is asked for, for its own accounts.
    assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * server.SEND_BUFFER_BYTES
    assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == server.UNHEARD_MS
    listening.close()
