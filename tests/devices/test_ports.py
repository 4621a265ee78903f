"""Opening ports, and what the message says when that cannot be done."""

import errno
import os
import socket
import time

import pytest

from kioskd.devices.errors import PortError, WriteTimeout
from kioskd.devices.line import Line
from kioskd.devices.port_errors import permission_text, port_error
from kioskd.devices.port_uri import parse_port, resolve
from kioskd.devices.ports import character_s, open_port
from kioskd.devices.profiles import PortSettings


@pytest.fixture
def pty():
    master, slave = os.openpty()
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


@pytest.fixture
def wake_fd():
    fd = os.eventfd(0, os.EFD_NONBLOCK)
    yield fd
    os.close(fd)


def reason_of(at: str) -> str:
    with pytest.raises(PortError) as caught:
        open_port(parse_port(at), PortSettings())
    return caught.value.reason


def test_a_port_that_is_not_there():
    assert reason_of("serial:/dev/ttyUSB-none") == "port_missing"
    assert reason_of("lp:/dev/usb/lp-none") == "port_missing"


def test_a_tcp_port_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    assert reason_of(f"tcp:127.0.0.1:{number}") == "port_missing"


def test_a_serial_port_that_another_holds_is_busy(pty):
    _, path = pty
    first = open_port(parse_port(f"serial:{path}"), PortSettings())
    assert reason_of(f"serial:{path}") == "busy"
    first.close()
    open_port(parse_port(f"serial:{path}"), PortSettings()).close()


def test_a_port_that_may_not_be_opened_names_its_group_and_the_command(tmp_path):
    device = tmp_path / "lp0"
    device.touch(mode=0)
    nobody = 65534
    am_root = os.geteuid() == 0
    if am_root:
        tmp_path.chmod(0o755)
        os.seteuid(nobody)
    try:
        with pytest.raises(PortError) as caught:
            open_port(parse_port(f"lp:{device}"), PortSettings())
    finally:
        if am_root:
            os.seteuid(0)
    assert caught.value.reason == "permission_denied"
    assert str(device) in str(caught.value)


def test_the_permission_text_says_which_command_grants_it():
    text = permission_text("/dev/null")
    assert "group root" in text
    assert "usermod -aG root" in text
    assert "group dialout" in permission_text("/dev/ttyUSB-none")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "permission_denied"),
        (errno.EBUSY, "busy"),
        (errno.EAGAIN, "busy"),
        (errno.ENODEV, "port_missing"),
        (errno.EIO, "port_lost"),
        (None, "port_missing"),
    ],
)
def test_what_the_kernel_says_becomes_a_reason(number, reason):
    assert port_error(OSError(number, "?"), "/dev/x").reason == reason


def test_a_tcp_port_carries_bytes_and_sees_its_end(wake_fd):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(parse_port(f"tcp:127.0.0.1:{server.getsockname()[1]}"), PortSettings())
        line = Line(port, shared=False, wake_fd=wake_fd)
        peer, _ = server.accept()
        line.send(b"out", 1)
        assert peer.recv(10) == b"out"
        peer.sendall(b"in")
        line.wait(5)
        assert line.take() == b"in"
        peer.close()
        with pytest.raises(PortError, match="lost"):
            line.wait(5)
        line.close()


def test_a_pyserial_url_carries_bytes_and_sees_its_end(wake_fd):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(parse_port(f"serial:socket://127.0.0.1:{server.getsockname()[1]}"), PortSettings())
        line = Line(port, shared=False, wake_fd=wake_fd)
        peer, _ = server.accept()
        line.send(b"out", 1)
        assert peer.recv(10) == b"out"
        peer.sendall(b"in")
        line.wait(5)
        assert line.take() == b"in"
        peer.close()
        with pytest.raises(PortError, match="lost"):
            line.wait(5)
        line.close()


def test_a_device_that_takes_nothing_meets_the_deadline_and_the_port_stays(pty, wake_fd):
    master, path = pty
    line = Line(open_port(parse_port(f"serial:{path}"), PortSettings()), shared=False, wake_fd=wake_fd)
    with pytest.raises(WriteTimeout) as caught:
        line.send(bytes(1_000_000), 0.2)
    assert 0 < caught.value.accepted < 1_000_000
    os.write(master, b"still here")
    line.wait(5)
    assert line.take() == b"still here"
    line.close()


def test_a_shared_line_is_spoken_on_only_after_it_was_quiet(pty, wake_fd):
    master, path = pty
    slow = PortSettings(baud=300)
    line = Line(open_port(parse_port(f"serial:{path}"), slow), shared=True, wake_fd=wake_fd)
    os.write(master, b"a key")
    line.wait(5)
    line.send(b"answer", 5)
    assert time.monotonic() - line.received_at_s >= 3.5 * character_s(slow)
    assert line.sent_until_s - time.monotonic() > 4 * character_s(slow)  # six characters, just begun
    line.close()


def test_a_line_that_is_never_quiet_is_spoken_on_all_the_same(pty, wake_fd):
    master, path = pty
    line = Line(open_port(parse_port(f"serial:{path}"), PortSettings()), shared=True, wake_fd=wake_fd)
    babble = line.wait

    def wait(timeout_s, **more):
        os.write(master, b"x")
        babble(timeout_s, **more)

    line.wait = wait
    os.write(master, b"x")
    babble(5)
    line.send(b"now", 5)
    line.close()


def test_a_readable_port_with_nothing_in_it_does_not_make_us_spin(wake_fd):
    """Some USB printers answer every read with an empty packet."""

    class EmptyPackets:
        character_s = 0.0
        reads = 0

        def __init__(self) -> None:
            self.ours, self.theirs = socket.socketpair()
            self.theirs.sendall(b"x")

        def fileno(self):
            return self.ours.fileno()

        def read(self):
            self.reads += 1
            return b""

    port = EmptyPackets()
    line = Line(port, shared=False, wake_fd=wake_fd)
    until_s = time.monotonic() + 0.3
    while time.monotonic() < until_s:
        line.wait(0.3)
    assert port.reads <= 7


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("ttyUSB0", "begins with one of"),
        ("usbb:04b8:0e15", "begins with one of"),
        ("usb:printer", "names no USB device"),
        ("evdev:keypad", "evdev:/dev/input"),
        ("serial:COM3", "serial:/dev/ttyUSB0"),
        ("tcp:printer", "HOST:PORT"),
        ("tcp:printer:99999", "HOST:PORT"),
        ("lp:0", "lp:/dev/usb/lp0"),
        ("emulator:udp", "emulator:tcp"),
    ],
)
def test_a_port_that_is_none_is_refused_with_an_example(at, says):
    with pytest.raises(ValueError, match=says):
        parse_port(at)


def test_ports_that_are_some():
    assert parse_port("tcp:[::1]:9100").host_and_port == ("::1", 9100)
    assert parse_port("serial:rfc2217://10.0.0.9:4001").place == "rfc2217://10.0.0.9:4001"
    assert str(parse_port("lp:/dev/usb/lp0")) == "lp:/dev/usb/lp0"


def test_an_emulated_port_is_what_the_emulator_says_now(tmp_path):
    with pytest.raises(PortError, match="not running"):
        resolve(parse_port("emulator:"), "bus", tmp_path)
    (tmp_path / "bus.uri").write_text("serial:/dev/pts/7\n", encoding="utf-8")
    assert str(resolve(parse_port("emulator:"), "bus", tmp_path)) == "serial:/dev/pts/7"
    with pytest.raises(PortError, match="no emulator"):
        resolve(parse_port("emulator:"), "bus", None)
    assert str(resolve(parse_port("tcp:a:1"), "bus", None)) == "tcp:a:1"
