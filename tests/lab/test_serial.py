"""Call pads on serial adapters: the kernel's CDC-ACM driver lies between."""

from counter import Counter
from daemon import RunningDaemon
from gadgets import UsbSerial, until


def calls_from(hall: RunningDaemon, pad: UsbSerial, window: int) -> None:
    """Somebody takes a ticket, the pad's key calls it, and the pad shows its digits."""
    ticket = hall.take_ticket()
    pad.act("call")
    until(lambda: hall.called_at(window) == ticket["number"], f"window {window} calls {ticket['number']}")
    digits = ticket["number"].removeprefix("A")
    until(lambda: pad.do(pad.emulator.view)["lit"].endswith(digits), f"the pad shows {digits}")


def test_a_pad_on_a_serial_adapter_calls_the_next_ticket(hall: RunningDaemon, counter: Counter):
    calls_from(hall, counter.pad, window=3)


def test_a_pad_is_found_again_under_another_node_when_a_late_one_took_its_own(
    hall: RunningDaemon, counter: Counter
):
    [before] = counter.pad.nodes("ttyACM*")
    counter.pad.unplug()
    hall.until_state("offline", "pad")
    counter.late_pad.plug()
    try:
        hall.until_state("online", "late-pad")
        assert counter.late_pad.nodes("ttyACM*") == [before]
        counter.pad.plug()
        hall.until_state("online", "pad")
        assert counter.pad.nodes("ttyACM*") != [before]
        calls_from(hall, counter.pad, window=3)
        calls_from(hall, counter.late_pad, window=2)
    finally:
        counter.late_pad.unplug()
    hall.until_state("offline", "late-pad")
