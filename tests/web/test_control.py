"""The command line's Unix socket: the kernel says who calls."""

import http.client
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from web.control import ControlServer, Peer

# Becomes somebody else, then asks as root would like to.
ASK = """
import http.client, os, socket, sys
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(65534)
class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(sys.argv[1])
asked = Unix("localhost")
asked.request("GET", "/api/v1/devices", headers={"X-Remote-Uid": "0", "X_REMOTE_UID": "0"})
answer = asked.getresponse()
print(answer.status, answer.read().decode())
"""


@pytest.fixture
def control(app, tmp_path):
    folder = tmp_path / ("a folder that lies deep " * 8)
    folder.mkdir()
    server = ControlServer(app, folder / "control.sock")
    server.start()
    yield folder / "control.sock"
    server.stop()
    app.close()


def ask(path, method="GET", url="/api/v1/devices", **headers):
    folder = os.open(path.parent, os.O_PATH)
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)
    connection.request(method, url, headers=headers)
    answer = connection.getresponse()
    told = answer.status, json.loads(answer.read())
    connection.close()
    return told


def test_who_runs_the_daemon_needs_no_token(control):
    assert ask(control)[0] == 200
    assert ask(control, "POST", "/api/v1/windows/1/open")[0] == 200


def test_the_events_name_the_user(control, hall):
    ask(control, "POST", "/api/v1/windows/1/open")
    opened = next(event for event in hall.events(0, 100) if event.type == "window_opened")
    assert opened.by.startswith("local:")


def test_only_the_daemons_user_and_group_may_use_the_file(control):
    assert stat.S_IMODE(control.stat().st_mode) == 0o660


def test_a_wrong_token_is_not_made_good_by_the_socket(control):
    assert ask(control, Authorization="Bearer wrong")[0] == 401


def test_a_page_has_no_session_on_the_socket(control):
    assert ask(control, url="/healthz")[0] == 200
    assert Peer.of({"HTTP_X_REMOTE_UID": "0"}) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_somebody_else_is_refused_by_the_kernel_and_where_a_mode_was_changed_by_us(app):
    # Not under tmp_path: pytest's folders are closed to others.
    folder = Path("/tmp") / f"kioskd-control-{os.getpid()}"
    folder.mkdir(mode=0o755)
    server = ControlServer(app, folder / "control.sock")
    server.start()
    try:
        assert "PermissionError" in ask_as_nobody(folder, 65534).stderr
        (folder / "control.sock").chmod(0o666)
        done = ask_as_nobody(folder, 65534)
        assert done.stdout.startswith("403 "), done.stderr
        assert "not_our_user" in done.stdout
        done = ask_as_nobody(folder, os.getegid())
        assert done.stdout.startswith("200 "), done.stdout
    finally:
        server.stop()
        app.close()
        folder.rmdir()


def ask_as_nobody(folder, group):
    command = [sys.executable, "-c", ASK, str(folder / "control.sock"), str(group)]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
