"""Number pads: the kernel's HID and input layers lie between."""

import os

import pytest
from counter import Counter
from daemon import RunningDaemon
from gadgets import until


def test_each_of_two_twin_pads_calls_for_its_own_window(hall: RunningDaemon, counter: Counter):
    first, second = hall.take_ticket(), hall.take_ticket()
    counter.other_keys.type("enter")
    until(lambda: hall.called_at(2) == first["number"], "the twin calls at window 2")
    assert hall.called_at(1) is None
    counter.keys.type("enter")
    until(lambda: hall.called_at(1) == second["number"], "the other calls at window 1")


def test_digits_and_enter_call_that_very_number(hall: RunningDaemon, counter: Counter):
    hall.take_ticket()
    wanted = hall.take_ticket()
    counter.keys.type(*wanted["number"].removeprefix("A").lstrip("0"), "enter")
    until(lambda: hall.called_at(1) == wanted["number"], "window 1 calls the number that was typed")


def test_what_is_typed_reaches_nobody_else(hall: RunningDaemon, counter: Counter):
    hall.take_ticket()
    [node] = counter.other_keys.nodes("event*")
    fd = os.open(f"/dev/input/{node}", os.O_RDONLY | os.O_NONBLOCK)
    try:
        counter.other_keys.type("enter")
        until(lambda: hall.called_at(2), "window 2 calls")
        with pytest.raises(BlockingIOError):
            os.read(fd, 24)
    finally:
        os.close(fd)


def test_a_pad_calls_again_after_it_was_pulled_and_plugged(hall: RunningDaemon, counter: Counter):
    counter.keys.unplug()
    hall.until_state("offline", "keys")
    counter.keys.plug()
    hall.until_state("online", "keys")
    ticket = hall.take_ticket()
    counter.keys.type("enter")
    until(lambda: hall.called_at(1) == ticket["number"], "window 1 calls")
