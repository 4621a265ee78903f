"""`kioskd scan` while the hall is at work."""

import tomllib

from counter import Counter
from daemon import RunningDaemon, kioskd


def test_scan_names_everything_on_the_counter_and_disturbs_nobody(hall: RunningDaemon, counter: Counter):
    before = hall.said()
    ticket = hall.take_ticket()
    shown = kioskd("scan")
    found = {port["at"] for port in tomllib.loads(shown)["ports"].values()}
    assert {
        "lp:04b8:0e15?serial=LAB0001",
        f"usb:0483:5743?path={counter.libusb_printer.path}",
        "serial:1a86:55d3?serial=LAB0003",
        f"evdev:13ba:0001?path={counter.keys.path}",
        f"evdev:13ba:0001?path={counter.other_keys.path}",
        f"video:{counter.vivid.link}",
    } <= found, shown
    hall.until_paper(ticket["id"], "printed")
    assert "is closed" not in "".join(
        line
        for line in hall.said().removeprefix(before).splitlines()
        if "never" not in line and "late" not in line
    )
