"""An emulated sound card on the emulator host's own port, the real owner of the port and the real driver."""

import threading
from contextlib import contextmanager

import pytest

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.profile_files import load_profile
from kioskd.devices.sound import make_sound, note, packed
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until

RATE_HZ = 16000


@pytest.fixture
def beep():
    """A tone of so many seconds, which its pitch tells from others."""
    return lambda length_s=0.3, pitch_hz=600: make_sound(packed(note(pitch_hz, length_s, RATE_HZ)), RATE_HZ)


class Room:
    """A room with a loudspeaker."""

    def __init__(self, supervisor, emulators):
        self.supervisor = supervisor
        self.emulators = emulators

    @property
    def card(self):
        return self.supervisor.devices["speaker"]

    def act(self, action):
        self.emulators.act("speaker", action)

    def heard(self):
        """What was heard, with its times and its bytes."""
        view = next(one for one in self.emulators.list() if one["name"] == "speaker")["view"]
        return [{**one, "wav": self.emulators.sound("speaker", one["index"])} for one in view["heard"]]

    def expect_state(self, state, *reasons):
        def so():
            health = self.card.health()
            return health.state == state and tuple(one.code for one in health.reasons) == reasons

        until(so, what=f"{state} {reasons}, it is {self.card.health()}")


@pytest.fixture
def room(tmp_path):
    @contextmanager
    def build(**options):
        ports = [PortSpec(name="sound", at="emulator:")]
        devices = [
            DeviceSpec(
                name="speaker", title="", profile=load_profile("sound-card"), port="sound", options=options
            )
        ]
        host = EmulatorHost(ports, devices, tmp_path)
        thread = threading.Thread(target=host.run)
        thread.start()
        supervisor = Supervisor(ports, devices, tmp_path, pace=QUICK)
        supervisor.start()
        try:
            yield Room(supervisor, EmulatorClient(tmp_path))
        finally:
            supervisor.stop(timeout_s=10)
            host.stop()
            thread.join()

    return build
