"""A call pad on a serial adapter: the kernel's CDC-ACM driver lies between."""

from counter import Counter
from daemon import RunningDaemon
from gadgets import until


def test_a_pad_on_a_serial_adapter_calls_the_next_ticket(hall: RunningDaemon, counter: Counter):
    ticket = hall.take_ticket()
    counter.pad.act("call")
    until(lambda: hall.called_at(3) == ticket["number"], "window 3 calls")
    until(lambda: ticket["number"][1:] in str(counter.pad.do(counter.pad.emulator.view)), "the pad shows it")
