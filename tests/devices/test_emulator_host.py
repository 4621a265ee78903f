"""Emulators behind real pseudo-terminals and TCP, with a real supervisor on the other side."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading

import msgspec
import pytest

from kioskd.devices.emulator_client import EmulatorClient, EmulatorsGone
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.errors import DeviceError, WriteTimeout
from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed, PrintJob, Sign
from kioskd.devices.line import Line
from kioskd.devices.port_uri import parse_port, resolve
from kioskd.devices.ports import open_port
from kioskd.devices.profiles import PortSettings
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.testing import until


class Bench:
    """Two boxes on a shared line, one on a cable of its own and one on the network, all emulated."""

    def __init__(self, folder, profile, emulator, **more) -> None:
        self.folder = folder
        self.ports = [
            PortSpec(name="bus", at="emulator:", settings=profile.port),
            PortSpec(name="single", at="emulator:", settings=profile.port),
            PortSpec(name="net", at="emulator:tcp", settings=profile.port),
        ]
        self.devices = [
            DeviceSpec(name=name, title="", profile=profile, port=port, address=address)
            for name, port, address in (
                ("bus-1", "bus", 1),
                ("bus-2", "bus", 2),
                ("alone", "single", 1),
                ("far", "net", 1),
            )
        ]
        self.host = EmulatorHost(self.ports, self.devices, folder, find=lambda _: emulator, **more)
        self.thread = threading.Thread(target=self.host.run, daemon=True)
        self.thread.start()
        self.client = EmulatorClient(folder)
        until(self.client.answers, what="the emulators")

    def heard(self, device: str) -> bytes:
        view = next(d for d in self.client.list() if d["name"] == device)["view"]
        return view["heard"].encode("latin-1")

    def port(self, name: str) -> dict:
        return next(port for port in self.client.ports() if port["name"] == name)

    def open(self, port: str):
        return open_port(resolve(parse_port("emulator:"), port, self.folder), self.ports[0].settings)

    def close(self) -> None:
        self.host.stop()
        self.thread.join(10)


@pytest.fixture
def bench(tmp_path, profile, emulated_letter_box):
    bench = Bench(tmp_path, profile, emulated_letter_box)
    yield bench
    bench.close()


@pytest.fixture
def hall(bench, supervise):
    hall = supervise(bench.ports, bench.devices, bench.folder)
    for device in hall.devices.values():
        until(lambda device=device: device.health().state == State.ONLINE, what=device.name)
    return hall


def test_driver_and_emulator_meet_on_every_kind_of_port(bench, hall):
    for name, device in hall.devices.items():
        device.show(Sign(state="call", window=1, number="A012"))
        address = bytes([device.spec.address])
        until(lambda name=name, a=address: a + b"SA012" in bench.heard(name), what=f"the sign of {name}")


def test_a_key_pressed_on_the_emulator_reaches_the_floor(bench, hall):
    heard = []
    hall.subscribe(lambda event: heard.append(event) if isinstance(event, KeyPressed) else None)
    for name in ("bus-2", "far"):
        bench.client.act(name, "key")
    until(lambda: len(heard) == 2, what="two keys")
    assert set(heard) == {KeyPressed("bus-2", "call"), KeyPressed("far", "call")}


@pytest.mark.parametrize(("port", "device"), [("bus", "bus-1"), ("net", "far")])
def test_a_pulled_cable_is_seen_and_pushed_in_again(bench, hall, port, device):
    hall.devices[device].show(Sign(state="call", window=1, number="A012"))
    until(lambda: b"A012" in bench.heard(device), what="the sign")
    bench.client.unplug(port)
    until(lambda: hall.devices[device].health().state == State.OFFLINE, what="its loss")
    assert hall.devices["alone"].health().state == State.ONLINE
    before = bench.heard(device).count(b"A012")
    bench.client.plug(port)
    until(lambda: hall.devices[device].health().state == State.ONLINE, what="its return")
    until(lambda: bench.heard(device).count(b"A012") == before + 1, what="the sign again")


def test_an_emulator_may_pull_its_own_cable(bench, hall):
    bench.client.act("alone", "unplug")
    until(lambda: hall.devices["alone"].health().state == State.OFFLINE, what="its loss")


def test_a_device_that_holds_takes_no_bytes(bench, hall):
    bench.client.act("alone", "hold")
    end = hall.devices["alone"].print(PrintJob(bytes(20), 1, lambda: None))
    with pytest.raises(DeviceError, match="0 of 20 bytes"):
        end.result(10)


def test_with_echo_the_host_reads_its_own_bytes(bench, wake_fd):
    bench.client.set_echo("single", True)
    line = Line(bench.open("single"), shared=False, wake_fd=wake_fd)
    line.send(b"\x09Z", 1)
    heard = b""
    while len(heard) < 2:
        line.wait(5)
        heard += line.take()
    assert heard == b"\x09Z"
    line.close()


def test_two_pads_at_one_time_garble_each_other(tmp_path, profile, emulated_letter_box):
    slow = msgspec.structs.replace(profile, port=PortSettings(baud=110))
    bench = Bench(tmp_path, slow, emulated_letter_box)
    bench.client.act("bus-1", "key")
    bench.client.act("bus-2", "key")
    assert bench.port("bus")["collisions"] > 0
    assert bench.port("single")["collisions"] == 0
    bench.close()


@pytest.fixture
def wake_fd():
    fd = os.eventfd(0, os.EFD_NONBLOCK)
    yield fd
    os.close(fd)


def test_the_line_takes_its_time(tmp_path, profile, emulated_letter_box, wake_fd):
    slow = msgspec.structs.replace(profile, port=PortSettings(baud=300))
    bench = Bench(tmp_path, slow, emulated_letter_box)
    line = Line(bench.open("single"), shared=False, wake_fd=wake_fd)
    line.send(b"x" * 30, 1)  # a second at 300 baud
    assert len(bench.heard("alone")) < 30
    until(lambda: bench.heard("alone") == b"x" * 30, what="all of it")
    line.close()
    bench.close()


def test_a_tcp_printer_that_holds_meets_the_deadline(bench, wake_fd):
    bench.client.act("far", "hold")
    line = Line(bench.open("net"), shared=False, wake_fd=wake_fd)
    with pytest.raises(WriteTimeout):
        line.send(bytes(50_000_000), 0.5)
    line.close()


def test_the_paper_survives_a_daemon_that_is_killed(bench):
    daemon = f"""
import os, signal
from kioskd.devices.ports import open_port
from kioskd.devices.port_uri import parse_port, resolve
from kioskd.devices.profiles import PortSettings
from pathlib import Path
place = resolve(parse_port("emulator:"), "single", Path({str(bench.folder)!r}))
port = open_port(place, PortSettings(baud=19200))
port.write(b"half a tic")
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", daemon], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    until(lambda: bench.heard("alone") == b"half a tic", what="what was taken before")
    port = bench.open("single")  # the lock died with its owner
    port.write(b"ket")
    until(lambda: bench.heard("alone") == b"half a ticket", what="the rest")
    port.close()


def test_pictures_pass_the_control_socket(bench):
    assert bench.client.picture("alone").startswith(b"\x89PNG")


def test_only_this_user_may_control(bench):
    mode = (bench.folder / "control.sock").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.parametrize(
    "request_line",
    [
        b"not json",
        b"[]",
        b"{}",
        b'{"do": "act"}',
        b'{"do": "act", "device": "alone", "action": "dance"}',
        b'{"do": "act", "device": "nobody", "action": "key"}',
        b'{"do": "picture", "device": "alone", "index": "last"}',
        b'{"do": "unplug", "port": "none"}',
    ],
)
def test_a_wrong_request_is_refused_and_harms_nothing(bench, request_line):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(bench.folder / "control.sock"))
        connection.sendall(request_line + b"\n")
        assert b'"ok":false' in connection.recv(4096)
    assert bench.client.answers()


def test_an_endless_request_is_hung_up_on(bench):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(bench.folder / "control.sock"))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.sendall(bytes(50_000_000))
    assert bench.client.answers()


def test_a_refusal_says_what_was_refused(bench):
    with pytest.raises(DeviceError, match=r"act.*nobody"):
        bench.client.act("nobody", "key")


def test_a_second_host_on_one_folder_is_refused(bench):
    with pytest.raises(DeviceError, match="already run"):
        EmulatorHost([], [], bench.folder)
    assert bench.client.answers()


def test_the_end_leaves_no_port_behind(bench):
    bench.client.stop()
    bench.thread.join(10)
    assert not list(bench.folder.glob("*.uri"))
    with pytest.raises(EmulatorsGone):
        bench.client.list()
    bench.client.stop()


def test_emulators_end_when_no_daemon_has_used_them(tmp_path, profile, emulated_letter_box, monkeypatch):
    monkeypatch.setattr("kioskd.devices.emulator_host.IN_USE_CHECK_S", 0.05)
    bench = Bench(tmp_path, profile, emulated_letter_box, outlive_s=0.5)
    port = bench.open("single")
    bench.thread.join(1.5)
    assert bench.client.answers()  # a daemon has a port open
    port.close()
    bench.thread.join(20)
    assert not bench.thread.is_alive()


def test_an_emulator_that_fails_does_not_take_the_others_with_it(tmp_path, profile, emulated_letter_box):
    class Fails(emulated_letter_box):
        def received(self, data: bytes) -> None:
            if self.address == 1:
                raise RuntimeError("a bug")
            super().received(data)

    bench = Bench(tmp_path, profile, Fails)
    port = bench.open("bus")
    port.write(b"\x02S")
    until(lambda: bench.heard("bus-2") == b"\x02S", what="the other")
    port.close()
    bench.close()
