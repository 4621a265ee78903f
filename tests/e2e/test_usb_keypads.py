"""Two USB number pads of one model at two windows, and a USB evaluator, as a small village hall has them."""

import pytest

pytestmark = pytest.mark.e2e

HALL = """
[hall]
name = "青溪村便民服务点"

[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0

[ports.counter]
at = "emulator:"

[[lines]]
id = "general"
title = "综合事务"
letter = "A"

[[windows]]
number = 1
title = "综合窗口"
lines = ["general"]

[[windows]]
number = 2
title = "综合窗口"
lines = ["general"]

[[devices]]
name = "strip-1"
profile = "pinganlihe-v21"
port = "counter"
address = 1
window = 1

[[devices]]
name = "strip-2"
profile = "pinganlihe-v21"
port = "counter"
address = 2
window = 2

[[devices]]
name = "pad-1"
profile = "usb-numpad"
port = "emulator:"
window = 1

[[devices]]
name = "pad-2"
profile = "usb-numpad"
port = "emulator:"
window = 2

[[devices]]
name = "evaluator-1"
profile = "usb-hid-evaluator"
port = "emulator:"
window = 1
"""

MATTERS = """
[[matters]]
code = "MZ-03"
name = "临时救助申请"
area = "社会事务"
department = "社会事务办公室"
line = "general"
by_law = "《社会救助暂行办法》"
accept_condition = "基本生活暂时严重困难"
materials = ["申请书"]
handle_flow = "申请 → 审核 → 发放"
promise = "10个工作日"
"""


@pytest.fixture
def village(hall_of):
    return hall_of(HALL, MATTERS)


def test_a_day_at_two_windows_with_usb_pads(village, eventually):
    tickets = [village.take_ticket() for _ in range(5)]
    numbers = [ticket["number"] for ticket in tickets]

    def shows(strip, number):
        eventually(lambda: village.seen(strip)["lit"] == number, f"{strip} shows {number}")

    village.emulators.act("pad-1", "call")
    shows("strip-1", numbers[0])
    village.emulators.act("pad-2", "call")  # its twin is another window's
    shows("strip-2", numbers[1])

    for key in ("digit_5", "call"):
        village.emulators.act("pad-1", key)
    shows("strip-1", numbers[4])

    village.emulators.act("evaluator-1", "rate_4")
    served = f"tickets/{tickets[0]['id']}"  # the one before, who has been served
    eventually(lambda: village.get(served)["rating"] == 4, "the rating counts")

    village.emulators.act("pad-1", "scanner")
    eventually(lambda: village.health("pad-1")["counters"].get("scanner"), "the scanner is recognised")
    village.emulators.act("pad-2", "unplug")
    eventually(lambda: village.health("pad-2")["state"] == "offline", "the pad is missed")
    village.emulators.act("pad-2", "plug")
    eventually(lambda: village.health("pad-2")["state"] == "online", "the pad is found again")
    for key in ("digit_3", "call"):
        village.emulators.act("pad-2", key)
    shows("strip-2", numbers[2])
    called = [e["ticket"] for e in village.events() if e["type"] == "ticket_called"]
    assert len(called) == 4, "the scanner called nobody"
