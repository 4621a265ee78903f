"""The controller's side, alone and with its driver at the other end."""

import contextlib

import pytest

from drivers.onbon import commands
from drivers.onbon.commands import Area
from drivers.onbon.driver import OnbonDisplay
from drivers.onbon.emulator import EmulatedOnbon
from drivers.onbon.frames import BROADCAST, Decoder, Packet, encode
from kioskd.devices.health import State
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.profiles import PortSettings
from kioskd.devices.registry import driver_class, emulator_class
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, running_emulators, until

A012 = commands.show_areas(
    [Area(number=0, x=0, y=0, width=8, height=16, text=b"\\C2A012\\n\\C1\xb4\xb0\xbf\xda")]
)
ACK = "A0 00 00 00 00"


class Wire:
    """The emulator's hold on its line: what it sends is kept, its clock is moved by hand."""

    def __init__(self):
        self.clock_s = 50.0
        self.sent = []

    def send(self, data):
        self.sent.append(data)

    def now_s(self):
        return self.clock_s


@pytest.fixture
def bench(profile):
    """`screen, ask = bench()`: a controller, and a way to ask it something and get its answers."""

    def make(address=None, **options):
        wire = Wire()
        screen = EmulatedOnbon(wire, profile(**options), address)

        def ask(command, to=1):
            wire.sent.clear()
            screen.received(encode(Packet(to=to, data=command.data)))
            screen.tick()
            answers = Decoder(print).feed(b"".join(wire.sent))
            return [answer.data.hex(" ").upper() for answer in answers]

        return screen, ask

    return make


def test_it_shows_the_makers_example(bench):
    screen, _ = bench(1)

    screen.received(
        bytes.fromhex(
            "A5 A5 A5 A5 A5 A5 A5 A5 FE FF 00 80 00 00 00 00 00 00 FE 02 28 00 A3 06 01 00 00 00 01 1F"
            "00 00 00 00 00 00 08 00 10 00 00 00 00 05 00 00 00 00 02 01 01 00 00 08"
            "04 00 00 00 41 30 31 32 18 A3 5A"
        )
    )

    view = screen.view()
    assert (view["lit"], view["text"], view["moves"]) == ("A012", "A012", False)
    assert view["bad_frames"] == {}


def test_colours_and_lines_are_obeyed(bench):
    screen, ask = bench()

    assert ask(A012) == [ACK]

    assert screen.view()["runs"] == [["green", "A012\n"], ["red", "窗口"]]


def test_it_can_be_dark_by_switch_by_deletion_and_by_a_power_cut(bench):
    screen, ask = bench()
    ask(A012)

    ask(commands.power(False))
    assert screen.view()["text"] == ""
    ask(commands.power(True))
    assert screen.view()["lit"] == "A012"
    ask(commands.delete_areas(0))
    assert screen.view()["lit"] == ""
    ask(A012)
    screen.act("power_cut")
    assert screen.view()["text"] == ""
    ask(A012)
    screen.received(bytes.fromhex("A5 01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A3 10 01 00 00 51 F8 5A"))
    assert screen.view()["text"] == "", "the document's example of clearing the screen"


def test_it_is_as_bright_as_it_was_told(bench):
    screen, ask = bench()

    assert ask(commands.brightness(4)) == [ACK]
    assert ask(commands.brightness(4, table=False)) == [ACK]
    assert ask(commands.brightness(16)) == ["A0 01 02 00 00"]

    assert screen.view()["brightness"] == 4


def test_it_hears_its_own_address_and_the_broadcast_only(bench):
    _, ask = bench(2)

    assert ask(commands.ping(), to=2) == [ACK]
    assert ask(commands.ping(), to=BROADCAST) == [ACK]
    assert ask(commands.ping(), to=3) == []


@pytest.mark.parametrize("cut", [0, 2, 10, 27, 30])
def test_an_area_that_is_not_as_the_document_says_is_refused(bench, cut):
    screen, ask = bench()
    short = commands.Command("short", A012.data[: 5 + cut])

    assert ask(short)[0].startswith("A0 01")
    assert screen.view()["text"] == ""


def test_its_faults_are_silence_refusal_and_garbage(bench):
    screen, ask = bench()

    screen.act("silent")
    assert ask(commands.ping()) == []
    screen.act("silent")
    screen.act("refuse")
    assert ask(A012) == ["A0 01 04 00 00"]
    assert ask(commands.ping()) == [ACK]
    screen.act("refuse")
    screen.act("wrong_checksum")
    assert ask(commands.ping()) == []
    with pytest.raises(KeyError):
        screen.act("explode")


# --- with the driver, over real ports ---


@pytest.fixture
def hall(tmp_path, profile):
    """Screens in a process of their own, and a supervisor: `devices, lab = hall([...], at)`."""
    with contextlib.ExitStack() as stack:

        def start(devices, at):
            ports = [PortSpec(name="board", at=at, settings=PortSettings(baud=57600), local_echo=None)]
            specs = [
                DeviceSpec(
                    name=name, title="", profile=profile(), port="board", address=address, options=options
                )
                for name, address, options in devices
            ]
            lab = stack.enter_context(running_emulators(ports, specs, tmp_path))
            supervisor = Supervisor(ports, specs, tmp_path, pace=QUICK)
            supervisor.start()
            stack.callback(supervisor.stop)
            return supervisor.devices, lab

        yield start


def views(lab):
    return {device["name"]: device["view"] for device in lab.list()}


def call(number, window):
    return Sign(state=SignState.CALL, window=window, number=number)


def test_two_windows_share_one_screen_over_the_network(hall):
    devices, lab = hall([("left", None, {"area": 0}), ("right", None, {"area": 1, "x": 64})], "emulator:tcp")

    devices["left"].show(call("A012", 1))
    devices["right"].show(call("B345", 2))

    until(lambda: [view["lit"] for view in views(lab).values()] == ["A012", "B345"])
    until(lambda: all(device.health().state is State.ONLINE for device in devices.values()))


def test_two_screens_on_one_line_are_told_apart_by_their_address(hall):
    devices, lab = hall([("one", 1, {}), ("two", 2, {})], "emulator:")

    devices["one"].show(call("A012", 1))
    devices["two"].show(call("B345", 2))

    until(lambda: [view["lit"] for view in views(lab).values()] == ["A012", "B345"])
    assert lab.ports()[0]["collisions"] == 0


def test_a_screen_that_was_unplugged_shows_all_again(hall):
    devices, lab = hall([("left", None, {"brightness": 5})], "emulator:tcp")
    left = devices["left"]
    left.show(call("A012", 1))
    until(lambda: views(lab)["left"]["lit"] == "A012")

    lab.act("left", "unplug")
    until(lambda: left.health().state is State.OFFLINE)
    lab.act("left", "power_cut")
    assert views(lab)["left"]["brightness"] == 15
    lab.act("left", "plug")

    until(lambda: views(lab)["left"]["lit"] == "A012")
    assert views(lab)["left"]["brightness"] == 5
    until(lambda: left.health().state is State.ONLINE)


def test_a_screen_that_refuses_is_a_fault_until_it_takes_the_sign(hall):
    devices, lab = hall([("left", None, {})], "emulator:tcp")
    left = devices["left"]
    until(lambda: left.health().state is State.ONLINE)
    lab.act("left", "refuse")

    left.show(call("A012", 1))
    until(lambda: [reason.code for reason in left.health().reasons] == ["refused"])
    lab.act("left", "refuse")
    left.show(call("A013", 1))

    until(lambda: views(lab)["left"]["lit"] == "A013")
    until(lambda: left.health().state is State.ONLINE)


def test_its_driver_is_the_one_that_its_profile_names(profile):
    assert driver_class("onbon") is OnbonDisplay
    assert emulator_class("onbon") is EmulatedOnbon
