"""What is plugged in is tried at once, and a shaking plug does not keep the house busy."""

import errno
import queue
import threading
import time
from types import SimpleNamespace

from kioskd.devices.driver import Driver
from kioskd.devices.errors import PortError
from kioskd.devices.health import State
from kioskd.devices.hotplug import Hotplug
from kioskd.devices.kinds import Kind
from kioskd.devices.owner import Pace
from kioskd.devices.profiles import Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import until

PROFILE = Profile(name="any", title="any", driver="any", kinds=frozenset({Kind.DISPLAY}))


class Kernel:
    """The edge: the kernel's events, as the library's monitor gives them."""

    def __init__(self):
        self.events = queue.Queue()

    def poll(self, timeout):
        try:
            event = self.events.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(event, OSError):
            raise event
        return event

    def tell(self, *actions):
        for action in actions:
            self.events.put(SimpleNamespace(action=action))


def test_the_many_events_of_one_plugging_are_told_once():
    kernel, told = Kernel(), []
    hotplug = Hotplug(lambda: told.append(time.monotonic()), monitor=lambda: kernel)
    hotplug.start()
    kernel.tell("add", "add", "change", "add")
    until(lambda: told)
    time.sleep(0.5)
    assert len(told) == 1
    kernel.tell("remove")
    kernel.tell("add")
    until(lambda: len(told) == 2)
    hotplug.stop()


def test_after_more_events_than_the_kernel_keeps_ports_are_tried_and_the_listening_goes_on(caplog):
    kernel, told = Kernel(), []
    hotplug = Hotplug(lambda: told.append(1), monitor=lambda: kernel)
    hotplug.start()
    kernel.events.put(OSError(errno.ENOBUFS, "No buffer space available"))
    until(lambda: len(told) == 1)
    assert "some plugging was not heard" in caplog.text
    kernel.tell("add")
    until(lambda: len(told) == 2)
    hotplug.stop()


def test_where_nothing_can_be_heard_nothing_breaks(caplog):
    def no_monitor():
        raise OSError("no netlink here")

    hotplug = Hotplug(lambda: None, monitor=no_monitor)
    hotplug.start()
    until(lambda: "found again a little later" in caplog.text)
    hotplug.stop()


def test_a_port_that_appears_is_opened_at_once_though_its_next_try_was_far():
    there = threading.Event()
    opened = threading.Event()

    def opener(_uri, _settings):
        if not there.is_set():
            raise PortError("port_missing", "not plugged in yet")
        opened.set()
        raise PortError("port_lost", "enough for this test")

    supervisor = Supervisor(
        [PortSpec(name="line", at="serial:/dev/ttyUSB9")],
        [DeviceSpec(name="strip", title="strip", profile=PROFILE, port="line")],
        pace=Pace(reopen_start_s=3600, reopen_cap_s=3600),
        find=lambda _: Driver,
        opener=opener,
    )
    supervisor.start()
    strip = supervisor.devices["strip"]
    until(lambda: strip.health().state is State.OFFLINE)
    there.set()
    assert not opened.wait(0.2)
    for owner in supervisor.owners:
        owner.nudge()
    assert opened.wait(5)
    supervisor.stop()


def test_a_port_that_is_missing_for_days_is_told_once(caplog):
    caplog.set_level("INFO")
    tries, missing = [], threading.Event()

    def opener(_uri, _settings):
        tries.append(1)
        reason = "permission_denied" if missing.is_set() else "port_missing"
        raise PortError(reason, reason)

    supervisor = Supervisor(
        [PortSpec(name="line", at="tcp:10.0.0.7:9100")],
        [DeviceSpec(name="strip", title="strip", profile=PROFILE, port="line")],
        pace=Pace(reopen_start_s=0.01, reopen_cap_s=0.01),
        find=lambda _: Driver,
        opener=opener,
    )
    supervisor.start()
    until(lambda: len(tries) > 20)
    missing.set()
    count = len(tries)
    until(lambda: len(tries) > count + 20)
    supervisor.stop()
    told = [record.getMessage() for record in caplog.records if "line is closed" in record.getMessage()]
    assert told == ["port line is closed: port_missing", "port line is closed: permission_denied"]
