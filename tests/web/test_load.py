"""Eight clients at once over HTTP: no number twice, no ticket called twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 8
TICKETS_EACH = 25


def test_no_number_twice_and_no_ticket_called_twice(site, hall):
    for window in (1, 2):
        assert site.post(f"windows/{window}/open")[0] == 200

    def take(_client):
        return [site.post("tickets", {"matter": "GA-1"}) for _ in range(TICKETS_EACH)]

    def call(client):
        window = 1 + client % 2
        answers = []
        for _ in range(TICKETS_EACH):
            answers.append(site.post(f"windows/{window}/call-next"))
            site.post(f"windows/{window}/finish" if client % 4 < 2 else f"windows/{window}/no-show")
        return answers

    with ThreadPoolExecutor(CLIENTS) as clients:
        taken = [answer for answers in clients.map(take, range(CLIENTS)) for answer in answers]
        called = [answer for answers in clients.map(call, range(CLIENTS)) for answer in answers]

    assert {status for status, _ in taken} == {201}
    assert len({ticket["number"] for _, ticket in taken}) == CLIENTS * TICKETS_EACH
    assert {status for status, _ in called} <= {200, 409}
    calls = Counter(event.ticket for event in hall.events(0, 10_000) if event.type == "ticket_called")
    assert calls
    assert set(calls.values()) == {1}
