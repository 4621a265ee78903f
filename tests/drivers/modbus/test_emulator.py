"""The display's side, alone and with its driver at the other end of a real line."""

import pytest

from drivers.modbus.driver import ModbusDisplay
from drivers.modbus.emulator import EmulatedModbusDisplay
from kioskd.devices.health import State
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.profiles import PortSettings
from kioskd.devices.registry import driver_class, emulator_class
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, running_emulators, until


class Wire:
    """The emulator's hold on its line: what it sends is kept, its clock is moved by hand."""

    def __init__(self):
        self.clock_s = 50.0
        self.sent = b""

    def send(self, data):
        self.sent += data

    def now_s(self):
        return self.clock_s


@pytest.fixture
def bench(profile):
    """`display, ask = bench()`: a display, and a way to ask it something in hex and get its answer."""

    def make(name="armfly-led485", address=1, **options):
        wire = Wire()
        display = EmulatedModbusDisplay(wire, profile(name, **options), address)

        def ask(request):
            wire.sent = b""
            display.received(bytes.fromhex(request))
            wire.clock_s += 0.2
            display.tick()
            return wire.sent.hex(" ").upper()

        return display, ask

    return make


def test_it_shows_the_makers_example_and_confirms_it(bench):
    display, ask = bench()

    assert ask("01 06 00 00 00 0C 89 CF") == "01 06 00 00 00 0C 89 CF"

    assert (display.view()["lit"], display.view()["text"]) == ("12", "12")
    assert ask("01 03 00 00 00 01 84 0A") == "01 03 02 00 0C B8 41"


def test_it_shows_text_until_a_number_is_written(bench):
    display, ask = bench()

    assert ask("01 10 00 70 00 03 06 20 20 41 30 31 32 E2 7A") == "01 10 00 70 00 03 81 D3"
    assert display.view()["text"] == "  A012"
    ask("01 06 00 00 00 0C 89 CF")
    assert display.view()["text"] == "12"


def test_it_has_a_decimal_point_and_a_sign(bench):
    display, ask = bench()

    ask("01 06 00 00 FF 85 09 99")  # -123
    ask("01 06 00 04 00 02 49 CA")
    assert display.view()["text"] == "-1.23"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("01 06 00 09 00 0C 59 CD", "01 86 02 C3 A1"),
        ("01 03 00 00 00 02 C4 0B", "01 83 02 C0 F1"),
        ("01 04 00 00 00 01 31 CA", "01 84 01 82 C0"),
        ("02 06 00 00 00 0C 89 FC", ""),
        ("00 06 00 00 00 0C 88 1E", ""),
        ("01 06 00 00 00 0C 89 CE", ""),
    ],
)
def test_what_it_does_not_have_is_refused_and_what_is_not_for_it_not_answered(bench, request_, answer):
    _, ask = bench()

    assert ask(request_) == answer


def test_its_faults_are_silence_refusal_and_garbage(bench):
    display, ask = bench()

    for fault, answer in (("silent", ""), ("refuse", "01 86 03 02 61"), ("wrong_checksum", "")):
        display.act(fault)
        heard = ask("01 06 00 00 00 0C 89 CF")
        assert heard == answer or (fault == "wrong_checksum" and heard != "01 06 00 00 00 0C 89 CF")
        display.act(fault)
    display.act("power_cut")
    assert display.view()["text"] == "0"
    with pytest.raises(KeyError):
        display.act("explode")


@pytest.fixture
def hall(tmp_path, profile):
    """Two displays on one emulated line, and a supervisor of theirs: (devices, lab)."""
    ports = [PortSpec(name="line", at="emulator:", settings=PortSettings(baud=9600), local_echo=None)]
    specs = [
        DeviceSpec(name=name, title="", profile=profile(), port="line", address=address, options={})
        for name, address in (("one", 1), ("two", 2))
    ]
    with running_emulators(ports, specs, tmp_path) as lab:
        supervisor = Supervisor(ports, specs, tmp_path, pace=QUICK)
        supervisor.start()
        yield supervisor.devices, lab
        supervisor.stop()


def lit(lab):
    return [device["view"]["lit"] for device in lab.list()]


def call(number, window):
    return Sign(state=SignState.CALL, window=window, number=number)


def test_two_displays_on_one_line_show_their_own_numbers_and_again_after_the_cable_was_pulled(hall):
    devices, lab = hall
    devices["one"].show(call("A012", 1))
    devices["two"].show(call("B345", 2))
    until(lambda: lit(lab) == ["A012", "B345"])

    lab.act("one", "unplug")
    until(lambda: devices["two"].health().state is State.OFFLINE)
    for name in devices:
        lab.act(name, "power_cut")
    lab.act("one", "plug")

    until(lambda: lit(lab) == ["A012", "B345"])
    until(lambda: all(device.health().state is State.ONLINE for device in devices.values()))
    assert lab.ports()[0]["collisions"] == 0


def test_on_a_line_with_echo_all_goes_on(hall):
    devices, lab = hall
    lab.set_echo("line", True)
    devices["one"].show(call("A012", 1))
    until(lambda: lit(lab)[0] == "A012")

    lab.act("one", "refuse")
    devices["one"].show(call("A013", 1))

    until(lambda: [reason.code for reason in devices["one"].health().reasons] == ["refused"])


def test_its_driver_is_the_one_that_its_profile_names():
    assert driver_class("modbus") is ModbusDisplay
    assert emulator_class("modbus") is EmulatedModbusDisplay
