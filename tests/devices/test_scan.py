"""What a scan says of a hall's devices, read by the library from device trees that umockdev shows it."""

import grp
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from kioskd.config import load_hall
from kioskd.devices.access import RULES_COMMAND, access
from kioskd.devices.fitting import recognised
from kioskd.devices.plugged import Plugged
from kioskd.devices.profile_files import find_profiles, load_profile
from kioskd.devices.profiles import Recognise
from kioskd.devices.scan import scan
from kioskd.devices.sound_cards import SoundCard
from kioskd.devices.specs import PortSpec

TREES = Path(__file__).parent / "plugged"
PROFILES = {name: load_profile(name) for name in find_profiles()}
HALL = """
[hall]
name = "青溪村便民服务点"

[[lines]]
id = "general"
title = "综合事务"
letter = "A"

[[windows]]
number = 4
title = "综合窗口"
lines = ["general"]
display = false

[[clerks]]
id = "c01"
name = "王小青"
position = "综合受理岗"
"""
MATTERS = """
[[matters]]
code = "MZ-03"
name = "临时救助申请"
area = "社会事务"
department = "社会事务办公室"
line = "general"
by_law = "《社会救助暂行办法》"
accept_condition = "因火灾、交通事故等导致基本生活暂时严重困难"
materials = ["申请书"]
handle_flow = "申请 → 审核 → 发放"
promise = "10个工作日"
"""


def kioskd_scan(tree, *args):
    done = subprocess.run(
        [
            "umockdev-run",
            "--device",
            str(TREES / f"{tree}.umockdev"),
            "--",
            sys.executable,
            "-m",
            "kioskd",
            "scan",
            *map(str, args),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def hall_file(tmp_path):
    (tmp_path / "matters.toml").write_text(MATTERS, encoding="utf-8")
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    return tmp_path / "hall.toml"


@pytest.fixture(scope="module")
def hall():
    return {item["at"]: item for item in msgspec.json.decode(kioskd_scan("hall", "--json"))["items"]}


@pytest.mark.parametrize(("tree", "printer"), [("counter", "epson-tm-t82"), ("hall", "escpos-58")])
def test_what_a_scan_prints_can_be_added_to_a_hall_file_as_it_is(tree, printer, hall_file):
    text = kioskd_scan(tree, "--hall", hall_file)
    hall_file.write_text(HALL + text, encoding="utf-8")
    hall = load_hall(hall_file)
    assert {port.name for port in hall.ports} >= {"printer", "pad", "line-1", "line-2"}
    assert [device.profile.name for device in hall.devices if device.port == "printer"] == [printer]
    assert all(len(line) < 80 for line in text.splitlines() if not line.startswith("profile"))
    again = kioskd_scan(tree, "--hall", hall_file)
    assert "hall.toml names it already: port printer, used by printer." in again
    assert "[ports." not in again


def test_what_the_hall_file_names_by_another_name_is_known_too():
    link = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"
    ch340 = Plugged(
        scheme="serial", node="/dev/ttyUSB7", vendor=0x1A86, product=0x7523, path="1-2", links=(link,)
    )
    nodes = dict.fromkeys(("lp", "usb", "evdev", "video"), ()) | {"serial": (ch340,)}
    for at in (f"serial:{link}", "serial:/dev/ttyUSB7", "serial:1a86:7523", "serial:1a86:7523?path=1-2"):
        [found] = scan(PROFILES, [PortSpec(name="lectern", at=at)], nodes=nodes).items
        assert found.ports == ("lectern",), at
    for at in ("serial:/dev/ttyUSB8", "serial:1a86:7523?path=1-3", "tcp:10.0.0.7:9100"):
        [found] = scan(PROFILES, [PortSpec(name="lectern", at=at)], nodes=nodes).items
        assert found.ports == (), at


def test_a_serial_number_that_tells_nothing_apart_is_not_a_name(hall):
    one = hall["serial:10c4:ea60?path=1-1.1"]
    assert (one["node"], one["twins"]) == ("/dev/ttyUSB0", ["1-1.2"])
    assert "0001 is that of all its make" in one["why"]


def test_the_lines_of_a_double_adapter_are_two_ports(hall):
    assert hall["serial:0403:6010?serial=FT7XK2&interface=0"]["node"] == "/dev/ttyUSB2"
    assert hall["serial:0403:6010?serial=FT7XK2&interface=1"]["node"] == "/dev/ttyUSB3"


def test_a_printer_that_usblp_does_not_drive_is_reached_by_libusb(hall):
    [at] = [at for at in hall if at.startswith("usb:0416:5011")]
    assert '"' not in at
    assert hall[at]["sort"] == "printer"
    assert {"escpos-58", "escpos-80"} <= {fit["profile"] for fit in hall[at]["fits"]}


def test_an_adapter_that_another_program_took_is_told_all_the_same(hall):
    one = hall["serial:1a86:7523?path=1-5"]
    assert one["node"] == ""
    assert "brltty" in one["notes"][0]


def test_of_a_camera_the_node_with_pictures_is_meant_and_of_a_keyboard_its_letters_are_told(hall):
    assert hall["video:0c45:6366?path=1-4"]["node"] == "/dev/video0"
    assert "whole keyboard" in hall["evdev:1c4f:0002?path=1-6"]["notes"][0]


def test_a_card_reader_is_known_by_its_ids(hall):
    one = hall["usb:0400:c35a?path=1-9"]
    assert one["sort"] == "card reader"
    assert one["fits"][0]["profile"] == "sdt-usb"


def test_a_number_pad_and_a_camera_get_the_general_profile_of_their_sort(hall):
    assert hall["evdev:1c4f:0002?path=1-6"]["fits"][0]["profile"] == "usb-numpad"
    assert hall["video:0c45:6366?path=1-4"]["fits"][0]["profile"] == "uvc-document"


def test_a_socket_of_the_computer_is_named_as_it_is(hall):
    assert hall["serial:/dev/ttyS0"]["usb"] == ""


def test_what_nothing_drives_is_told_apart_and_hubs_are_not_told():
    others = msgspec.json.decode(kioskd_scan("hall", "--json"))["others"]
    assert [other["title"] for other in others] == ["USB Optical Mouse", "Realtek Card Reader"]


def test_a_serial_line_is_offered_what_could_be_behind_it(hall):
    names = {fit["profile"] for fit in hall["serial:/dev/ttyS0"]["could_be"]}
    assert {"pinganlihe-v21", "ff68-keypad", "escpos-80"} <= names


def test_twins_with_one_serial_number_are_told_apart_by_their_sockets():
    lp = [
        Plugged(scheme="lp", node=f"/dev/usb/lp{n}", vendor=1, product=2, serial="X", path=f"1-{n}")
        for n in (1, 2)
    ]
    found = scan(PROFILES, nodes=dict.fromkeys(("usb", "serial", "evdev", "video"), ()) | {"lp": lp}).items
    assert [one.at for one in found] == ["lp:0001:0002?path=1-1", "lp:0001:0002?path=1-2"]
    assert all("its twin's too" in one.why for one in found)
    assert [one.twins for one in found] == [("1-2",), ("1-1",)]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Recognise(usb="04b8:0e15"), "USB 04b8:0e15"),
        (Recognise(usb="04b8:"), "USB vendor 04b8"),
        (Recognise(usb="04b8:", model="^TM-T8"), "USB vendor 04b8 and its model TM-T82"),
        (Recognise(maker="(?i)epson"), "its maker EPSON"),
        (Recognise(usb="04b8:", model="TM-m30"), None),
        (Recognise(usb="04b8:0202"), None),
    ],
)
def test_a_profile_recognises_its_model_and_says_by_what(entry, why):
    epson = Plugged(
        scheme="lp", node="/dev/usb/lp0", vendor=0x04B8, product=0x0E15, maker="EPSON", model="TM-T82"
    )
    profile = msgspec.structs.replace(PROFILES["escpos-80"], recognise=(entry,))
    assert [fit.why for fit in recognised(epson, {"escpos-80": profile})] == ([why] if why else [])


def test_the_surest_profile_comes_first():
    epson = Plugged(scheme="lp", node="/dev/usb/lp0", vendor=0x04B8, product=0x0E15, model="TM-T82")
    entries = {
        "any": Recognise(usb="04b8:"),
        "this": Recognise(usb="04b8:0e15"),
        "named": Recognise(usb="04b8:", model="TM-T82"),
    }
    profiles = {
        name: msgspec.structs.replace(PROFILES["escpos-80"], name=name, recognise=(entry,))
        for name, entry in entries.items()
    }
    assert [fit.profile for fit in recognised(epson, profiles)] == ["named", "this", "any"]


@pytest.mark.parametrize(
    ("mode", "may", "step"),
    [
        (0o666, "yes", ""),
        (0o660, "no", "sudo usermod -aG lp nobody"),
        (0o640, "no", RULES_COMMAND),
        (0o600, "no", RULES_COMMAND),
    ],
)
def test_who_may_open_a_device_is_read_off_its_owner_and_mode(mode, may, step, monkeypatch):
    lp = grp.getgrnam("lp").gr_gid
    node = SimpleNamespace(st_uid=0, st_gid=lp, st_mode=0o20000 | mode)
    monkeypatch.setattr(Path, "stat", lambda _path: node)
    found = access("/dev/usb/lp0", "nobody")
    assert (found.may, found.step) == (may, step)


def test_of_a_user_or_a_device_that_is_not_there_nothing_is_claimed(tmp_path):
    assert access(str(tmp_path / "gone"), "nobody").may == "unknown"
    assert access(str(tmp_path), "no-such-user-here").may == "unknown"


def test_a_sound_card_is_proposed_by_its_name_with_the_profile_for_it():
    nothing = dict.fromkeys(("usb", "serial", "evdev", "video", "lp"), ())
    card = SoundCard(1, "Device", "USB-Audio - USB Audio Device")
    port = PortSpec(name="sound", at="alsa:plughw:CARD=Device,DEV=0")
    [found] = scan(PROFILES, [port], nodes=nothing, cards=[card]).items
    assert (found.sort, found.at, found.ports) == ("sound card", "alsa:plughw:CARD=Device", ("sound",))
    assert [fit.profile for fit in found.fits] == ["sound-card"]
