import os
import socket
from pathlib import Path

import pytest

from kioskd.notify import notify, watchdog_s


@pytest.fixture
def manager(tmp_path: Path) -> socket.socket:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_the_service_manager_hears_each_line(manager, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    notify("READY=1", "STATUS=open")
    assert manager.recv(1000) == b"READY=1\nSTATUS=open"


def test_an_abstract_socket_is_written_with_an_at_sign(monkeypatch):
    name = f"kioskd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify("WATCHDOG=1")
        assert listening.recv(1000) == b"WATCHDOG=1"


def test_a_manager_that_is_gone_does_not_end_the_daemon(monkeypatch, tmp_path):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert notify("READY=1") is None


@pytest.mark.parametrize(
    ("usec", "pid", "period_s"),
    [
        ("30000000", None, 30.0),
        ("30000000", "our own", 30.0),
        ("30000000", "1", None),
        ("0", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_the_watchdog_watches_this_process_or_nobody(monkeypatch, usec, pid, period_s):
    pid = str(os.getpid()) if pid == "our own" else pid
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert watchdog_s() == period_s
