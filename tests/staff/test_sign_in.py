"""Sessions that end, guessing that is slow, and what is written down of it."""

import json
import threading
from datetime import timedelta

import pytest

from kioskd.hall.store import Store
from kioskd.staff import accounts, audit, hashing
from kioskd.staff.lockout import MustWait
from kioskd.staff.sign_in import NotSignedIn, Staff

from .conftest import PIN


def guess(staff, name="li", address="10.0.0.5", secret="000001"):
    """wrong, or how long to wait."""
    try:
        staff.sign_in(name, secret, address=address)
    except NotSignedIn:
        return "wrong"
    except MustWait as wait:
        return "locked" if wait.locked else wait.wait_s
    return "in"


# --- sessions ---


def test_a_session_outlives_a_restart(store, staff, clock, li):
    _, session = staff.sign_in("li", PIN, address="")
    assert Staff(store, clock.now).account_of(session, at_work=True).name == "li"


def test_the_store_keeps_no_session(store, staff, li):
    _, session = staff.sign_in("li", PIN, address="")
    with store.read() as snapshot:
        assert session not in str([tuple(row) for row in snapshot.all("SELECT * FROM sessions")])


def test_a_session_ends_when_nobody_works(staff, clock, li):
    _, session = staff.sign_in("li", PIN, address="")
    for _ in range(5):
        clock.pass_s(50 * 60)
        assert staff.account_of(session, at_work=True)
    clock.pass_s(61 * 60)
    assert staff.account_of(session, at_work=True) is None


def test_a_page_that_only_looks_on_keeps_nobody_signed_in(staff, clock, li):
    _, session = staff.sign_in("li", PIN, address="")
    for _ in range(59):
        clock.pass_s(60)
        assert staff.account_of(session, at_work=False)
    clock.pass_s(60)
    assert staff.account_of(session, at_work=False) is None


def test_a_session_ends_after_a_day_whatever_is_done(staff, clock, li):
    _, session = staff.sign_in("li", PIN, address="")
    for _ in range(47):
        clock.pass_s(15 * 60)
        assert staff.account_of(session, at_work=True)
    clock.pass_s(15 * 60)
    assert staff.account_of(session, at_work=True) is None


def test_a_session_from_the_future_has_ended(staff, clock, li):
    """The computer started in 2037 and somebody signed in; then its clock was set right."""
    clock.pass_s(10 * 365 * 86400)
    _, session = staff.sign_in("li", PIN, address="")
    clock.pass_s(-10 * 365 * 86400)
    assert staff.account_of(session, at_work=True) is None


def test_signing_out_ends_one_session_and_no_other(staff, li):
    (_, here), (_, there) = staff.sign_in("li", PIN, address=""), staff.sign_in("li", PIN, address="")
    staff.sign_out(here, address="")
    assert staff.account_of(here, at_work=True) is None
    assert staff.account_of(there, at_work=True)


@pytest.mark.parametrize("session", ["", "nonsense", "\udc80", "' OR 1=1 --"])
def test_what_is_no_session_lets_nobody_in(staff, li, session):
    assert staff.account_of(session, at_work=True) is None


# --- guessing ---


def test_guesses_are_slowed_down_then_locked(staff, clock, li):
    assert guess(staff) == "wrong"
    assert guess(staff) == "wrong"
    for wait_s in (2, 4, 8):
        assert guess(staff) == wait_s
        clock.pass_s(wait_s)
        assert guess(staff) == "wrong"
    assert guess(staff, secret=PIN) == "locked"
    clock.pass_s(15 * 60 - 1)
    assert guess(staff, secret=PIN) == "locked"
    clock.pass_s(1)
    assert guess(staff, secret=PIN) == "in"


def test_a_lock_survives_a_restart(store, staff, clock, li):
    for _ in range(5):
        guess(staff)
        clock.pass_s(9)
    assert guess(Staff(Store(store.path), clock.now), secret=PIN) == "locked"


def test_a_technician_lifts_a_lock(store, staff, clock, li):
    for _ in range(5):
        guess(staff)
        clock.pass_s(9)
    accounts.enable(store, "li", by="tests")
    assert guess(staff, secret=PIN) == "in"


def test_a_right_pin_begins_the_count_anew(staff, clock, li):
    for _ in range(4):
        for _ in range(4):
            guess(staff)
            clock.pass_s(9)
        assert guess(staff, secret=PIN) == "in"


def test_an_address_that_tries_many_names_is_locked(staff, li):
    assert [guess(staff, name=f"nobody{i}") for i in range(20)] == ["wrong"] * 20
    assert guess(staff, secret=PIN) == "locked"
    assert guess(staff, secret=PIN, address="10.0.0.6") == "in"


def test_many_who_sign_in_rightly_from_one_address_lock_nobody(staff, li):
    assert {guess(staff, secret=PIN) for _ in range(25)} == {"in"}


def test_a_name_that_nobody_has_looks_like_one_that_somebody_has(staff, clock, li):
    def story(name, address):
        told = []
        for _ in range(7):
            told.append(guess(staff, name=name, address=address))
            clock.pass_s(9)
        return told

    assert story("li", "10.0.0.5") == story("wang", "10.0.0.6")


def test_a_hundred_guesses_at_once_are_no_more_than_five(staff, li, monkeypatch):
    looked_at = []
    monkeypatch.setattr("kioskd.staff.sign_in.matches", lambda *_: looked_at.append(1) and False)
    start = threading.Barrier(30)

    def try_it():
        start.wait()
        guess(staff)

    threads = [threading.Thread(target=try_it) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(looked_at) <= 5


def test_an_account_that_changes_while_its_pin_is_looked_at_lets_nobody_in(store, staff, li, monkeypatch):
    def slow(secret, hashed):
        accounts.disable(store, "li", by="tests")
        return hashing.matches(secret, hashed)

    monkeypatch.setattr("kioskd.staff.sign_in.matches", slow)
    assert guess(staff, secret=PIN) == "wrong"


# --- the audit trail ---


def actions(store):
    return [(note.action, note.subject, note.by) for note in audit.notes(store)]


def test_who_came_in_and_who_did_not_is_written_down(store, staff, clock, li):
    _, session = staff.sign_in("li", PIN, address="10.0.0.5")
    staff.sign_out(session, address="10.0.0.5")
    for _ in range(6):
        guess(staff)
        clock.pass_s(9)
    accounts.enable(store, "li", by="local:root")
    assert actions(store) == [
        ("account_added", "li", "tests"),
        ("signed_in", "li", "li"),
        ("signed_out", "li", "li"),
        *[("sign_in_failed", "li", "")] * 5,
        ("locked_out", "li", ""),
        ("account_enabled", "li", "local:root"),
    ]
    assert {note.address for note in audit.notes(store)} == {"10.0.0.5", ""}


def test_no_pin_and_no_number_that_somebody_typed_is_in_the_store(store, staff, li):
    guess(staff, name="330106198804204567", secret=PIN)
    guess(staff, name=PIN, secret="330106198804204567")
    with store.read() as snapshot:
        for table in ("audit", "sign_in_attempts", "accounts", "sessions"):
            kept = str([tuple(row) for row in snapshot.all(f"SELECT * FROM {table}")])
            assert "330106" not in kept
            assert PIN not in kept


def test_the_audit_trail_is_kept_for_its_time_and_no_shorter_than_half_a_year(store, staff, clock, li):
    with store.transaction() as tx:
        audit.sweep(tx, clock.now() + timedelta(days=182), keep_days=1)
    assert audit.notes(store)
    clock.pass_s(364 * 86400)
    staff.tick()
    assert audit.notes(store)
    clock.pass_s(2 * 86400)
    staff.tick(may_forget=lambda: False)
    assert audit.notes(store)
    staff.tick()
    assert not audit.notes(store)


def test_nobody_changes_a_note_unseen(store, li):
    with pytest.raises(Exception, match="never changed"), store.transaction() as tx:
        tx.execute("UPDATE audit SET done_by = 'nobody'")


def test_a_failing_note_undoes_what_it_tells(store, staff, li, monkeypatch):
    monkeypatch.setattr(json, "dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        accounts.disable(store, "li", by="tests")
    assert not accounts.accounts(store)[0].disabled
