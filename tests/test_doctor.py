"""Each check, with a computer as it should be and one as it should not be."""

import os
import pwd
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from kioskd.devices.errors import PortError
from kioskd.devices.plugged import Plugged
from kioskd.devices.port_uri import parse_port
from kioskd.devices.profile_files import load_profile
from kioskd.devices.sound_cards import SoundCard
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.udev_rules import FILE
from kioskd.doctor import computer, counter, rivals

COUNTER = Path(__file__).parent / "devices/plugged/hall.umockdev"
MARCH_2026_S = 1772_400_000
OURSELVES = pwd.getpwuid(os.geteuid()).pw_name


@pytest.mark.parametrize(
    ("finding", "verdict", "step"),
    [
        (computer.python((3, 11, 2)), "good", ""),
        (computer.python((3, 9, 2)), "bad", "Python 3.11"),
        (computer.sqlite((3, 37, 0)), "good", ""),
        (computer.sqlite((3, 34, 1)), "bad", "SQLite 3.37"),
        (computer.camera_libraries(False, lambda _: None), "look", "kioskd[camera]"),
        (computer.camera_libraries(True, lambda _: None), "bad", "kioskd[camera]"),
        (computer.camera_libraries(True, lambda _: object()), "good", ""),
        (computer.voice_programs(True, lambda name: None), "bad", "apt-get install alsa-utils espeak-ng"),
        (computer.voice_programs(False, lambda name: None), "look", "apt-get install alsa-utils espeak-ng"),
        (computer.voice_programs(True, lambda name: name == "aplay" or None), "look", "install espeak-ng"),
        (computer.voice_programs(True, lambda name: name), "good", ""),
        (counter.group("no-such-group", "teapots", OURSELVES), "look", ""),
        (counter.service_user("kioskd"), "good", ""),
        (counter.service_user("anna"), "look", "kioskd units"),
        (rivals.brltty([], runs=True), "bad", "systemctl mask --now brltty"),
        (rivals.modem_manager([], runs=True), "look", "kioskd udev"),
        (rivals.modem_manager([], runs=False), "good", ""),
        (rivals.cups(True, runs=True), "look", "lpadmin -x"),
        (rivals.cups(False, runs=True), "good", ""),
    ],
)
def test_a_finding_says_what_to_do(finding, verdict, step):
    assert finding.verdict == verdict
    assert step in finding.step
    assert bool(finding.step) == (verdict != "good") or "no group" in finding.what


def test_a_sound_card_is_there_or_named_with_those_that_are():
    port = PortSpec(name="sound", at="alsa:plughw:CARD=PCH")
    cards = [SoundCard(0, "PCH", "HDA Intel PCH")]
    uri = parse_port(port.at)
    assert counter.sound_card(port, uri, OURSELVES, lambda: cards).verdict == "good"
    missing = counter.sound_card(port, uri, OURSELVES, list)
    assert (missing.verdict, "there is: none" in missing.what) == ("bad", True)
    other = counter.sound_card(port, parse_port("alsa:hw:Device"), OURSELVES, lambda: cards)
    assert "there is no sound card Device; there is: PCH" in other.what


def test_a_user_outside_the_group_is_told_the_command_that_helps():
    found = counter.group("dialout", "serial ports", "nobody")
    assert found.verdict == "bad"
    assert "usermod -aG dialout nobody" in found.step


# --- the computer ---


@pytest.mark.parametrize(
    ("now_s", "rtc", "verdict", "says"),
    [
        (MARCH_2026_S, str(MARCH_2026_S - 3), "good", "agrees"),
        (MARCH_2026_S, "1262304000", "look", "says 2010-01-01"),
        (MARCH_2026_S, "gone", "good", "no battery clock"),
        (2_145_916_800, "2145916800", "bad", "cannot be"),
        (1_262_304_000, "1262304000", "bad", "2010-01-01, which cannot be"),
    ],
)
def test_an_empty_battery_is_seen_by_the_date(now_s, rtc, verdict, says, tmp_path):
    (tmp_path / "since_epoch").write_text(rtc)
    found = computer.battery(now_s, tmp_path / "since_epoch")
    assert found.verdict == verdict
    assert says in found.what


@pytest.mark.parametrize(("kind", "verdict"), [("ext4", "good"), ("tmpfs", "bad"), ("overlay", "look")])
def test_a_state_directory_that_forgets_is_told(kind, verdict, tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "26 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n"
        f"30 26 0:33 / {tmp_path.resolve()} rw - {kind} none rw\n"
        "31 26 0:34 / /somewhere\\040else rw - tmpfs none rw\n"
    )
    assert computer.keeps(tmp_path / "not" / "yet", mounts).verdict == verdict


def test_the_state_is_the_daemons_alone(tmp_path):
    state = tmp_path / "state"
    assert computer.state_directory(state, OURSELVES).verdict == "good"
    state.mkdir(mode=0o755)
    assert "chmod o-rwx" in computer.state_directory(state, OURSELVES).step
    state.chmod(0o750)
    assert computer.state_directory(state, OURSELVES).verdict == "good"
    assert "chown -R nobody:nobody" in computer.state_directory(state, "nobody").step


def test_a_full_disk_is_told_for_a_directory_that_is_not_there_yet(tmp_path, monkeypatch):
    monkeypatch.setattr(computer, "DISK_NEEDED_MIB", 10**9)
    found = computer.disk(tmp_path / "not" / "yet")
    assert found.verdict == "bad"
    assert str(tmp_path) in found.what


def test_a_small_computer_is_told(tmp_path):
    (tmp_path / "meminfo").write_text("MemTotal:         508000 kB\nMemFree: 1 kB\n")
    assert computer.memory(tmp_path / "meminfo", 1).verdict == "look"


def test_the_fonts_of_this_machine_have_rare_characters_but_not_one_that_nobody_has():
    assert computer.chinese_font().verdict == "good"
    assert computer.rare_characters().verdict == "good"
    assert "no font has \U0010fffd" in computer.rare_characters("䶮\U0010fffd").what


# --- other programs ---


def test_brltty_is_found_by_its_rules_and_ours_prevent_it(tmp_path):
    theirs, ours = tmp_path / "lib", tmp_path / "etc"
    theirs.mkdir()
    assert rivals.brltty([ours, theirs], runs=False).verdict == "good"
    (theirs / "85-brltty.rules").touch()
    assert rivals.brltty([ours, theirs], runs=False).verdict == "look"
    assert rivals.device_rules([ours, theirs]).verdict == "look"
    ours.mkdir()
    (ours / FILE).touch()
    assert "prevents it" in rivals.brltty([ours, theirs], runs=False).what
    assert rivals.modem_manager([ours, theirs], runs=True).verdict == "good"
    assert str(ours) in rivals.device_rules([ours, theirs]).what


def test_an_adapter_without_a_device_file_is_told():
    usb = [Plugged(scheme="usb", node="/dev/bus/usb/001/004", vendor=0x1A86, product=0x7523, path="1-5")]
    [found] = rivals.lost_adapters(usb, [])
    assert "CH340 serial adapter in socket 1-5 has no device file" in found.what
    there = msgspec.structs.replace(usb[0], scheme="serial", node="/dev/ttyUSB0")
    assert rivals.lost_adapters(usb, [there]) == []


# --- the hall's devices ---


def findings(*specs, find_plugged=None, user="nobody"):
    named = [PortSpec(name=f"p{n}", at=at) for n, at in enumerate(specs)]
    return list(counter.ports(named, user, find_plugged=find_plugged))


def test_each_port_of_the_hall_is_looked_at_and_none_is_opened(tmp_path):
    node = tmp_path / "ttyUSB0"
    node.touch(mode=0o600)
    node.chmod(0o600)
    shut, gone, network, emulated = findings(
        f"serial:{node}", "lp:/dev/usb/lp77", "tcp:10.0.0.7:9100", "emulator:"
    )
    assert (shut.verdict, shut.what) == ("bad", f"port p0: user nobody may not open {node}")
    assert (gone.verdict, gone.what) == ("bad", "port p1: /dev/usb/lp77 is not there")
    assert (network.verdict, emulated.verdict) == ("good", "look")
    node.chmod(0o666)
    assert findings(f"serial:{node}")[0].verdict == "good"


def test_a_port_that_sits_in_another_socket_says_where_its_like_is():
    def nowhere(scheme, identity):
        raise PortError("port_missing", f"{identity} is not plugged in, but its like is at 1-2")

    [found] = findings("serial:1a86:7523?path=1-1", find_plugged=nowhere)
    assert found.verdict == "bad"
    assert "but its like is at 1-2" in found.what


def test_what_must_be_set_on_a_printer_itself_is_told():
    profile = load_profile("xprinter-xp-58")
    device = DeviceSpec(name="printer", title="", profile=profile, port="kiosk")
    [found] = counter.setups([device])
    assert found.verdict == "look"
    assert found.step == " ".join(profile.setup_en.split())
    assert list(counter.setups([msgspec.structs.replace(device, disabled=True)])) == []


def test_the_command_ends_with_1_when_something_is_bad_and_speaks_to_programs(tmp_path):
    """On a tree with a CH340 that somebody took."""
    command = [sys.executable, "-m", "kioskd", "doctor", "--state", str(tmp_path), "--json"]
    done = subprocess.run(
        ["umockdev-run", "--device", str(COUNTER), "--", *command], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done.stderr
    items = msgspec.json.decode(done.stdout)["items"]
    assert {"verdict": "bad", "what": "the CH340 serial adapter in socket 1-5 has no device file"} in [
        {key: item[key] for key in ("verdict", "what")} for item in items
    ]


@pytest.mark.parametrize(
    ("known_through", "verdict"),
    [(None, "look"), (date(2026, 12, 20), "look"), (date(2026, 12, 31), "good")],
)
def test_a_calendar_that_ends_soon_is_told_in_time(known_through, verdict):
    assert computer.calendar(known_through, today=date(2026, 11, 25)).verdict == verdict
