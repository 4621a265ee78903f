"""The rules, tried by udev itself on device trees that umockdev shows it, among the system's own rules."""

import re
import subprocess
from pathlib import Path

import pytest

from kioskd.devices.profile_files import find_profiles, load_profile
from kioskd.devices.specs import PortSpec
from kioskd.devices.udev_rules import FILE, rules

TREES = Path(__file__).parent / "plugged"
SHIPPED = Path(__file__).parents[2] / "systemd" / FILE
PROFILES = {name: load_profile(name) for name in find_profiles()}
USB = "/sys/devices/pci0000:00/0000:00:14.0/usb1"
BRLTTY = """
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="1a86", ATTR{idProduct}=="7523", \\
  ENV{BRLTTY_BRAILLE_DRIVER}="bm", TAG+="systemd", ENV{SYSTEMD_WANTS}+="brltty-device@.service"
"""
"""What 85-brltty.rules comes to for a CH340 (brltty 6.4 and 6.5)."""


ALONE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


class Udev:
    """`udevadm test` with a group kioskd and a /run of its own, our rules between those of the system."""

    def __init__(self, folder, tree, text):
        self.folder, self.tree = folder, tree
        (folder / FILE).write_text(text, encoding="utf-8")
        (folder / "85-brltty.rules").write_text(BRLTTY, encoding="utf-8")

    def says(self, device):
        """What udev would do about a device, and its properties afterwards."""
        script = (
            "mount -t tmpfs none /run && mkdir -p /run/udev/rules.d && cp $0/*.rules /run/udev/rules.d/ && "
            "grep -v ^kioskd: /etc/group >/run/group && echo kioskd:x:987: >>/run/group && "
            "mount --bind /run/group /etc/group && "
            "exec umockdev-run --device $1 -- udevadm test $2"
        )
        tree = TREES / f"{self.tree}.umockdev"
        done = subprocess.run(
            [*ALONE, script, str(self.folder), str(tree), device],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def udev(tmp_path):
    def make(tree, *ports):
        return Udev(tmp_path, tree, rules(PROFILES, ports))

    return make


def properties(said):
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", said, re.MULTILINE))


def ours(said):
    """What our own lines did: the group, the mode and the links."""
    return re.findall(rf"{re.escape(FILE)}:\d+ (GROUP \d+|MODE \d+|LINK '.*')", said)


def test_udev_takes_every_line_of_the_shipped_rules(udev):
    said = udev("counter").says(f"{USB}/1-1")
    assert f"Reading rules file: /run/udev/rules.d/{FILE}" in said
    assert not re.findall(rf"{re.escape(FILE)}:\d+ .*(?:[Ii]nvalid|[Uu]nknown|ignor).*", said)


def test_brltty_is_not_called_for_a_serial_adapter(udev, tmp_path):
    counter = udev("counter")
    after = properties(counter.says(f"{USB}/1-1"))
    assert "SYSTEMD_WANTS" not in after
    assert after["ID_MM_DEVICE_IGNORE"] == "1"
    (tmp_path / FILE).unlink()
    assert properties(counter.says(f"{USB}/1-1"))["SYSTEMD_WANTS"] == "brltty-device@.service"


def test_a_port_named_by_its_socket_gets_a_link_and_its_twin_gets_none(udev):
    counter = udev("counter", PortSpec(name="counter", at="serial:1a86:7523?path=1-2"))
    lines = "{0}/{1}/{1}:1.0/ttyUSB{2}/tty/ttyUSB{2}"
    twin, meant = (counter.says(lines.format(USB, f"1-{n + 1}", n)) for n in (0, 1))
    assert "LINK 'kioskd/counter'" in ours(meant)
    assert properties(meant)["ID_MM_PORT_IGNORE"] == "1"
    assert "MODE 0660" in ours(meant)
    assert not [one for one in ours(twin) if one.startswith("LINK")]


def test_a_printer_is_found_by_its_serial_number(udev):
    lp = f"{USB}/1-3/1-3:1.0/usbmisc/lp0"
    known = udev("counter", PortSpec(name="kiosk", at="lp:04b8:0e15?serial=583553463A01")).says(lp)
    assert "LINK 'kioskd/kiosk'" in ours(known)
    other = udev("counter", PortSpec(name="kiosk", at="lp:04b8:0e15?serial=583553463A02")).says(lp)
    assert ours(other) == ["GROUP 7", "MODE 0660"]


def test_a_pad_is_kept_from_desktops_and_the_node_with_its_digits_gets_the_link(udev):
    counter = udev("counter", PortSpec(name="pad", at="evdev:13ba:0001?path=1-4"))
    digits = counter.says(f"{USB}/1-4/1-4:1.0/0003:13BA:0001.0001/input/input7/event5")
    media = counter.says(f"{USB}/1-4/1-4:1.1/0003:13BA:0001.0002/input/input8/event4")
    assert "LINK 'kioskd/pad'" in ours(digits)
    assert "GROUP 987" in ours(digits)
    assert "LINK 'kioskd/pad'" not in ours(media)
    assert {properties(said)["LIBINPUT_IGNORE_DEVICE"] for said in (digits, media)} == {"1"}


def test_the_lines_of_a_double_adapter_are_told_apart(udev):
    hall = udev("hall", PortSpec(name="second", at="serial:0403:6010?serial=FT7XK2&interface=1"))
    links = [
        "LINK 'kioskd/second'" in ours(hall.says(f"{USB}/1-2/1-2:1.{n}/ttyUSB{n + 2}/tty/ttyUSB{n + 2}"))
        for n in (0, 1)
    ]
    assert links == [False, True]


def test_of_a_camera_the_node_with_pictures_gets_the_link(udev):
    hall = udev("hall", PortSpec(name="camera", at="video:0c45:6366?path=1-4"))
    links = [
        "LINK 'kioskd/camera'" in ours(hall.says(f"{USB}/1-4/1-4:1.0/video4linux/video{n}")) for n in (0, 1)
    ]
    assert links == [True, False]


def test_a_serial_number_cannot_break_out_of_its_rule():
    text = rules({}, [PortSpec(name="kiosk", at="lp:04b8:0e15?serial=A%22%2C%20RUN%2B%3D%22x%0Ay")])
    line = next(line for line in text.splitlines() if "kioskd/kiosk" in line)
    assert 'ATTRS{serial}=="A?? RUN???x?y"' in line


def test_ports_that_are_not_plugged_in_here_get_no_rules():
    plain = rules(PROFILES)
    ports = [PortSpec(name=f"p{n}", at=at) for n, at in enumerate(("tcp:10.0.0.7:9100", "emulator:"))]
    assert rules(PROFILES, ports) == plain


def test_the_shipped_rules_are_those_that_kioskd_writes():
    """After a change: .venv/bin/kioskd udev > systemd/90-kioskd.rules"""
    assert SHIPPED.read_text("utf-8") == rules(PROFILES)
