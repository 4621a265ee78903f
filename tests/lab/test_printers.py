"""Tickets on paper, over the kernel's printer driver and over libusb."""

import pytest
from counter import Counter
from daemon import RunningDaemon

BOTH = pytest.mark.parametrize("name", ["kernel-printer", "libusb-printer"])


@pytest.fixture
def printer(name: str, hall: RunningDaemon, counter: Counter):
    """The printer of this name, the other one being away."""
    [other] = {"kernel-printer", "libusb-printer"} - {name}
    counter.present[other].unplug()
    hall.until_state("offline", other)
    return counter.present[name]


@BOTH
def test_a_ticket_arrives_byte_for_byte(name: str, printer, hall: RunningDaemon):
    paper = hall.until_paper(hall.take_ticket()["id"], "printed")
    assert paper.printer == name
    assert bytes(printer.arrived).count(paper.data) == 1


@BOTH
def test_a_printer_that_is_lost_in_mid_ticket_leaves_it_unknown_and_prints_the_next_when_it_is_back(
    name: str, printer, hall: RunningDaemon
):
    printer.act("power_cut_mid")
    lost = hall.take_ticket()["id"]
    paper = hall.until_paper(lost, "unknown")
    hall.until_state("offline", name)
    waiting = hall.take_ticket()["id"]

    printer.act("power_on")
    hall.until_state("online", name)
    hall.until_paper(waiting, "printed")
    assert hall.jobs(lost) == ["unknown"]
    assert bytes(printer.arrived).count(paper.data) == 1


def test_a_ticket_goes_to_the_other_printer_while_the_first_is_away(hall: RunningDaemon, counter: Counter):
    counter.kernel_printer.unplug()
    hall.until_state("offline", "kernel-printer")
    assert hall.until_paper(hall.take_ticket()["id"], "printed").printer == "libusb-printer"
