"""Ports that are missing, flap or hang; the daemon goes on."""

import itertools
import os
import threading
import time

import msgspec
import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.errors import DriverMissing, NothingSent, PortError
from kioskd.devices.health import State
from kioskd.devices.kinds import HealthChanged, Kind, PrintJob, Sign, Signal
from kioskd.devices.owner import Pace
from kioskd.devices.profiles import Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, Wire, until
from kioskd.reading import Mistakes


def specs(profile, at="serial:/dev/null/none", **device):
    port = PortSpec(name="p", at=at)
    return [port], [DeviceSpec(name="box", title="", profile=profile, port="p", address=1, **device)]


def state_and_reasons(supervisor):
    health = supervisor.devices["box"].health()
    return health.state, [reason.code for reason in health.reasons]


def test_a_missing_port_is_offline_and_tried_with_growing_pauses(profile, supervise):
    tries = []

    def opener(uri, settings):
        tries.append(time.monotonic())
        raise PortError("port_missing", f"{uri} is not there")

    pace = Pace(reopen_start_s=0.05, reopen_cap_s=0.4)
    supervisor = supervise(*specs(profile), opener=opener, pace=pace)
    until(lambda: len(tries) >= 7, what="seven tries")
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert all(pause >= 0.025 * 2 ** min(n, 3) for n, pause in enumerate(pauses))
    assert state_and_reasons(supervisor) == (State.OFFLINE, ["port_missing"])


def test_health_is_told_when_it_changes_and_only_then(profile, supervise):
    told = []
    gone = threading.Event()

    def opener(uri, settings):
        if len(told) >= 1:
            gone.set()
        raise PortError("port_missing", "not there")

    supervisor = Supervisor(*specs(profile), find=lambda _: type_of(profile), opener=opener)
    supervisor.subscribe(told.append)
    supervisor.start()
    assert gone.wait(10)
    supervisor.stop()
    assert told == [HealthChanged("box")]


def type_of(profile):
    return type("Box", (Driver,), {"kinds": profile.kinds})


class HangingPort:
    """A port whose opening hangs in the kernel until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.openings = 0

    def __call__(self, uri, settings):
        self.openings += 1
        self.let_go.wait()
        raise PortError("port_missing", "gone after all")


def test_a_port_that_hangs_is_a_fault_and_nothing_waits_for_it(profile, supervise):
    hanging = HangingPort()
    pace = Pace(stuck_s=0.2, watch_s=0.02, reopen_start_s=0.02, reopen_cap_s=0.05)
    supervisor = supervise(*specs(profile), opener=hanging, pace=pace)
    until(lambda: state_and_reasons(supervisor) == (State.FAULT, ["stuck"]), what="the fault")
    box = supervisor.devices["box"]
    box.show(Sign(state="call", window=1, number="A001"))
    with pytest.raises(NothingSent):
        box.print(PrintJob(b"x", 1, lambda: None)).result(1)
    with pytest.raises(Exception, match="cannot be reached"):
        box.signal(Signal.BEEP).result(1)
    assert supervisor.turning()
    assert hanging.openings == 1
    hanging.let_go.set()
    until(lambda: state_and_reasons(supervisor) == (State.OFFLINE, ["port_missing"]), what="its return")
    assert hanging.openings >= 1


def test_a_driver_that_hangs_gives_its_orders_back(profile, supervise):
    let_go = threading.Event()

    class Hangs(Driver):
        kinds = frozenset({Kind.PRINTER})

        def print(self, job):
            let_go.wait()
            job.on_first_byte()

    wire = Wire(echo=False)
    pace = Pace(stuck_s=0.2, watch_s=0.02, reopen_start_s=0.02)
    supervisor = supervise(*specs(profile, at=f"serial:{wire.path}"), driver=Hangs, pace=pace)
    until(lambda: state_and_reasons(supervisor) == (State.ONLINE, []), what="the port")
    first_bytes = []
    box = supervisor.devices["box"]
    jobs = [box.print(PrintJob(b"x", n, lambda: first_bytes.append(1))) for n in (1, 2)]
    for job in jobs:
        with pytest.raises(NothingSent):
            job.result(10)
    assert state_and_reasons(supervisor) == (State.FAULT, ["stuck"])
    let_go.set()
    until(lambda: state_and_reasons(supervisor) == (State.ONLINE, []), what="its return")
    assert first_bytes == []  # what was given back as "nothing sent" is not sent afterwards
    wire.close()


def test_a_port_that_hangs_while_nothing_is_asked_is_a_fault_too(profile, supervise):
    ours, theirs = os.pipe()
    let_go = threading.Event()

    class HangsInRead:
        character_s = 0.0

        def fileno(self):
            return ours

        def read(self):
            let_go.wait()
            return b""

        def write(self, data):
            return len(data)

        def close(self):
            """Closed by the test."""

    pace = Pace(stuck_s=0.3, watch_s=0.02)
    supervisor = supervise(*specs(profile), opener=lambda uri, settings: HangsInRead(), pace=pace)
    until(lambda: supervisor.owners[0].resting, what="the port at rest")
    os.write(theirs, b"x")
    until(lambda: state_and_reasons(supervisor) == (State.FAULT, ["stuck"]), what="the fault")
    let_go.set()


def test_a_stop_does_not_wait_for_a_port_that_hangs(profile, supervise):
    hanging = HangingPort()
    supervisor = supervise(*specs(profile), opener=hanging)
    until(lambda: hanging.openings, what="the opening")
    supervisor.stop(timeout_s=0.1)
    hanging.let_go.set()


def test_a_disabled_device_opens_nothing(profile, supervise):
    hanging = HangingPort()
    supervisor = supervise(*specs(profile, disabled=True), opener=hanging)
    assert state_and_reasons(supervisor) == (State.DISABLED, [])
    assert not supervisor.owners
    with pytest.raises(NothingSent, match="disabled"):
        supervisor.devices["box"].print(PrintJob(b"x", 1, lambda: None)).result(1)


def test_a_wrong_option_is_refused_before_anything_is_opened(profile):
    with pytest.raises(Mistakes, match="colour"):
        Supervisor(*specs(profile, options={"colour": "red"}), find=lambda _: type_of(profile))


def test_a_missing_driver_is_refused_before_anything_is_opened(profile):
    with pytest.raises(DriverMissing, match="frames"):
        Supervisor(*specs(msgspec.structs.replace(profile, driver="frames")))


def test_a_failing_listener_does_not_stop_the_others(profile, supervise):
    told = []
    supervisor = Supervisor(*specs(profile), find=lambda _: type_of(profile))
    supervisor.subscribe(lambda event: 1 / 0)
    supervisor.subscribe(told.append)
    supervisor.start()
    until(lambda: told, what="the event")
    supervisor.stop()


def test_a_port_that_fails_even_at_its_end_is_opened_again():
    opened = []

    class Splinter:
        """A port that is lost at once, and raises when it is closed."""

        character_s = 0.0

        def fileno(self):
            raise PortError("port_lost", "pulled")

        def close(self):
            raise RuntimeError("and the close failed too")

    def opener(_uri, _settings):
        opened.append(time.monotonic())
        return Splinter()

    profile = Profile(name="any", title="any", driver="any", kinds=frozenset({Kind.DISPLAY}))
    supervisor = Supervisor(
        [PortSpec(name="line", at="serial:/dev/ttyUSB9")],
        [DeviceSpec(name="strip", title="strip", profile=profile, port="line")],
        pace=QUICK,
        find=lambda _: Driver,
        opener=opener,
    )
    supervisor.start()
    until(lambda: len(opened) >= 3)
    assert supervisor.devices["strip"].health().counters["lost"] >= 2
    supervisor.stop()
