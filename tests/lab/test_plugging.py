"""Plugged in before the start, after it, never, and twenty times."""

from collections import Counter as Counted
from contextlib import suppress

from counter import Counter
from daemon import RunningDaemon
from gadgets import until

CYCLES = 20
CYCLED = ("kernel-printer", "libusb-printer", "keys")
"""One of each way to be there on USB: a node of the kernel's, libusb, an input device."""
STEADY_AFTER = 2
"""What is opened once and kept, such as libraries, is there after so many cycles."""


def test_a_device_that_never_appears_keeps_nobody_waiting(hall: RunningDaemon):
    never = hall.health("never")
    assert (never["state"], never["reasons"][0]["code"]) == ("offline", "port_missing")
    assert hall.ask("GET", "/kiosk")[0] == 200


def test_twenty_plug_cycles_leave_no_descriptor_and_no_thread_behind(hall: RunningDaemon, counter: Counter):
    gadgets = [counter.present[name] for name in CYCLED]
    for cycle in range(CYCLES):
        for gadget in gadgets:
            gadget.unplug()
        hall.until_state("offline", *CYCLED)
        for gadget in gadgets:
            gadget.plug()
        hall.until_state("online", *CYCLED)
        if cycle == STEADY_AFTER:
            before = Counted(hall.descriptors()), Counted(hall.threads())

    def left_behind() -> Counted[str]:
        """What is there more of than after the first cycles."""
        return Counted(hall.descriptors()) - before[0] + (Counted(hall.threads()) - before[1])

    # A leak is there in every look; what is open for a moment, such as the bus's list of devices, is not.
    looks = []
    with suppress(AssertionError):
        until(lambda: looks.append(left_behind()) or not looks[-1], "all is put away")
    assert looks[-1] == Counted()
    assert hall.until_paper(hall.take_ticket()["id"], "printed").printer == "kernel-printer"
