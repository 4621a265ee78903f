"""The driver and the emulated reader, which reads the document by itself, over a real pseudo-terminal."""

import logging

import pytest

from kioskd.devices.errors import DeviceError
from kioskd.devices.health import State
from kioskd.devices.kinds import CardProblem, CardRead, CardRefused, HealthChanged
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, running_emulators, until


class Bench:
    """One reader, and a hand that lays cards on it."""

    def __init__(self, client, supervisor):
        self.client = client
        self.reader = supervisor.devices["reader"]
        self.heard = []
        supervisor.subscribe(self.hear)

    def hear(self, event):
        if not isinstance(event, HealthChanged):
            self.heard.append(event)

    def act(self, *actions):
        for action in actions:
            self.client.act("reader", action)

    def expect_state(self, state):
        until(lambda: self.reader.health().state == state, what=f"{state}, it is {self.reader.health()}")


@pytest.fixture
def bench(profile, tmp_path):
    port = PortSpec(name="cards", at="emulator:", settings=profile.port)
    options = {"answer_s": 0.6, "read_s": 2.0}
    device = DeviceSpec(name="reader", title="", profile=profile, port="cards", options=options)
    with running_emulators([port], [device], tmp_path) as client:
        supervisor = Supervisor([port], [device], tmp_path, pace=QUICK)
        supervisor.start()
        bench = Bench(client, supervisor)
        bench.expect_state(State.ONLINE)
        yield bench
        supervisor.stop()


def test_each_card_on_the_desk(bench, cards):
    for name in ("elder", "thirty", "booked"):
        before = len(bench.heard)
        bench.act(f"lay_{name}")
        until(lambda seen=before: len(bench.heard) > seen, what=name)
        assert isinstance(bench.heard[-1], CardRead)
        assert bench.heard[-1].card.number == cards[name].whole_number
        bench.act("take_away")
        away(bench)
    assert len(bench.heard) == 3


def away(bench, finds=4):
    """Some more searches have gone by."""
    start = bench.reader.health().counters["sent_bytes"]
    return until(lambda: bench.reader.health().counters["sent_bytes"] >= start + 10 * finds)


@pytest.mark.parametrize(
    ("card", "problem"), [("foreigner", CardProblem.UNSUPPORTED), ("damaged", CardProblem.UNREADABLE)]
)
def test_cards_that_cannot_be_used_are_refused_once(bench, card, problem):
    bench.act(f"lay_{card}")
    until(lambda: bench.heard, what="the refusal")
    away(bench)
    assert bench.heard == [CardRefused("reader", problem)]


@pytest.mark.parametrize(
    ("fault", "state"),
    [("silent", State.OFFLINE), ("garbage", State.OFFLINE), ("self_test_failed", State.FAULT)],
)
def test_a_fault_shows_and_goes(bench, fault, state):
    bench.act(fault)
    bench.expect_state(state)
    bench.act(fault, "lay_elder")
    bench.expect_state(State.ONLINE)
    until(lambda: bench.heard, what="the card")


def test_pulled_out_with_a_card_on_it_and_plugged_in_again(bench, caplog, cards):
    caplog.set_level(logging.DEBUG)
    bench.act("lay_thirty", "unplug")
    bench.expect_state(State.OFFLINE)
    bench.act("plug")
    bench.expect_state(State.ONLINE)
    until(lambda: bench.heard, what="the card")
    assert cards["thirty"].whole_number not in caplog.text


def test_only_cards_that_are_there_can_be_laid_on(bench):
    for action in ("lay_nobody", "elder", ""):
        with pytest.raises(DeviceError):
            bench.act(action)
