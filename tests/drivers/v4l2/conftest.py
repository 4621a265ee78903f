"""An emulated camera on the emulator host's own port, the real owner of the port and the real driver."""

import threading
from contextlib import contextmanager

import pytest

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until

QUICKLY = {"warm_up_s": 0.0, "warm_up_frames": 4, "frame_s": 5.0, "max_megapixels": 1.3}
"""Small pictures, so that the emulator has them painted soon."""


@pytest.fixture
def profile():
    return load_profile("uvc-document")


class Counter:
    """A counter with a camera on it, and whatever else a test puts there."""

    def __init__(self, supervisor, emulators):
        self.supervisor = supervisor
        self.emulators = emulators

    @property
    def camera(self):
        return self.supervisor.devices["camera"]

    def act(self, action):
        self.emulators.act("camera", action)

    def emulated(self):
        return next(one for one in self.emulators.list() if one["name"] == "camera")["view"]

    def expect_state(self, state, *reasons):
        def so():
            health = self.camera.health()
            return health.state == state and tuple(one.code for one in health.reasons) == reasons

        until(so, what=f"{state} {reasons}, it is {self.camera.health()}")


@pytest.fixture
def counter(tmp_path, profile):
    @contextmanager
    def build(*others, pace=QUICK, **options):
        """others: (port, device) specs beside the camera's."""
        port = PortSpec(name="camera", at="emulator:")
        device = DeviceSpec(
            name="camera", title="", profile=profile, port="camera", options={**QUICKLY, **options}
        )
        ports, devices = [port, *(one[0] for one in others)], [device, *(one[1] for one in others)]
        host = EmulatorHost(ports, devices, tmp_path)
        thread = threading.Thread(target=host.run)
        thread.start()
        supervisor = Supervisor(ports, devices, tmp_path, pace=pace)
        supervisor.start()
        try:
            yield Counter(supervisor, EmulatorClient(tmp_path))
        finally:
            supervisor.stop(timeout_s=10)
            host.stop()
            thread.join()

    return build
