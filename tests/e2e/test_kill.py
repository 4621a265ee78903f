"""kill -9 at random moments, again and again under load: no ticket is lost, no number is on paper twice."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from http.client import HTTPException

import pytest

pytestmark = pytest.mark.e2e

KILLS = 6
TICKETS_A_LIFE = 6  # paper comes at the printer's own speed, about a ticket a second
PAPER_WITHIN_S = 240
NUMBER = re.compile(r"^[A-F]\d{3}$")


class Citizens(threading.Thread):
    """People who take tickets while the power fails, and remember what they were told."""

    def __init__(self, hall, acknowledged: dict[int, str]) -> None:
        super().__init__(daemon=True)
        self.hall = hall
        self.acknowledged = acknowledged

    def run(self) -> None:
        for count in range(TICKETS_A_LIFE):
            try:
                ticket = self.hall.take_ticket()
                self.acknowledged[ticket["id"]] = ticket["number"]
                if count % 3 == 2:
                    self.hall.api("POST", "/api/v1/windows/1/call-next", {"finish_current": True})
            except (OSError, HTTPException, ValueError, AssertionError):
                return  # the power is gone: whoever was not answered was promised nothing


class Tray(threading.Thread):
    """Watches the paper: the printer keeps it all, its view shows the newest twenty."""

    def __init__(self, hall) -> None:
        super().__init__(daemon=True)
        self.hall = hall
        self.papers: dict[int, str] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.5):
            self.papers.update(self.hall.papers())


def test_nothing_is_lost_and_nothing_doubled_by_kill_9(stopped_hall, eventually):
    hall, acknowledged = stopped_hall, {}
    random.seed()
    hall.start()
    tray = Tray(hall)
    tray.start()
    for _ in range(KILLS):
        people = [Citizens(hall, acknowledged) for _ in range(2)]
        for one in people:
            one.start()
        time.sleep(random.uniform(0.05, 1.5))  # the moment of the power cut
        hall.kill()
        for one in people:
            one.join(60)
        hall.start()

    def all_paper_settled() -> bool:
        states = [hall.get(f"tickets/{id_}")["print"]["state"] for id_ in acknowledged]
        return not {"queued", "sending"} & set(states)

    eventually(all_paper_settled, "every job of the journal has its end", PAPER_WITHIN_S)
    time.sleep(2)  # the printer may still put out what its buffer holds
    tray.ended.set()
    tray.join(30)
    tray.papers.update(hall.papers())

    assert acknowledged, "the load reached the hall"
    for id_, number in acknowledged.items():
        assert hall.get(f"tickets/{id_}")["number"] == number
    assert len(set(acknowledged.values())) == len(acknowledged), "no number was given twice"

    issued = hall.numbers()
    printed = Counter(
        word
        for paper in tray.papers.values()
        if "补打" not in paper
        for word in set(paper.split())
        if NUMBER.match(word)
    )
    assert printed, "the printer printed"
    assert set(printed) <= set(issued), "every number on paper is in the database"
    assert max(printed.values()) == 1, f"no number is on paper twice: {printed.most_common(3)}"
