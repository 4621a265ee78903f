"""A hall with every kind of display on the wall: one screen for two windows, digits, strips."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.e2e

HALL = """
[hall]
name = "青溪村便民服务点"

[ports.board]
at = "emulator:tcp"

[ports.counters]
at = "emulator:"

[day]    # open around the clock, whenever the test runs
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0

[[lines]]
id = "general"
title = "综合事务"
letter = "A"
"""
WINDOW = """
[[windows]]
number = {number}
title = "综合窗口"
lines = ["general"]

[[devices]]
name = "display-{number}"
window = {number}
{device}
"""
DISPLAYS = [
    'profile = "onbon-bx6k"\nport = "board"\naddress = 1\noptions = { width = 128, brightness = 6 }',
    'profile = "onbon-bx6k"\nport = "board"\naddress = 1\noptions = { area = 1, x = 128, width = 128 }',
    'profile = "armfly-led485"\nport = "counters"\naddress = 3',
    'profile = "yindahuizhi-strip"\nport = "counters"\naddress = 4',
    'profile = "yongtai-strip"\nport = "counters"\naddress = 5',
]
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
def hall(hall_of):
    """Five windows, each with another display, all open."""
    windows = "".join(WINDOW.format(number=n, device=device) for n, device in enumerate(DISPLAYS, 1))
    hall = hall_of(HALL + windows, MATTERS)
    for number in range(1, 6):
        hall.post(f"windows/{number}/open")
    return hall


def lit(hall):
    return {device["name"]: device["view"]["lit"] for device in hall.emulators.list()}


def states(hall):
    return {device["name"]: device["state"] for device in hall.get("devices")["items"]}


def test_calls_are_shown_by_all_displays_and_again_after_the_mains_were_cut(hall, eventually):
    for _ in range(5):
        hall.take_ticket("general")
    for number in range(1, 6):
        hall.post(f"windows/{number}/call-next")

    called = {f"display-{n}": f"A00{n}" for n in range(1, 6)}
    eventually(lambda: lit(hall) == called, "every display shows its window's number")
    assert hall.seen("display-1")["runs"] == [["red", "请A001到1号窗口"]]
    assert hall.seen("display-1")["brightness"] == 6
    assert hall.seen("display-3")["text"] == "  A003"

    hall.post("windows/1/start")
    eventually(lambda: hall.seen("display-1")["runs"] == [["green", "正在办理A001"]], "serving is green")

    for port in ("board", "counters"):
        hall.emulators.unplug(port)
    eventually(lambda: set(states(hall).values()) == {"offline"}, "all cables are out")
    for name in ("display-1", "display-2", "display-3"):
        hall.emulators.act(name, "power_cut")
    assert lit(hall)["display-1"] == ""
    for port in ("board", "counters"):
        hall.emulators.plug(port)
    eventually(lambda: lit(hall) == called, "all is shown again")
    eventually(lambda: set(states(hall).values()) == {"online"}, "and well")
    assert hall.seen("display-1")["brightness"] == 6


def test_a_display_that_refuses_or_is_silent_is_one_devices_trouble(hall, eventually):
    eventually(lambda: set(states(hall).values()) == {"online"}, "all are well")
    hall.emulators.act("display-2", "refuse")
    hall.emulators.act("display-3", "silent")
    for _ in range(5):
        hall.take_ticket("general")
    for number in range(1, 6):
        hall.post(f"windows/{number}/call-next")

    eventually(
        lambda: [states(hall)[f"display-{n}"] for n in (2, 3)] == ["fault", "offline"], "both are seen"
    )
    [reason] = hall.health("display-2")["reasons"]
    assert (reason["code"], reason["detail"]) == ("refused", "dynamic area: error 4: out of memory")
    assert "核对机型文件" in reason["step_zh"]
    eventually(
        lambda: [lit(hall)[f"display-{n}"] for n in (1, 4, 5)] == ["A001", "A004", "A005"], "others show"
    )
    assert hall.window(2)["ticket"]["number"] == "A002"
