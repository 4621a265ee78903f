"""What the framed driver's tests share: profiles, made-up ones too, and a cable with a clock that obeys."""

import copy
from collections import Counter
from pathlib import Path

import pytest

from drivers.framed.compile import compile_wire
from drivers.framed.driver import FramedDevice, codec_of
from kioskd.devices.errors import NoAnswer
from kioskd.devices.kinds import KeyPressed, Kind, Rated
from kioskd.devices.profile_files import load_profile, options_of
from kioskd.devices.profiles import Profile

STRIP = {
    "frames": {
        "strip": {
            "layout": "A0 LEN ADDR DATA SUM FF",
            "fields": {
                "LEN": {"type": "u8", "counts": "ADDR..DATA"},
                "ADDR": {"type": "u8", "address": True},
                "SUM": {"type": "u8", "check": "sum", "over": "LEN..DATA"},
            },
        }
    },
    "send": {"text": {"frame": "strip", "fields": {"DATA": "54 {text:gbk}"}}},
    "show": {"call": ["text"]},
}


class Cable:
    """A link whose clock is moved by hand: the edge, and nothing of the driver."""

    def __init__(self, local_echo=None):
        self.local_echo = local_echo
        self.clock_s = 100.0
        self.written = []
        self.events = []
        self.counters = Counter()
        self.answers = []
        self.driver = None

    def write(self, data, *, timeout_s=2.0):
        self.written.append(data)

    def wait(self, until, *, timeout_s):
        if self.answers:
            self.driver.received(self.answers.pop(0))
        answer = until()
        if answer is None:
            self.clock_s += timeout_s
            raise NoAnswer("the deadline")
        return answer

    def now_s(self):
        return self.clock_s

    def pressed(self, key):
        self.events.append(KeyPressed("device", key))

    def rated(self, level):
        self.events.append(Rated("device", level))

    def count(self, counter):
        self.counters[counter] += 1


@pytest.fixture(scope="session")
def profile():
    """A built-in profile by its name, each read once."""
    read = {}

    def get(name):
        if name not in read:
            read[name] = load_profile(name)
        return read[name]

    return get


@pytest.fixture(scope="session")
def codec(profile):
    """The codec of a built-in profile."""
    return lambda name: codec_of(profile(name), {})


@pytest.fixture
def strip():
    """A small correct [wire] table, to be changed by a test."""
    return copy.deepcopy(STRIP)


@pytest.fixture(scope="session")
def compiled():
    """Compile a [wire] table that has no mistakes."""

    def compile_right(wire, constants=None):
        mistakes = []
        codec = compile_wire(wire, constants or {}, "strip.toml", mistakes)
        assert mistakes == []
        return codec

    return compile_right


@pytest.fixture(scope="session")
def mistakes_in():
    """What is wrong with a [wire] table, one line each."""

    def mistakes_of(wire, constants=None):
        mistakes = []
        compile_wire(wire, constants or {}, "strip.toml", mistakes)
        return [str(mistake).removeprefix("strip.toml: ") for mistake in mistakes]

    return mistakes_of


@pytest.fixture(scope="session")
def plugged():
    """A driver on a cable of our own: `driver, cable = plugged(profile, address=1)`."""

    def plug(profile, *, address=None, local_echo=None, options=None):
        cable = Cable(local_echo)
        settings = options_of(profile, FramedDevice, options or {})
        cable.driver = FramedDevice(cable, profile, settings, address)
        return cable.driver, cable

    return plug


@pytest.fixture
def model():
    """A profile made in a test."""

    def make(wire, kinds=("display",), options=None):
        return Profile(
            name="made-up",
            title="a made-up strip",
            driver="framed",
            kinds=frozenset(Kind(kind) for kind in kinds),
            wire=wire,
            options=options or {},
            file=Path("made-up.toml"),
        )

    return make
