"""A worker turns when it is woken, and a turn that fails does not end it."""

import threading

from kioskd import worker as worker_module
from kioskd.worker import Worker

PATIENCE_S = 20.0


def test_it_turns_at_the_start_and_when_woken():
    turned = threading.Semaphore(0)
    worker = Worker("test", turned.release, beat_s=3600)
    worker.start()
    assert turned.acquire(timeout=PATIENCE_S)
    worker.wake()
    assert turned.acquire(timeout=PATIENCE_S)
    worker.stop()
    assert not worker.alive


def test_being_woken_during_a_turn_leads_to_another():
    first, go_on, second = threading.Event(), threading.Event(), threading.Event()

    def turn():
        if first.is_set():
            second.set()
        first.set()
        go_on.wait(PATIENCE_S)

    worker = Worker("test", turn, beat_s=3600)
    worker.start()
    assert first.wait(PATIENCE_S)
    worker.wake()
    go_on.set()
    assert second.wait(PATIENCE_S)
    worker.stop()


def test_it_survives_a_turn_that_fails(monkeypatch, caplog):
    monkeypatch.setattr(worker_module, "AFTER_FAILURE_S", 0.01)
    turns = []
    recovered = threading.Event()

    def turn():
        turns.append(1)
        if len(turns) == 1:
            raise OSError("the disk is full")
        recovered.set()

    worker = Worker("test", turn, beat_s=3600)
    worker.start()
    assert recovered.wait(PATIENCE_S)
    worker.stop()
    assert "the disk is full" in caplog.text


def test_one_that_was_never_started_can_be_stopped():
    Worker("test", list, beat_s=3600).stop()
