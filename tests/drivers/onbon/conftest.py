"""What the Onbon tests share: profiles, and frames written as the documents write them."""

import msgspec
import pytest

from drivers.onbon.frames import Decoder, Packet, encode
from kioskd.devices.profile_files import load_profile


@pytest.fixture(scope="session")
def profile():
    """A built-in profile, with other options or timing where a test wants them."""

    def get(name="onbon-bx5k", *, timing=None, **options):
        found = load_profile(name)
        return msgspec.structs.replace(found, options=found.options | options, timing=timing or found.timing)

    return get


@pytest.fixture(scope="session")
def told():
    """A controller's frame to the host, in bytes: `told("A0 00 00 00 00")`."""

    def make(data, *, sender=1, model=0x51):
        packet = Packet(to=0x8000, sender=sender, device_type=model, data=bytes.fromhex(data))
        return encode(packet)

    return make


@pytest.fixture(scope="session")
def heard():
    """The data field of the next frame that the controller hears, in hex."""

    def next_frame(talk):
        wire = bytearray()
        while not wire.endswith(b"\x5a"):
            byte = talk.hear(1)
            assert byte, f"no whole frame came, only {wire.hex(' ')}"
            wire += byte
        [packet] = Decoder(print).feed(bytes(wire))
        return packet.data.hex(" ").upper()

    return next_frame
