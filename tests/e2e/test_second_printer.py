"""A hall with two ticket printers: the second takes over while the first is down; nothing prints twice."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.e2e

HALL = """
[hall]
name = "青溪村便民服务点"
matters = "matters.toml"
[ports.first]
at = "emulator:"
[ports.second]
at = "emulator:tcp"
[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0
[[lines]]
id = "general"
title = "综合事务"
letter = "A"
[[windows]]
number = 1
title = "综合窗口"
lines = ["general"]
display = false
[[devices]]
name = "first"
profile = "xprinter-xp-80"
port = "first"
options = { write_s = 1.0 }
[[devices]]
name = "second"
profile = "rongta-rp-326"
port = "second"
"""
MATTERS = """
[[matters]]
code = "QX001"
name = "社保卡申领"
area = "社保"
department = "人社"
line = "general"
by_law = "社会保险法"
accept_condition = "本地参保"
materials = ["身份证原件"]
handle_flow = "受理"
promise = "当场"
"""


@pytest.fixture
def two(hall_of, eventually):
    hall = hall_of(HALL, MATTERS)
    for printer in ("first", "second"):
        eventually(lambda name=printer: hall.health(name)["state"] == "online", f"{printer} is met")
    return hall


def state_of(hall, ticket) -> str:
    return hall.get(f"tickets/{ticket['id']}")["print"]["state"]


def number_on(hall, printer: str, number: str) -> int:
    """How many whole tickets with this number lie on a printer's tray."""
    tickets = hall.seen(printer)["tickets"]
    return sum(number in ticket["text"].split() for ticket in tickets if ticket["complete"])


def test_the_ticket_it_holds_stays_with_a_printer_out_of_paper_and_the_next_go_to_the_other(two, eventually):
    two.emulators.act("first", "paper_out_mid")
    held = two.take_ticket()
    eventually(lambda: two.health("first")["state"] == "fault", "the first says that it has no paper")
    following = [two.take_ticket() for _ in range(3)]
    for ticket in following:
        eventually(lambda ticket=ticket: state_of(two, ticket) == "printed", "the second prints it")
    assert state_of(two, held) == "sending", "its bytes are in the first printer's buffer"
    assert two.seen("second")["tickets_total"] == 3

    two.emulators.act("first", "paper_in")
    eventually(lambda: state_of(two, held) == "printed", "the first prints on by itself")
    eventually(lambda: two.health("first")["state"] == "online", "and is well")
    back = two.take_ticket()
    eventually(lambda: state_of(two, back) == "printed", "the next one is printed")
    assert number_on(two, "first", back["number"]) == 1, "by the first again"
    for ticket in (held, *following, back):
        on_paper = number_on(two, "first", ticket["number"]) + number_on(two, "second", ticket["number"])
        assert on_paper == 1, "each number on paper once"


def test_an_unplugged_printer_is_left_out_until_it_is_back(two, eventually):
    two.emulators.unplug("first")
    eventually(lambda: two.health("first")["state"] == "offline", "its cable is missed")
    away = two.take_ticket()
    eventually(lambda: state_of(two, away) == "printed", "the second prints it")
    assert number_on(two, "second", away["number"]) == 1

    two.emulators.plug("first")
    eventually(lambda: two.health("first")["state"] == "online", "it is met again")
    back = two.take_ticket()
    eventually(lambda: state_of(two, back) == "printed", "the first prints again")
    assert number_on(two, "first", back["number"]) == 1


def test_a_printer_that_takes_no_data_loses_the_ticket_to_the_other_as_nothing_was_sent(two, eventually):
    two.emulators.act("first", "hold")
    ticket = two.take_ticket()
    eventually(lambda: state_of(two, ticket) == "printed", "the second prints it")
    assert number_on(two, "second", ticket["number"]) == 1

    two.emulators.act("first", "take")
    eventually(lambda: two.health("first")["state"] == "online", "the first is well again")
    assert number_on(two, "first", ticket["number"]) == 0, "it was never given this ticket's text"
    back = two.take_ticket()
    eventually(lambda: state_of(two, back) == "printed", "the next is printed")
    assert number_on(two, "first", back["number"]) == 1
