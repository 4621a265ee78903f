"""The daemon under a service manager: it says when it is ready, that it is alive, and that it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from importlib import resources

import pytest

from kioskd.config import load_hall
from kioskd.daemon import Daemon, Heart
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.hall.store import Store

DEMO = str(resources.files("kioskd.demo").joinpath("hall.toml"))


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """What systemd is to a daemon: a socket that hears it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


@pytest.fixture
def state(tmp_path):
    yield tmp_path / "state"
    EmulatorClient(tmp_path / "state" / "emulators").stop()


def test_it_is_ready_alive_and_stops_in_order(manager, state, tmp_path):
    errors = tmp_path / "errors.txt"
    with errors.open("wb") as opened:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "kioskd", "run", DEMO, "--state", str(state), "--port", "0"],
            env=os.environ | {"WATCHDOG_USEC": "3000000"},
            stderr=opened,
        )
    assert re.fullmatch(rb"READY=1\nSTATUS=open at http://127\.0\.0\.1:\d+", manager.recv(1000))
    assert manager.recv(1000) == b"WATCHDOG=1"
    assert manager.recv(1000) == b"WATCHDOG=1"
    daemon.send_signal(signal.SIGTERM)
    while (said := manager.recv(1000)) == b"WATCHDOG=1":
        pass
    assert said == b"STOPPING=1"
    assert daemon.wait(30) == 0
    assert not re.search("ERROR|WARNING|Traceback", errors.read_text("utf-8"))


HALL = """
[hall]
name = "青溪村便民服务点"
[web]
port = 0
[uplink]
url = "https://hcp.example/evaluate"
token_file = "token"
[[lines]]
id = "general"
title = "综合事务"
letter = "A"
[[windows]]
number = 1
title = "综合窗口"
lines = ["general"]
display = false
"""


def test_a_file_of_the_receivers_that_was_spoilt_since_keeps_nobody_out(tmp_path, caplog):
    (tmp_path / "token").write_text("s3cret", encoding="utf-8")
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    hall_file = load_hall(tmp_path / "hall.toml")
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    daemon = Daemon(hall_file, tmp_path / "state")
    daemon.start()
    try:
        with urllib.request.urlopen(f"{daemon.url}/healthz", timeout=20) as answer:
            assert answer.status == 200
    finally:
        daemon.stop()
    assert "no rating is reported" in caplog.text


class Supervisor:
    """A supervisor that turns or does not."""

    def __init__(self, turns):
        self.turns = turns

    def turning(self):
        return self.turns


@pytest.mark.parametrize(("turns", "fed"), [(True, True), (False, False)])
def test_the_watchdog_is_fed_only_while_the_supervisor_turns(manager, monkeypatch, tmp_path, turns, fed):
    assert hears(manager, monkeypatch, Store(tmp_path / "hall.db"), Supervisor(turns)) is fed


def test_the_watchdog_is_not_fed_while_the_store_cannot_commit(manager, monkeypatch, tmp_path):
    store = Store(tmp_path / "hall.db")
    with store.transaction() as tx:
        tx.execute("DROP TABLE meta")
    assert hears(manager, monkeypatch, store, Supervisor(True)) is False


def hears(manager, monkeypatch, store, supervisor):
    """Whether the manager hears one turn of the heart."""
    monkeypatch.setenv("WATCHDOG_USEC", "3000000")
    manager.settimeout(0.2)
    Heart(store, supervisor).turn()
    store.close()
    try:
        return manager.recv(1000) == b"WATCHDOG=1"
    except TimeoutError:
        return False


def test_the_daemon_imports_nothing_that_only_pictures_need():
    """The extra `camera` brings numpy and OpenCV; they belong into the child process."""
    heavy = "{'numpy', 'cv2', 'img2pdf', 'linuxpy'}"
    script = f"import sys, kioskd.daemon, web.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
