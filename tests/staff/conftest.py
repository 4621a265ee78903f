"""A store with two clerks in its hall file, a clock the test moves, and the staff at its doors."""

from datetime import UTC, datetime, timedelta

import pytest

from kioskd.hall.store import Store
from kioskd.staff.accounts import add_account
from kioskd.staff.sign_in import Staff

PIN = "305917"
PASSWORD = "green bamboo 8"


class Clock:
    def __init__(self):
        self.time = datetime.now(UTC)

    def now(self):
        return self.time

    def pass_s(self, seconds):
        self.time += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """A hash costs a tenth of a second, which is the point of it, but not of these tests."""
    monkeypatch.setattr("kioskd.staff.hashing.N", 2**4)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hall.db")
    with store.transaction() as tx:
        for clerk in ("c01", "c02"):
            tx.execute(
                "INSERT INTO clerks (id, name, position, in_use) VALUES (?, '李丽', '受理岗', 1)", clerk
            )
    yield store
    store.close()


@pytest.fixture
def staff(store, clock):
    return Staff(store, clock.now)


@pytest.fixture
def li(store):
    """A clerk's account."""
    return add_account(store, "li", ["clerk"], PIN, by="tests", display_name="李丽", clerk="c01")
