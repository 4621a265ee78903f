"""A minute of ratings; daemon and receiver are killed at random: none is lost, each counts once."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path

import pytest

from kioskd.hall.store import Store
from kioskd.uplink.outbox import Reported, counts

pytestmark = pytest.mark.e2e

MINUTE_S = 60
TROUBLE = 0.4
RECEIVER = Path(__file__).parent.parent / "uplink/receiver.py"
HALL = """
[hall]
name = "青溪村便民服务点"
matters = "matters.toml"
[ports.first]
at = "emulator:"
[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0
[uplink]
url = "http://127.0.0.1:{port}/evaluate"
hall_code = "330122001"
[[lines]]
id = "general"
title = "综合事务"
letter = "A"
daily_limit = 900
[[windows]]
number = 1
title = "综合窗口"
lines = ["general"]
display = false
[[devices]]
name = "printer"
profile = "xprinter-xp-80"
port = "first"
"""
MATTERS = """
[[matters]]
code = "QX001"
name = "社保卡申领"
area = "社保"
department = "人社"
line = "general"
by_law = "社会保险法"
accept_condition = "本地参保"
materials = ["身份证原件"]
handle_flow = "受理"
promise = "当场"
"""


class Platform:
    """The receiver's process, and what it keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, trouble: float) -> None:
        command = [sys.executable, str(RECEIVER), str(self.folder), str(self.port), str(trouble)]
        self.process = subprocess.Popen(command)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def kept(self) -> list[dict[str, str]]:
        files = [file for file in self.folder.iterdir() if len(file.name) == 32]
        return [json.loads(file.read_text(encoding="utf-8")) for file in files]


@pytest.fixture
def platform(tmp_path):
    platform = Platform(tmp_path / "platform")
    platform.start(TROUBLE)
    yield platform
    platform.kill()


def one_visit(hall) -> int:
    """A citizen is served and rates; returns the ticket once the hall has said that the rating counts."""
    ticket = hall.take_ticket()["id"]
    hall.post("windows/1/call", {"ticket": ticket, "finish_current": True})
    hall.post("windows/1/start")
    hall.post("windows/1/finish")
    hall.post(f"tickets/{ticket}/affair", {"affair_no": f"no-{ticket}"})
    assert hall.post(f"tickets/{ticket}/rate", {"level": random.randint(1, 5)})
    return ticket


def test_no_rating_is_lost_and_each_counts_once(hall_of, platform, eventually, tmp_path):
    hall = hall_of(HALL.replace("{port}", str(platform.port)), MATTERS)
    hall.post("windows/1/open")
    rated: set[int] = set()
    ends = time.monotonic() + MINUTE_S
    kills = 0
    while time.monotonic() < ends:
        try:
            for _ in range(random.randint(1, 8)):
                rated.add(one_visit(hall))
        except (OSError, HTTPException, AssertionError):
            pass  # who was not answered was promised nothing
        victim = random.choice(["daemon", "receiver", "nobody"])
        if victim == "daemon":
            hall.kill()
            hall.start()
        elif victim == "receiver":
            platform.kill()
            platform.start(TROUBLE)
        kills += victim != "nobody"
    platform.kill()
    platform.start(0)
    hall.kill()
    hall.start()  # a start tries at once what had been put off

    store = Store(hall.state / "hall.db")
    eventually(lambda: counts(store)[Reported.DUE] == 0, "everything has been reported", 120)
    with store.read() as snapshot:
        in_store = {row[0] for row in snapshot.all("SELECT ticket FROM ratings")}
        waiting = {row[0] for row in snapshot.all("SELECT ticket FROM outbox WHERE state = 'waiting'")}
    store.close()

    assert kills > 3
    assert rated <= in_store, "what the hall said counts is there"
    serials = [message["affairSerialNo"] for message in platform.kept()]
    assert len(serials) == len(set(serials)), "the receiver counts each once"
    arrived = {int(serial.rsplit("-", 1)[1]) for serial in serials}
    assert arrived == in_store - waiting, "and none is lost"
    assert rated <= arrived
