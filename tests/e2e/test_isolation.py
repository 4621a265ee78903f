"""A device gone mad, or its driver, leaves all others and the pages as quick as they were.

The same press, page and request are timed while three drivers of somebody else misbehave and while their
devices are unplugged, and the medians are compared.
"""

import contextlib
import itertools
import os
import statistics
import subprocess
import time
import tty
from collections.abc import Iterator

import pytest

pytestmark = pytest.mark.e2e

WINDOWS = range(1, 7)
PRESSES = 8
REQUESTS = 30
MOST_TIMES_SLOWER = 2.0
GRACE_S = 0.03
"""What a busy machine may add of its own."""

BAD_DRIVERS = '''
import time

from kioskd.devices.driver import Driver
from kioskd.devices.kinds import Kind


class Raiser(Driver):
    """Raises wherever it can."""

    kinds = frozenset({Kind.DISPLAY, Kind.KEYPAD})

    def fail(self, *_):
        raise ZeroDivisionError("as always")

    show = signal = poll = received = silence = fail


class Hanger(Driver):
    """Hangs for longer than anybody waits."""

    kinds = frozenset({Kind.DISPLAY})

    def show(self, sign):
        time.sleep(20)


class Eater(Driver):
    """Looks at every byte, slowly."""

    kinds = frozenset({Kind.KEYPAD})

    def received(self, data):
        for byte in data:
            for _ in range(100):
                byte = (byte * 31 + 7) % 256
'''
ENTRY_POINTS = """
[kioskd.drivers]
raiser = bad_drivers:Raiser
hanger = bad_drivers:Hanger
eater = bad_drivers:Eater
"""
BAD = {"raiser": ["display", "keypad"], "hanger": ["display"], "eater": ["keypad"]}
"""The bad drivers with their kinds; a profile of the same name for each."""
GARBLED = {"raiser": "raiser", "eater": "eater", "pad-9": "ff68-keypad"}
"""The devices that hear garbage without end, with their profiles."""

HALL = """
[hall]
name = "青溪村便民服务点"

[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0

[ports.counter]
at = "emulator:"

[[lines]]
id = "general"
title = "综合事务"
letter = "A"
"""
WINDOW = """
[[windows]]
number = {n}
title = "综合窗口"
lines = ["general"]

[[devices]]
name = "strip-{n}"
profile = "pinganlihe-v21"
port = "counter"
address = {n}
window = {n}

[[devices]]
name = "pad-{n}"
profile = "usb-numpad"
port = "emulator:"
window = {n}
"""
DEVICE = """
[[devices]]
name = "{name}"
profile = "{profile}"
port = "serial:{socket}"
window = 1
"""
MATTERS = """
[[matters]]
code = "MZ-03"
name = "临时救助申请"
area = "社会事务"
department = "社会事务办公室"
line = "general"
by_law = "《社会救助暂行办法》"
accept_condition = "基本生活暂时严重困难"
materials = ["申请书"]
handle_flow = "申请 → 审核 → 发放"
promise = "10个工作日"
"""


class Cable:
    """A pseudo-terminal behind a name in /dev, so to speak, that may carry garbage as fast as it is read."""

    def __init__(self, socket, garbage):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._socket = socket
        socket.symlink_to(os.ttyname(self._slave))
        self._babble = None
        if garbage:
            self._babble = subprocess.Popen(
                ["cat", "/dev/urandom"], stdout=self._master, stderr=subprocess.DEVNULL
            )

    def unplug(self):
        if not self._socket.is_symlink():
            return
        self._socket.unlink()
        if self._babble is not None:
            self._babble.kill()
            self._babble.wait()
        os.close(self._slave)
        os.close(self._master)


@pytest.fixture
def sockets(tmp_path):
    """Where the bad devices are plugged in: pseudo-terminals, some full of garbage."""
    with contextlib.ExitStack() as all_of_them:
        cables = {}
        for name in ("hanger", *GARBLED):
            cables[name] = Cable(tmp_path / f"socket-{name}", name in GARBLED)
            all_of_them.callback(cables[name].unplug)
        yield cables


@pytest.fixture
def hall(hall_of, tmp_path, sockets) -> Iterator:
    """Six good windows, and among the devices of the first one four bad ones."""
    site = tmp_path / "site"
    (site / "bad_drivers-1.0.dist-info").mkdir(parents=True)
    (site / "bad_drivers.py").write_text(BAD_DRIVERS, encoding="utf-8")
    (site / "bad_drivers-1.0.dist-info" / "METADATA").write_text("Name: bad_drivers\nVersion: 1.0\n")
    (site / "bad_drivers-1.0.dist-info" / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "profiles").mkdir()
    for name, kinds in BAD.items():
        profile = f'name = "{name}"\ntitle = "{name}"\ndriver = "{name}"\nkinds = {kinds}\n'
        (tmp_path / "profiles" / f"{name}.toml").write_text(profile.replace("'", '"'))
    bad = {"hanger": "hanger", **GARBLED}
    devices = [
        DEVICE.format(name=name, profile=profile, socket=tmp_path / f"socket-{name}")
        for name, profile in bad.items()
    ]
    devices = [text + ("address = 9\n" if "ff68" in text else "") for text in devices]
    windows = [WINDOW.format(n=n) for n in WINDOWS]
    return hall_of("".join([HALL, *windows, *devices]), MATTERS, site)


def test_a_fault_in_one_driver_leaves_the_others_and_the_pages_as_quick_as_they_were(
    hall, sockets, eventually
):
    tickets = iter([hall.take_ticket()["number"] for _ in range(2 * PRESSES + len(WINDOWS))])

    windows = itertools.cycle(WINDOWS)  # each rests for seconds, or its next press would be a double press

    def press():
        """Seconds from the key to the strip, at the next window."""
        window, number = next(windows), next(tickets)
        hall.emulators.act(f"pad-{window}", "call")
        began_s = time.monotonic()
        eventually(lambda: hall.seen(f"strip-{window}")["lit"] == number, f"strip {window}: {number}")
        took_s = time.monotonic() - began_s
        time.sleep(0.6)
        return took_s

    def ask(path):
        began_s = time.monotonic()
        assert hall.api("GET", path).status == 200
        return time.monotonic() - began_s

    def measure():
        return {
            "press to strip": statistics.median(press() for _ in range(PRESSES)),
            "kiosk page": statistics.median(ask("/kiosk") for _ in range(REQUESTS)),
            "api": statistics.median(ask("/api/v1/queue") for _ in range(REQUESTS)),
        }

    def reasons(name):
        return {reason["code"] for reason in hall.health(name)["reasons"]}

    for _ in WINDOWS:
        press()
    for name in GARBLED:
        eventually(lambda name=name: "endless_garbage" in reasons(name), f"{name} is seen to be flooded")
    assert "driver_error" in reasons("raiser")
    mad = measure()
    for cable in sockets.values():
        cable.unplug()
    for name in GARBLED:
        eventually(lambda name=name: hall.health(name)["state"] == "offline", f"{name} is unplugged")
    calm = measure()
    for name in mad:
        most_s = MOST_TIMES_SLOWER * calm[name] + GRACE_S
        assert mad[name] < most_s, f"{name}: {mad[name]} s, and {calm[name]} s when all is well"
    assert hall.log().count("as always") < 60, "a driver that fails for ever does not fill the log"
