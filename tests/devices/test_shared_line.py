"""Several devices on one line take turns, and a silent one costs only its own deadline."""

import os
import select
import threading
import time
import tty

import pytest

from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed, Sign
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.testing import until


class Line:
    """The far end of a shared line: boxes at `answering` answer; every frame is noted with its time."""

    def __init__(self, answering: set[int]) -> None:
        self.answering = answering
        self.frames: list[tuple[float, bytes]] = []
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.at = f"serial:{os.ttyname(self.slave)}"
        self._stop = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        heard = b""
        while not self._stop:
            if not select.select([self.master], [], [], 0.05)[0]:
                continue
            heard += os.read(self.master, 4096)
            while len(heard) >= 2:
                length = 6 if heard[1:2] == b"S" else 2
                if len(heard) < length:
                    break
                frame, heard = heard[:length], heard[length:]
                self.frames.append((time.monotonic(), frame))
                if frame[1:2] == b"?" and frame[0] in self.answering:
                    os.write(self.master, frame[:1] + b"!")

    def close(self) -> None:
        self._stop = True
        self._thread.join()
        os.close(self.master)
        os.close(self.slave)

    def seen(self, frame: bytes) -> int:
        return sum(1 for _, seen in self.frames if seen == frame)


@pytest.fixture
def line():
    line = Line({1, 2, 4})
    yield line
    line.close()


@pytest.fixture
def hall(line, profile, supervise):
    """Boxes 1 to 4 on one line; box 3 is dead."""
    devices = [
        DeviceSpec(name=f"box-{n}", title="", profile=profile, port="bus", address=n) for n in range(1, 5)
    ]
    return supervise([PortSpec(name="bus", at=line.at)], devices)


def test_one_silent_device_does_not_spoil_the_others(hall, line):
    for name in ("box-1", "box-2", "box-4"):
        until(lambda name=name: hall.devices[name].health().state == State.ONLINE, what=name)
    until(lambda: hall.devices["box-3"].health().state == State.OFFLINE, what="the dead one")
    for n in range(1, 5):
        hall.devices[f"box-{n}"].show(Sign(state="call", window=n, number=f"A00{n}"))
    for n in (1, 2, 4):
        until(lambda n=n: line.seen(bytes([n]) + b"SA00%d" % n) == 1, what=f"sign {n}")
    assert line.seen(b"\x03SA003") == 0


def test_a_silent_device_is_tried_more_and_more_rarely(hall, line):
    until(lambda: line.seen(b"\x03?") >= 4, what="four tries")
    tries = [at for at, frame in line.frames if frame == b"\x03?"]
    assert tries[3] - tries[2] > 0.3 + 0.1  # its own deadline and a back-off that has grown
    assert line.seen(b"\x01?") == 1


def test_a_revived_device_gets_its_sign(hall, line):
    until(lambda: hall.devices["box-3"].health().state == State.OFFLINE, what="the dead one")
    hall.devices["box-3"].show(Sign(state="call", window=3, number="A003"))
    line.answering.add(3)
    until(lambda: line.seen(b"\x03SA003") == 1, what="the sign")
    assert hall.devices["box-3"].health().state == State.ONLINE


def test_all_hear_every_byte_and_each_takes_its_own(hall, line):
    heard = []
    hall.subscribe(lambda event: heard.append(event) if isinstance(event, KeyPressed) else None)
    until(lambda: hall.devices["box-4"].health().state == State.ONLINE, what="box 4")
    os.write(line.master, b"\x02K\x04K")
    until(lambda: len(heard) == 2, what="two keys")
    assert heard == [KeyPressed("box-2", "call"), KeyPressed("box-4", "call")]
    assert hall.devices["box-1"].health().counters["received_bytes"] >= 4
