"""A small hall whose ratings are reported, and a receiver on a real socket that answers as the test says."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.plan import Clerk, Line, Matter, Plan, Window
from kioskd.hall.store import Store
from kioskd.uplink.message import read_fields
from kioskd.uplink.uplink import Uplink, UplinkTable

PLAN = Plan(
    name="青溪镇便民服务中心",
    lines=(Line(id="general", title="综合事务", letter="A"),),
    windows=(Window(number=1, title="综合窗口", lines=("general",)),),
    matters=(
        Matter(
            code="GA-02",
            name="居民身份证换领",
            line="general",
            area="公安服务",
            department="派出所",
            department_code="330122GA",
            by_law="居民身份证法",
            accept_condition="有效期满",
            materials=("居民户口簿",),
            handle_flow="受理、发证",
            promise="20个工作日",
        ),
    ),
    clerks=(Clerk(id="c1", name="示范员甲", position="受理岗"),),
)


class Clock:
    def __init__(self):
        self.time = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # a Monday, 09:30 in Shanghai

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.time.timestamp()

    def synchronised(self):
        return True

    def pass_s(self, seconds):
        self.time += timedelta(seconds=seconds)


class Receiver:
    """A real HTTP server. answers: the status of each request to come, then 200 for ever."""

    def __init__(self):
        self.answers = []
        self.messages = []
        self.headers = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.messages.append((self.headers["Idempotency-Key"], body, dict(self.headers)))
                status = receiver.answers.pop(0) if receiver.answers else 200
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/evaluate"

    @property
    def keys(self):
        return [key for key, _, _ in self.messages]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hall.db")
    yield store
    store.close()


@pytest.fixture
def hall(store, clock):
    hall = Hall(store, PLAN, clock)
    hall.sign_in(1, "c1")
    hall.open(1)
    return hall


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def uplink(hall, receiver, tmp_path):
    """What the daemon would run; the test takes its turns."""
    settings = UplinkTable(url=receiver.url, hall_code="330122001")
    return Uplink(hall, settings, read_fields("guangdong", tmp_path), tmp_path)


@pytest.fixture
def rated(hall, uplink):
    """rated(level, affair_no=…): a citizen has been served and has rated; returns the ticket's id."""

    def rate(level=5, affair_no="330122-1", reasons=()):
        ticket = hall.issue("GA-02")
        hall.call_next(1)
        hall.start(1)
        hall.finish(1)
        if affair_no:
            hall.follow_up.attach_affair(ticket.id, affair_no)
        hall.rate(ticket.id, level, "evaluator", reasons=reasons)
        return ticket.id

    return rate
