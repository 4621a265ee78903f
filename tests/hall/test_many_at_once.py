"""Threads and processes on one hall's file, and a process that is killed: nothing twice, nothing lost."""

import runpy
import sqlite3
import subprocess
import sys
import threading
from datetime import time
from pathlib import Path

import msgspec
import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.plan import DayRules
from kioskd.hall.store import Store

WORKER = Path(__file__).with_name("worker.py")
WORKERS = 4
COMMANDS = 60


@pytest.fixture
def always_open(plan):
    """The hall by the computer's own clock: open at any hour, and no limit that would be reached."""
    lines = tuple(msgspec.structs.replace(line, daily_limit=800) for line in plan.lines)
    night_and_day = DayRules(starts=time(4), closes=time(3, 59))
    return msgspec.structs.replace(plan, hours=(), day=night_and_day, lines=lines)


@pytest.fixture
def start_worker(tmp_path, always_open):
    """start_worker(seed, commands): a process that throws commands at hall.db in the test's folder."""
    plan_file = tmp_path / "plan.json"
    plan_file.write_bytes(msgspec.json.encode(always_open))
    started = []

    def start(seed, commands=COMMANDS):
        arguments = [WORKER, tmp_path / "hall.db", plan_file, str(seed), str(commands)]
        worker = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()
        worker.stdout.close()


def in_the_store(file):
    """The tickets in the file, as SQLite itself reads them."""
    with sqlite3.connect(file) as connection:
        return set(connection.execute("SELECT id, number FROM tickets"))


def acknowledged(output):
    """The tickets that a worker printed whole lines about."""
    lines = output.rpartition("\n")[0].splitlines()
    return {(int(ticket), number) for ticket, number in (line.split() for line in lines)}


def open_all(hall):
    for window in (1, 2, 3):
        hall.open(window)


def test_threads_keep_the_rules(store, always_open, check_books):
    hall = Hall(store, always_open)
    open_all(hall)
    throw = runpy.run_path(str(WORKER))["throw"]
    taken, failures = [], []

    def work(seed):
        try:
            taken.extend(ticket.number for ticket in throw(hall, seed, COMMANDS))
        except Exception as failure:  # shown by the assertion below
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(taken) == len(set(taken)) > WORKERS
    check_books(store, always_open)


def test_processes_keep_the_rules(store, always_open, start_worker, check_books):
    open_all(Hall(store, always_open))
    workers = [start_worker(seed) for seed in range(WORKERS)]
    outputs = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * WORKERS
    taken = [ticket for output in outputs for ticket in acknowledged(output)]
    assert len(taken) == len(set(taken)) > WORKERS
    assert set(taken) == in_the_store(store.path)
    check_books(store, always_open)


def test_processes_that_all_make_the_store_make_one(tmp_path, start_worker, always_open, check_books):
    workers = [start_worker(seed, commands=10) for seed in range(WORKERS)]
    for worker in workers:
        worker.communicate(timeout=120)
    assert [worker.returncode for worker in workers] == [0] * WORKERS
    store = Store(tmp_path / "hall.db")
    check_books(store, always_open)
    store.close()


@pytest.mark.parametrize("tickets_before", [1, 7, 23])
def test_what_a_killed_process_acknowledged_is_there(
    tmp_path, always_open, start_worker, check_books, tickets_before
):
    store = Store(tmp_path / "hall.db")
    hall = Hall(store, always_open)
    open_all(hall)
    worker = start_worker(tickets_before, commands=100_000)
    seen = "".join(worker.stdout.readline() for _ in range(tickets_before))
    worker.kill()
    seen += worker.stdout.read()
    given = acknowledged(seen)
    assert len(given) >= tickets_before
    assert given <= in_the_store(store.path)
    assert hall.issue("note").number not in {number for _, number in given}
    check_books(store, always_open)
    store.close()
