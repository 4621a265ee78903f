"""The printer has a bad day: a number all the same, health says what to do, all resumes without a restart.

Names with numbers are complaints about other programs, by their public issues.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.e2e


def reasons(hall) -> dict[str, str]:
    return {reason["code"]: reason["step_zh"] for reason in hall.health("printer")["reasons"]}


def paper_state(hall, ticket) -> str:
    return hall.get(f"tickets/{ticket['id']}")["print"]["state"]


def papers_with(hall, number: str) -> list[str]:
    return [text for text in hall.papers().values() if number in text.split()]


@pytest.mark.parametrize(
    ("trouble", "remedy", "reason"),
    [
        ("paper_out_mid", "paper_in", "paper_out"),
        ("paper_out", "paper_in", "paper_out"),
        ("cover_open", "cover_close", "cover_open"),
        ("cutter_jam", "cutter_clear", "cutter_jam"),
    ],
)
def test_odoo_247055_a_fault_stops_paper_and_nothing_else_and_ends_by_itself(
    hall, eventually, trouble, remedy, reason
):
    hall.emulators.act("printer", trouble)
    ticket = hall.take_ticket("general")
    assert ticket["number"]
    eventually(lambda: reasons(hall).get(reason), f"health says {reason} and the step to take")
    second = hall.take_ticket("general")
    assert second["ahead"] == 1
    assert paper_state(hall, ticket) in ("queued", "sending")

    hall.emulators.act("printer", remedy)
    for taken in (ticket, second):
        eventually(lambda taken=taken: paper_state(hall, taken) == "printed", "the paper is confirmed")
        assert len(papers_with(hall, taken["number"])) == 1, "once, and only once"
    eventually(lambda: not reasons(hall), "health is well again")


def test_odoo_223525_225678_a_silent_printer_still_prints_and_its_jobs_are_visibly_unknown(hall, eventually):
    hall.emulators.act("printer", "silent")
    ticket = hall.take_ticket("general")
    eventually(lambda: papers_with(hall, ticket["number"]), "it is printed all the same")
    eventually(lambda: paper_state(hall, ticket) == "unknown", "nobody can say that it was")
    eventually(lambda: "no_answer" in reasons(hall), "health says that it does not answer")

    hall.emulators.act("printer", "answers")
    after = hall.take_ticket("general")
    eventually(lambda: paper_state(hall, after) == "printed", "it is confirmed again")
    eventually(lambda: not reasons(hall), "health is well again")
    assert len(papers_with(hall, ticket["number"])) == 1, "the unknown one was not printed again by itself"


def test_fqm_125_octoprint_3846_a_printer_pulled_out_and_put_back_goes_on_where_it_was(hall, eventually):
    eventually(lambda: hall.health("printer")["state"] == "online", "the printer is there")
    hall.emulators.unplug("kiosk")
    eventually(lambda: hall.health("printer")["state"] == "offline", "the cable is missed")
    ticket = hall.take_ticket("general")
    assert paper_state(hall, ticket) == "queued"

    hall.emulators.plug("kiosk")
    eventually(lambda: paper_state(hall, ticket) == "printed", "it prints when the cable is back")
    assert len(papers_with(hall, ticket["number"])) == 1


def test_power_lost_in_the_middle_of_a_ticket_is_unknown_and_a_reprint_says_so(hall, eventually):
    hall.emulators.act("printer", "power_cut_mid")
    ticket = hall.take_ticket("general")
    eventually(lambda: paper_state(hall, ticket) == "unknown", "contact was lost in between")
    hall.emulators.act("printer", "power_on")
    hall.post(f"tickets/{ticket['id']}/reprint")
    eventually(lambda: paper_state(hall, ticket) == "printed", "the reprint is confirmed")
    complete = [text for text in papers_with(hall, ticket["number"]) if "补打" in text]
    assert len(complete) == 1
