"""A conversation with a USB pad."""

import msgspec
import pytest

from drivers.evdev.driver import EvdevPad
from kioskd.devices.profile_files import load_profile
from kioskd.devices.testing import Conversation


@pytest.fixture
def pad():
    """A conversation with a pad of this profile."""

    def talk(name="usb-numpad", **options):
        profile = load_profile(name)
        quick = msgspec.structs.replace(profile.timing, poll_s=0.05)
        return Conversation(EvdevPad, profile=msgspec.structs.replace(profile, timing=quick), options=options)

    return talk
