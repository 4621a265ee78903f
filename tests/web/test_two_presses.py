"""Two presses are one: from two pages and the pad at the same instant, over real HTTP."""

import random
import threading
from collections import Counter

import pytest

from kioskd.devices.kinds import KeyPressed
from kioskd.floor.bindings import Bindings
from kioskd.floor.keys import Keys

WISHES = {
    "call-next": "ticket_called",
    "start": "ticket_started",
    "finish": "ticket_finished",
    "no-show": "ticket_no_show",
    "hold": "ticket_held",
    "recall": "ticket_recalled",
    "pause": "window_paused",
    "open": "window_opened",
}
KEYS = {"call-next": "call", "no-show": "cancel", "hold": "hold", "pause": "pause", "start": "start"}
"""The pad's key for the same wish."""


@pytest.fixture
def pad(hall, clock):
    """What the pad of window 1 says, as the floor hears it."""
    bindings = Bindings([], {"pad-1": 1})
    return Keys(hall, bindings, clock.monotonic_s, keys={"start": "start"}, double_press_s=3.0)


def at_once(*presses):
    """Everything at the same instant, as far as threads can; their answers."""
    ready = threading.Barrier(len(presses))
    answers = [None] * len(presses)

    def press(index):
        ready.wait()
        answers[index] = presses[index]()

    threads = [threading.Thread(target=press, args=(index,)) for index in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def as_seen(site, wish, seen):
    """A press on a page that shows the window as it was after the event `seen`."""
    return lambda: site.ask("POST", f"/api/v1/windows/1/{wish}", {}, **{"If-Match": f'"{seen}"'})


def what_can_be_wished(window):
    if window.state == "closed":
        return ["open"]
    if window.ticket is None:
        return ["call-next", "pause"] if window.state == "open" else ["open"]
    return {"called": ["start", "no-show", "hold", "recall"], "serving": ["finish", "hold"]}[
        window.ticket.state
    ]


@pytest.mark.parametrize("seed", range(2))
def test_a_wish_pressed_on_three_pages_and_the_pad_is_done_once(site, pad, hall, clock, seed):
    chance = random.Random(seed)
    for _ in range(20):
        hall.issue("GA-1")
    for _ in range(20):
        clock.pass_min(1)
        window = hall.window(1)
        wish = chance.choice(what_can_be_wished(window))
        presses = [as_seen(site, wish, window.seen) for _ in range(3)]
        if wish in KEYS and chance.random() < 0.7:
            pad.hear(KeyPressed("pad-1", KEYS[wish]))
            presses.append(pad.turn)
            chance.shuffle(presses)
        before = hall.store.last_event()
        answers = [answer for answer in at_once(*presses) if answer is not None]

        done = Counter(event.type for event in hall.events(before, 100))
        assert done == {WISHES[wish]: 1}, (wish, done)
        assert {status for status, _ in answers} == {200}, "the second press is no error"
        assert {body["seen"] for _, body in answers} == {hall.window(1).seen}, (
            "its answer is the present state"
        )


def test_a_press_meant_for_another_state_does_nothing(client, hall):
    hall.issue("GA-1")
    hall.open(1)
    seen = hall.window(1).seen
    hall.call_next(1)
    hall.start(1)
    answer = client.post("windows/1/call-next", {"finish_current": True}, **{"If-Match": f'"{seen}"'})
    assert answer.status_code == 200
    assert answer.headers["Kioskd-Changed"] == "true"
    assert answer.json["ticket"]["state"] == "serving"


def test_a_citizens_rating_does_not_eat_a_press(client, hall):
    served, _ = hall.issue("GA-1"), hall.issue("GA-1")
    hall.open(1)
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    seen = hall.window(1).seen
    hall.rate(served.id, 3, "phone")
    answer = client.post("windows/1/call-next", {}, **{"If-Match": f'"{seen}"'})
    assert answer.json["ticket"]["state"] == "called"


def test_what_is_no_state_of_a_window_is_refused(client):
    answer = client.post("windows/1/open", {}, **{"If-Match": '"yesterday"'})
    assert (answer.status_code, answer.json["mistakes"][0]["key"]) == (422, "If-Match")
