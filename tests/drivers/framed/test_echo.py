"""One press is one call: with echo and without, said or found out, with answers lost and echoes late."""

import heapq
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kioskd.devices.kinds import KeyPressed, Rated, Signal

CALL = bytes.fromhex("FF 68 03 03 68 01 01 0C 0E 16")
RECALL = bytes.fromhex("FF 68 03 03 68 01 01 0D 0F 16")
RATED_BEST = bytes.fromhex("FF 68 03 03 68 01 11 00 12 16")
RESEND_EVERY_S = 0.3
RESENDS = 5


@pytest.fixture(scope="session")
def pad(plugged, profile):
    """A keypad at address 1."""
    return lambda local_echo=None: plugged(profile("ff68-keypad"), address=1, local_echo=local_echo)


@pytest.mark.parametrize("local_echo", [None, True])
def test_the_echo_of_our_acknowledgement_is_no_press(pad, local_echo):
    driver, cable = pad(local_echo)

    driver.received(CALL)
    cable.clock_s += 0.02
    driver.received(CALL)

    assert cable.written == [CALL]
    assert cable.events == [KeyPressed("device", "call")]
    assert cable.counters == {"echo": 1}


@pytest.mark.parametrize("local_echo", [None, False, True])
def test_a_resent_key_is_acknowledged_again_and_is_no_press(pad, local_echo):
    driver, cable = pad(local_echo)
    driver.received(CALL)
    if local_echo:
        driver.received(CALL)  # its echo

    cable.clock_s += 0.4
    driver.received(CALL)

    assert cable.written == [CALL, CALL]
    assert cable.events == [KeyPressed("device", "call")]


@pytest.mark.parametrize("local_echo", [None, False])
def test_the_same_key_after_the_resend_time_is_a_press_although_it_was_resent_meanwhile(pad, local_echo):
    driver, cable = pad(local_echo)

    driver.received(CALL)
    cable.clock_s += 1.6
    driver.received(CALL)
    cable.clock_s += 0.5
    driver.received(CALL)

    assert cable.events == [KeyPressed("device", "call")] * 2


def test_another_key_is_a_press_at_once(pad):
    driver, cable = pad()

    driver.received(CALL + RECALL + CALL)

    assert [event.key for event in cable.events] == ["call", "recall"]
    cable.clock_s += 0.5
    driver.received(CALL)
    assert [event.key for event in cable.events] == ["call", "recall", "call"]


def test_where_echo_is_there_against_the_hall_files_word_the_loop_still_ends(pad):
    driver, cable = pad(False)

    driver.received(CALL)
    for _ in range(20):
        answers, cable.written = cable.written, []
        for answer in answers:
            driver.received(answer)

    assert cable.written == []
    assert cable.events == [KeyPressed("device", "call")]


def test_an_echo_heard_once_is_expected_from_then_on_however_late(pad):
    driver, cable = pad()
    driver.signal(Signal.BEEP)
    driver.received(cable.written[-1])

    driver.received(CALL)
    cable.clock_s += 1.4
    driver.received(CALL)

    assert cable.written.count(CALL) == 1


def test_an_echo_that_stays_away_is_no_longer_expected(pad):
    driver, cable = pad()
    driver.signal(Signal.BEEP)
    driver.received(cable.written[-1])
    driver.signal(Signal.BEEP)  # and this one does not come back
    cable.clock_s += 3

    driver.received(CALL)
    cable.clock_s += 1
    driver.received(CALL)

    assert cable.written.count(CALL) == 2


def test_a_rating_counts_once_and_its_acknowledgement_is_no_key(plugged, profile):
    driver, cable = plugged(profile("ff68"), address=1)

    driver.received(RATED_BEST)
    [answer] = cable.written
    driver.received(answer)
    cable.clock_s += 0.4
    driver.received(RATED_BEST)

    assert cable.events == [Rated("device", 5)]
    assert answer.hex(" ").upper() == "FF 68 03 03 68 01 01 00 02 16"


class Bus:
    """A line in simulated time: a pad that resends, an adapter that may echo, answers that may be lost."""

    def __init__(self, cable, echo_after_s, lost):
        self.cable = cable
        self.echo_after_s = echo_after_s
        self.lost = iter(lost)
        self.queue = []
        self.order = itertools.count()
        self.waiting = False
        cable.write = self.write

    def at(self, time_s, what, *args):
        heapq.heappush(self.queue, (time_s, next(self.order), what, args))

    def write(self, data, *, timeout_s=2.0):
        now_s = self.cable.clock_s
        if self.echo_after_s is not None:
            self.at(now_s + self.echo_after_s, self.cable.driver.received, data)
        if not next(self.lost, False):
            self.at(now_s + 0.011, self.acknowledged, data)

    def acknowledged(self, data):
        if data == CALL:
            self.waiting = False

    def press(self):
        self.waiting = True
        self.send(RESENDS)

    def send(self, left):
        if not self.waiting:
            return
        self.at(self.cable.clock_s + 0.011, self.cable.driver.received, CALL)
        if left:
            self.at(self.cable.clock_s + RESEND_EVERY_S, self.send, left - 1)
        else:
            self.waiting = False

    def run(self):
        steps = 0
        while self.queue:
            steps += 1
            assert steps < 2000, "the loop never ends"
            self.cable.clock_s, _, what, args = heapq.heappop(self.queue)
            what(*args)


@settings(max_examples=300)
@given(
    echo_after_s=st.none() | st.floats(0.001, 0.6),
    said=st.booleans(),
    beep_first=st.booleans(),
    lost=st.lists(st.booleans(), max_size=20),
    pauses_s=st.lists(st.floats(2.1, 6.0), max_size=5),
)
def test_one_press_is_one_call(pad, echo_after_s, said, beep_first, lost, pauses_s):
    driver, cable = pad((echo_after_s is not None) if said else None)
    bus = Bus(cable, echo_after_s, lost)
    if beep_first:
        driver.signal(Signal.BEEP)
    press_s = 110.0
    for pause_s in [0.0, *pauses_s]:
        press_s += pause_s
        bus.at(press_s, bus.press)

    bus.run()

    assert cable.events == [KeyPressed("device", "call")] * (1 + len(pauses_s))
