"""A line that never ends: how much of it is looked at, and when it is called a flood."""

import os

import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.flood import JUDGED_S, LEAST_BYTES, MOST_REST_S, Flood
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.devices.profiles import Profile
from kioskd.devices.testing import Conversation, until

CHARACTER_S = 10 / 9600


def listen(flood, seconds, bytes_s, thought_s=0.0, step_s=0.05):
    """A line brings so much for so long: how many bytes are looked at, and for how long it is left alone."""
    looked = rested_s = now_s = 0.0
    while now_s < seconds:
        now_s += step_s
        share = flood.share(round(bytes_s * step_s), now_s)
        rest_s = flood.looked(share, thought_s, now_s)
        assert rest_s <= MOST_REST_S
        looked += share
        rested_s += rest_s
        now_s += rest_s
        flood.judge(now_s)
    return looked, rested_s


def test_a_line_that_brings_all_it_can_is_read_to_the_last_byte_but_told_of():
    flood = Flood(CHARACTER_S, 0.0)
    looked, rested_s = listen(flood, 60, 960)
    assert looked == pytest.approx(60 * 960, rel=0.01)
    assert rested_s == 0
    assert flood.bytes_s == pytest.approx(960, rel=0.05)


def test_one_that_brings_what_devices_say_is_no_flood():
    flood = Flood(CHARACTER_S, 0.0)
    assert listen(flood, 60, 400)[1] == 0
    assert flood.bytes_s == 0


def test_one_that_brings_more_than_its_wire_can_is_cut_to_twice_that():
    flood = Flood(CHARACTER_S, 0.0)
    looked, _ = listen(flood, 120, 1_000_000)
    assert looked < 120 * 3 * 960 + 20 * LEAST_BYTES
    assert flood.bytes_s > 960


def test_one_whose_driver_thinks_too_long_about_it_rests():
    flood = Flood(0.0, 0.0)
    _, rested_s = listen(flood, 60, 1000, thought_s=0.05)
    assert rested_s > 30


def test_it_ends_when_the_line_is_quiet_again():
    flood = Flood(CHARACTER_S, 0.0)
    listen(flood, 20, 1_000_000)
    assert flood.bytes_s > 0
    flood.judge(20 + 2 * JUDGED_S)
    assert flood.judge(20 + 3 * JUDGED_S)
    assert flood.bytes_s == 0


class Fragile(Driver):
    """Fails at a Z, for good: its object is spoilt."""

    kinds = frozenset({Kind.KEYPAD})
    spoilt = False

    def received(self, data):
        self.spoilt |= b"Z" in data
        if self.spoilt:
            raise ValueError("spoilt")
        self.link.pressed(data.decode())


PROFILE = Profile(name="fragile", title="", driver="fragile", kinds=frozenset({Kind.KEYPAD}))


def test_a_driver_that_failed_is_replaced_and_the_device_works_again():
    with Conversation(Fragile, profile=PROFILE) as talk:
        talk.device(b"Z")
        until(lambda: talk.handle.health().counters.get("driver_error"), what="the driver to fail")
        talk.expect_state(State.ONLINE)
        talk.device(b"a")
        assert [event.key for event in talk.events] == ["a"]
        assert talk.handle.health().counters["driver_error"] == 1


def test_a_driver_that_fails_at_all_it_hears_is_not_asked_without_end():
    with Conversation(Fragile, profile=PROFILE) as talk:
        for _ in range(200):
            talk.device(b"Z" + os.urandom(20))
        talk.settle()
        assert talk.handle.health().counters["driver_error"] < 50
