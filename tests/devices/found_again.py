"""A morning of plugging, for test_found_again.py: real resolving, real events, cables of sockets.

Prints what each port was opened as, or why not, after each step.
"""

import json
import socket
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plugging import Testbed, ch340

from kioskd.devices.driver import Driver
from kioskd.devices.errors import PortError
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.devices.owner import Pace
from kioskd.devices.profiles import PortSettings, Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import until


class Cable:
    """An open port, until its other end is closed."""

    def __init__(self, node, port):
        self.node, self.port = node, port
        self.character_s = 0.0
        self._ours, self.theirs = socket.socketpair()
        self._ours.setblocking(False)

    def fileno(self):
        return self._ours.fileno()

    def read(self):
        try:
            data = self._ours.recv(100)
        except BlockingIOError:
            return b""
        if not data:
            raise PortError("port_lost", f"{self.node} was lost")
        return data

    def write(self, data):
        return len(data)

    def close(self):
        self._ours.close()


BAUDS = {9600: "left", 19200: "right"}
"""By which an opening tells whose it is."""
cables = {}
lock = threading.Lock()


def opener(uri, settings):
    with lock:
        cables[uri.place] = Cable(uri.place, BAUDS[settings.baud])
        return cables[uri.place]


def pull(bed, text, node):
    bed.unplug(text)
    cables.pop(node).theirs.close()


profile = Profile(name="any", title="any", driver="any", kinds=frozenset({Kind.DISPLAY}))
names = {"left": "serial:1a86:7523?path=1-1", "right": "serial:1a86:7523?path=1-2"}
bed = Testbed()
early = ch340("1-1", "ttyUSB0", 4)
bed.plug(early)
supervisor = Supervisor(
    [PortSpec(name=name, at=names[name], settings=PortSettings(baud=baud)) for baud, name in BAUDS.items()],
    [DeviceSpec(name=name, title=name, profile=profile, port=name) for name in names],
    pace=Pace(reopen_start_s=3600, reopen_cap_s=3600),  # only the kernel's events open a port again
    find=lambda _: Driver,
    opener=opener,
)
supervisor.start()
devices = supervisor.devices


def settled(*expected, why=""):
    """Wait until these device files are open, and the others are not for a reason with these words; tell."""
    until(lambda: sorted(cables) == sorted(expected), timeout_s=10)
    missing = len(devices) - len(expected)
    wanted = [State.OFFLINE] * missing + [State.ONLINE] * len(expected)
    until(lambda: sorted(device.health().state for device in devices.values()) == wanted, timeout_s=10)
    until(lambda: why in json.dumps(reasons()), timeout_s=10)
    is_open = {cable.port: node for node, cable in cables.items()}
    print(json.dumps({"open": is_open, "why": reasons()}), flush=True)


def reasons():
    healths = {name: device.health() for name, device in devices.items()}
    return {name: health.reasons[0].detail for name, health in healths.items() if health.reasons}


settled("/dev/ttyUSB0")  # present before the start; the other is late
late = ch340("1-2", "ttyUSB1", 5)
bed.plug(late)
settled("/dev/ttyUSB0", "/dev/ttyUSB1")
pull(bed, early, "/dev/ttyUSB0")  # both are pulled, as with their hub, and come back the other way round
pull(bed, late, "/dev/ttyUSB1")
settled()
late, early = ch340("1-2", "ttyUSB0", 6), ch340("1-1", "ttyUSB1", 7)
bed.plug(late)
bed.plug(early)
settled("/dev/ttyUSB0", "/dev/ttyUSB1")
pull(bed, early, "/dev/ttyUSB1")  # another of the same model is put into the same socket
swapped = ch340("1-1", "ttyUSB7", 8)
bed.plug(swapped)
settled("/dev/ttyUSB0", "/dev/ttyUSB7")
pull(bed, swapped, "/dev/ttyUSB7")  # it is put into a socket that nobody named
bed.plug(ch340("1-4", "ttyUSB8", 9))
settled("/dev/ttyUSB0", why="its like is at")
supervisor.stop()
