"""Eight clients at once over HTTP: no number twice, no ticket called twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.e2e

CLIENTS = 8
TICKETS_A_CLIENT = 30


def test_eight_clients_take_and_call_and_nothing_is_doubled(hall):
    matters = [matter["code"] for matter in hall.get("matters")["items"]]

    def take(client: int) -> list[str]:
        return [
            hall.post("tickets", {"matter": matters[(client * 7 + count) % len(matters)]})["number"]
            for count in range(TICKETS_A_CLIENT)
        ]

    def call(window: int) -> list[int]:
        called = []
        for _ in range(TICKETS_A_CLIENT):
            answer = hall.api("POST", f"/api/v1/windows/{window}/call-next", {})
            if answer.status != 200:
                continue
            called.append(answer.json["ticket"]["id"])
            hall.post(f"windows/{window}/start")
            hall.post(f"windows/{window}/finish")
        return called

    with ThreadPoolExecutor(CLIENTS) as clients:
        numbers = [number for some in clients.map(take, range(CLIENTS)) for number in some]
        called = [id_ for some in clients.map(call, range(1, 9)) for id_ in some]

    assert len(numbers) == CLIENTS * TICKETS_A_CLIENT
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert called
    assert [id_ for id_, times in Counter(called).items() if times > 1] == []
    told = Counter(event["ticket"] for event in hall.events() if event["type"] == "ticket_called")
    assert max(told.values()) == 1
