"""What is plugged in: the library's own reading of a device tree that umockdev shows it, and who is meant."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kioskd.devices.errors import PortError
from kioskd.devices.plugged import Plugged, choose
from kioskd.devices.port_uri import parse_port, resolve
from kioskd.devices.usb_identity import parse_identity

COUNTER = Path(__file__).parent / "plugged" / "counter.umockdev"
"""Two CH340 adapters without serial numbers, an Epson printer, a number pad with two input nodes."""
READ = """
import msgspec, sys
from kioskd.devices.plugged import plugged
found = {scheme: plugged(scheme) for scheme in ("serial", "lp", "usb", "evdev", "video")}
sys.stdout.buffer.write(msgspec.json.encode(found))
"""


FIND = """
import sys
from kioskd.devices.plugged import find
from kioskd.devices.usb_identity import parse_identity
scheme, identity = sys.argv[1:]
sys.stdout.write(find(scheme, parse_identity(identity)).node)
"""


def on_the_counter(program, *arguments):
    """Run a Python program where only the devices of COUNTER are plugged in."""
    return subprocess.run(
        ["umockdev-run", "--device", str(COUNTER), "--", sys.executable, "-c", program, *arguments],
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def counter():
    return msgspec.json.decode(on_the_counter(READ), type=dict[str, list[Plugged]])


@pytest.mark.parametrize(
    ("scheme", "identity", "node"),
    [
        ("serial", "1a86:7523?path=1-2", "/dev/ttyUSB1"),
        ("lp", "04b8:0e15", "/dev/usb/lp0"),
        ("usb", "04b8:0e15?serial=583553463A01", "/dev/bus/usb/001/006"),
        ("evdev", "13ba:0001", "/dev/input/event5"),
    ],
)
def test_what_is_meant_is_found_among_its_own_model_alone(scheme, identity, node):
    assert on_the_counter(FIND, scheme, identity).decode() == node


def test_twins_are_told_apart_by_their_sockets(counter):
    assert [(one.node, one.path, one.serial) for one in counter["serial"]] == [
        ("/dev/ttyUSB0", "1-1", ""),
        ("/dev/ttyUSB1", "1-2", ""),
    ]
    assert choose("serial", parse_identity("1a86:7523?path=1-2"), counter["serial"]).node == "/dev/ttyUSB1"


def test_a_name_that_fits_both_twins_is_refused_with_the_two_that_are_clear(counter):
    with pytest.raises(PortError, match=r"1a86:7523\?path=1-1 or 1a86:7523\?path=1-2") as caught:
        choose("serial", parse_identity("1a86:7523"), counter["serial"])
    assert caught.value.reason == "ambiguous"


def test_a_printer_is_found_by_its_serial_number_in_any_socket(counter):
    identity = parse_identity("04b8:0e15?serial=583553463A01")
    assert choose("lp", identity, counter["lp"]).node == "/dev/usb/lp0"
    elsewhere = [msgspec.structs.replace(one, node="/dev/usb/lp3", path="2-1.4") for one in counter["lp"]]
    assert choose("lp", identity, elsewhere).node == "/dev/usb/lp3"
    assert choose("usb", identity, counter["usb"]).node == "/dev/bus/usb/001/006"


def test_of_a_keypads_nodes_the_one_with_digits_is_meant(counter):
    found = choose("evdev", parse_identity("13ba:0001"), counter["evdev"])
    assert (found.node, found.digits, found.letters) == ("/dev/input/event5", True, False)
    assert (
        choose("evdev", parse_identity("13ba:0001?interface=1"), counter["evdev"]).node == "/dev/input/event4"
    )


def test_what_is_not_plugged_in_says_where_its_like_is(counter):
    with pytest.raises(PortError, match="not plugged in, but its like is at 1-1, 1-2") as caught:
        choose("serial", parse_identity("1a86:7523?path=1-9"), counter["serial"])
    assert caught.value.reason == "port_missing"
    with pytest.raises(PortError, match=r"not plugged in$"):
        choose("serial", parse_identity("0403:6001"), counter["serial"])


def test_an_identity_becomes_the_node_of_today(counter):
    uri = parse_port("lp:04b8:0e15?serial=583553463A01")
    found = resolve(uri, "kiosk", None, find_plugged=lambda scheme, who: choose(scheme, who, counter[scheme]))
    assert str(found) == "lp:/dev/usb/lp0"


@pytest.mark.parametrize("at", ["usb:04b8:0e15?serial=A%2FB", "serial:1a86:7523?path=1-2.3&interface=1"])
def test_an_identity_is_written_as_it_is_read(at):
    assert f"{at.partition(':')[0]}:{parse_port(at).identity}" == at


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("04b8", "names no USB device"),
        ("04b8:0e15?socket=1-2", "no 'socket'"),
        ("04b8:0e15?sereal=A", "did you mean 'serial'"),
        ("04b8:0e15?path=usb1", "such as 1-2"),
        ("04b8:0e15?serial=", "serial is empty"),
        ("04b8:0e15?serial", "serial="),
        ("04b8:0e15?path=1-2&interface=two", "a number"),
    ],
)
def test_an_identity_that_is_none_is_refused(place, says):
    with pytest.raises(ValueError, match=says):
        parse_identity(place)
