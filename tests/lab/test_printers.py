"""Tickets on paper, over the kernel's printer driver and over libusb."""

from counter import Counter
from daemon import RunningDaemon


def test_a_ticket_printed_through_usblp_arrives_byte_for_byte(hall: RunningDaemon, counter: Counter):
    ticket = hall.take_ticket()
    paper = hall.until_paper(ticket["id"], "printed")
    assert paper.printer == "kernel-printer"
    assert bytes(counter.kernel_printer.arrived).count(paper.data) == 1
    assert not bytes(counter.libusb_printer.arrived).count(paper.data)


def test_a_ticket_printed_through_libusb_arrives_byte_for_byte(hall: RunningDaemon, counter: Counter):
    counter.kernel_printer.unplug()
    hall.until_state("offline", "kernel-printer")
    ticket = hall.take_ticket()
    paper = hall.until_paper(ticket["id"], "printed")
    assert paper.printer == "libusb-printer"
    assert bytes(counter.libusb_printer.arrived).count(paper.data) == 1
