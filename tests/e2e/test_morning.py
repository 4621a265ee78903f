"""A morning over the real wires: touch → paper; key → strip, board and digits; rating key → counted."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.e2e


def test_a_touch_becomes_paper_with_the_same_number(hall, eventually):
    ticket = hall.take_ticket("general")
    paper = eventually(lambda: hall.paper_with(ticket["number"]), "the ticket comes out of the printer")
    assert ticket["matter_name"][:8] in paper.replace("\n", "")
    eventually(
        lambda: hall.get(f"tickets/{ticket['id']}")["print"]["state"] == "printed", "the printer confirms it"
    )


def test_a_key_lights_the_strip_the_board_and_the_pads_own_digits(hall, eventually):
    ticket = hall.take_ticket("general")
    hall.emulators.act("pad-3", "call")
    eventually(lambda: hall.seen("strip-3")["lit"] == ticket["number"], "the strip shows the number")
    digits = ticket["number"].lstrip("ABCDEF")
    eventually(lambda: hall.seen("pad-3")["lit"].endswith(digits), "the pad shows the digits")
    called = hall.get("queue")["called"]
    assert [(turn["number"], turn["window"]) for turn in called] == [(ticket["number"], 3)]
    others = {hall.seen(f"strip-{n}")["lit"] for n in (1, 2, 4, 5, 6, 7, 8)}
    assert others == {""}, "no other window's strip shows a number"


def test_a_rating_key_counts_once_for_the_ticket_just_served(hall, eventually):
    ticket = hall.take_ticket("general")
    hall.emulators.act("evaluator-3", "rate_5")  # nobody was served: no rating
    hall.emulators.act("pad-3", "call")
    eventually(lambda: hall.window(3)["ticket"], "window 3 has called")
    hall.emulators.act("pad-3", "invite_rating")
    eventually(lambda: hall.seen("evaluator-3")["rating_invited"], "the evaluator asks for a rating")
    hall.emulators.act("evaluator-3", "rate_4")
    eventually(lambda: hall.get(f"tickets/{ticket['id']}")["rating"] == 4, "the rating is counted")
    hall.emulators.act("evaluator-3", "rate_5")  # a second press does not count
    eventually(
        lambda: not hall.seen("evaluator-3")["waiting_for_answer"], "the second press was acknowledged"
    )
    assert hall.get(f"tickets/{ticket['id']}")["rating"] == 4


def test_call_and_a_rating_key_are_enough(hall, eventually):
    ticket = hall.take_ticket("general")
    hall.emulators.act("pad-3", "call")
    eventually(lambda: hall.window(3)["ticket"], "window 3 has called")
    hall.emulators.act("evaluator-3", "rate_5")
    eventually(lambda: hall.get(f"tickets/{ticket['id']}")["rating"] == 5, "the rating is counted")


@pytest.mark.parametrize("echo", [False, True])
def test_one_press_is_one_call_whether_the_adapter_echoes_or_not(hall, eventually, echo):
    hall.emulators.set_echo("counters", echo)
    numbers = [hall.take_ticket("general")["number"] for _ in range(5)]
    hall.emulators.act("pad-3", "call")
    eventually(lambda: hall.seen("strip-3")["lit"] == numbers[0], "the first ticket is called")
    eventually(lambda: not hall.seen("pad-3")["waiting_for_answer"], "the key was acknowledged")
    hall.emulators.act("pad-3", "recall")  # too soon: its beep comes after all else
    eventually(lambda: hall.seen("pad-3")["beeps"] == 1, "the recall is refused with a beep")
    called = [event for event in hall.events() if event["type"] == "ticket_called"]
    assert len(called) == 1


def test_a_pause_shows_on_the_strip_and_the_next_call_ends_it(hall, eventually):
    hall.emulators.act("pad-5", "pause")
    eventually(lambda: hall.seen("strip-5")["text"] == "暂停服务", "the strip says that the window is paused")
    assert hall.window(5)["state"] == "paused"
    ticket = hall.take_ticket("police")
    hall.emulators.act("pad-5", "call")
    eventually(lambda: hall.seen("strip-5")["lit"] == ticket["number"], "the window calls again")


def test_a_second_daemon_on_the_same_hall_refuses_to_start(hall):
    done = hall.run_another()
    assert done.returncode != 0
    assert str(hall.process.pid) in done.stderr
    assert "Traceback" not in done.stderr
    assert hall.api("GET", "/healthz").status == 200
