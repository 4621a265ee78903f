"""Ports of cameras where there is none, and where its library is not installed."""

import sys

import pytest

from kioskd.devices.errors import PortError
from kioskd.devices.health import State, reason_catalogue
from kioskd.devices.port_uri import parse_port
from kioskd.devices.ports import open_port
from kioskd.devices.profiles import PortSettings


def reason(at):
    with pytest.raises(PortError) as caught:
        open_port(parse_port(at), PortSettings())
    return caught.value


def test_without_the_extra_a_camera_is_a_fault_that_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "linuxpy.video", None)
    error = reason("video:/dev/video0")
    assert error.reason == "library_missing"
    assert "pip install 'kioskd[camera]'" in str(error)
    assert reason_catalogue()[error.reason].state is State.FAULT


def test_a_camera_that_is_not_there_is_missing():
    assert reason("video:/dev/video-none").reason == "port_missing"


def test_what_is_no_camera_is_told(tmp_path):
    """A file answers no ioctl of V4L2 (ENOTTY)."""
    (tmp_path / "video0").write_bytes(b"")
    assert reason(f"video:{tmp_path}/video0").reason == "no_picture"


def test_an_emulated_camera_that_is_unplugged_is_missing():
    assert reason("video:tcp:127.0.0.1:1").reason == "port_missing"


@pytest.mark.parametrize("at", ["video:", "video:front", "video:tcp:", "video:tcp:host", "video:http://x/"])
def test_what_names_no_camera_is_refused(at):
    with pytest.raises(ValueError, match="video"):
        parse_port(at)


def test_a_rejected_opening_leaves_no_descriptor(tmp_path):
    from pathlib import Path

    (tmp_path / "video0").write_bytes(b"")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        reason(f"video:{tmp_path}/video0")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
