"""Displays are state: each shows its window as it is, and is sent nothing that it shows already."""

import pytest

from kioskd.devices.kinds import Kind, SignState
from kioskd.floor.bindings import Bindings
from kioskd.floor.displays import Displays


@pytest.fixture
def strip(device):
    return device("strip-1", Kind.DISPLAY)


@pytest.fixture
def other_strip(device):
    return device("strip-2", Kind.DISPLAY)


@pytest.fixture
def bindings(strip, other_strip, pad, device):
    devices = [strip, other_strip, pad, device("printer", Kind.PRINTER), device("board", Kind.DISPLAY)]
    return Bindings(devices, {"strip-1": 1, "pad-1": 1, "strip-2": 2})


@pytest.fixture
def displays(hall, bindings):
    return Displays(hall, bindings)


def test_every_display_of_a_window_shows_it_the_pads_digits_too(displays, hall, strip, pad, other_strip):
    hall.issue("note")
    hall.call_next(1)
    displays.turn()
    assert [device.shown[-1].number for device in (strip, pad, other_strip)] == ["A001", "A001", ""]


def test_only_what_differs_is_sent(displays, hall, strip, other_strip):
    displays.turn()
    hall.pause(1, "")
    displays.turn()
    displays.turn()
    assert [sign.state for sign in strip.shown] == [SignState.WELCOME, SignState.PAUSED]
    assert len(other_strip.shown) == 1


def test_a_daemon_that_starts_anew_sends_all_of_it(displays, hall, bindings, strip):
    displays.turn()
    Displays(hall, bindings).turn()
    assert len(strip.shown) == 2
    assert strip.shown[0] == strip.shown[1]


def test_a_display_of_a_window_that_is_gone_is_left_as_it_is(hall, strip):
    Displays(hall, Bindings([strip], {"strip-1": 99})).turn()
    assert strip.shown == []
