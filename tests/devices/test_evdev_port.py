"""The port of an input device, at the edge of the kernel: what it refuses becomes a reason with a step."""

import errno
import os
import sys

import evdev
import pytest

from kioskd.devices.errors import PortError
from kioskd.devices.port_uri import parse_port
from kioskd.devices.ports import open_port
from kioskd.devices.profiles import PortSettings

NODE = "/dev/input/event-none"


class Kernel:
    """The kernel's side of one node: a pipe that carries records, and whom it lets in."""

    def __init__(self):
        self.fd, self.far = os.pipe()
        os.set_blocking(self.fd, False)
        self.refuses = {}
        self.did = []

    def open(self, path):
        self._do("open")
        assert path == NODE
        return self

    def grab(self):
        self._do("grab")

    def ungrab(self):
        self._do("ungrab")

    def close(self):
        self._do("close")

    def _do(self, what):
        if number := self.refuses.get(what):
            raise OSError(number, os.strerror(number), NODE)
        self.did.append(what)


@pytest.fixture
def kernel(monkeypatch):
    kernel = Kernel()
    monkeypatch.setattr(evdev, "InputDevice", kernel.open)
    yield kernel
    for fd in (kernel.fd, kernel.far):
        os.close(fd)


def opened():
    return open_port(parse_port(f"evdev:{NODE}"), PortSettings())


def test_a_pad_is_taken_read_and_given_back(kernel):
    port = opened()
    assert port.read() == b""
    os.write(kernel.far, bytes(48))
    assert port.read() == bytes(48)
    port.close()
    assert kernel.did == ["open", "grab", "ungrab", "close"]


@pytest.mark.parametrize(
    ("refused", "number", "reason", "says"),
    [
        ("open", errno.EACCES, "permission_denied", "sudo usermod -aG"),
        ("open", errno.ENOENT, "port_missing", "plug it in"),
        ("open", errno.ENODEV, "port_missing", "plug it in"),
        ("grab", errno.EBUSY, "busy", f"fuser -v {NODE}"),
    ],
)
def test_what_the_kernel_refuses_has_its_reason(kernel, refused, number, reason, says):
    kernel.refuses = {refused: number}
    with pytest.raises(PortError) as caught:
        opened()
    assert caught.value.reason == reason
    assert says in str(caught.value)
    assert ("close" in kernel.did) == (refused == "grab"), "what was opened is closed again"


def test_a_pad_that_is_pulled_out_is_lost(kernel, monkeypatch):
    port = opened()

    def gone(*_):
        raise OSError(errno.ENODEV, "No such device")

    monkeypatch.setattr("kioskd.devices.evdev_port.os.read", gone)
    with pytest.raises(PortError) as caught:
        port.read()
    monkeypatch.undo()
    assert caught.value.reason == "port_lost"


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "evdev", None)
    with pytest.raises(PortError) as caught:
        opened()
    assert caught.value.reason == "library_missing"
    assert "pip install evdev" in str(caught.value)
