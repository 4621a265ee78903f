"""What an export needs of a citizen: one table, one purpose, every reading written down, gone in time."""

import logging
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.store import Store, StoreFailed
from tests.hall.conftest import rows

NAME, PHONE, NUMBER = "样例张三", "13900000000", "660102199606151236"


@pytest.fixture
def ticket(hall):
    return hall.issue("card")


@pytest.fixture
def give(hall, ticket):
    def give(purpose="rating_report", name=NAME):
        return hall.people.give_contact(
            ticket.id,
            purpose,
            name=name,
            phone=PHONE,
            certificate_type="111",
            certificate_no=NUMBER,
            by="desk",
        )

    return give


def test_it_is_given_for_a_purpose_and_each_reading_is_written_down(hall, ticket, give):
    give()
    for times in (1, 2):
        contact = hall.people.read_contact(ticket.id, "rating_report", by="token:uplink")
        assert (contact.name, contact.phone, contact.certificate_no) == (NAME, PHONE, NUMBER)
        assert contact.readings == times
    read = hall.people.contact_readings(ticket.id)
    assert [(reading.purpose, reading.read_by) for reading in read] == [("rating_report", "token:uplink")] * 2


def test_another_purpose_does_not_see_it(hall, ticket, give, refused):
    give()
    refused("no_contact", hall.people.read_contact, ticket.id, "survey", by="token:x")
    assert hall.people.contact_readings(ticket.id) == []


def test_given_again_it_replaces_what_was_given(hall, ticket, give):
    give(name="写错了")
    give()
    assert hall.people.read_contact(ticket.id, "rating_report", by="x").name == NAME
    assert len(rows(hall.store, "contact_details")) == 1


def test_after_its_days_the_tick_deletes_it_and_keeps_who_read_it(hall, ticket, give, clock, refused):
    assert give() - clock.now() == timedelta(days=30)
    hall.people.read_contact(ticket.id, "rating_report", by="x")
    for _ in range(30):
        clock.pass_min(24 * 60)
        hall.tick()
    assert rows(hall.store, "contact_details") == []
    refused("no_contact", hall.people.read_contact, ticket.id, "rating_report", by="x")
    assert len(hall.people.contact_readings(ticket.id)) == 1


def test_a_clock_that_nobody_vouches_for_deletes_nothing(hall, give, clock):
    give()
    clock.set("2037-01-01 10:00")
    hall.tick()
    assert len(rows(hall.store, "contact_details")) == 1


def test_it_can_be_deleted_before(hall, ticket, give, refused):
    give()
    hall.people.forget_contact(ticket.id, "rating_report")
    refused("no_contact", hall.people.forget_contact, ticket.id, "rating_report")


def test_only_a_ticket_that_there_is(hall, refused):
    refused("unknown_ticket", hall.people.read_contact, 99, "rating_report", by="x")


def test_it_is_in_no_event_no_log_and_no_text(hall, store, ticket, give, caplog):
    caplog.set_level(logging.DEBUG)
    before = store.last_event()
    give()
    contact = hall.people.read_contact(ticket.id, "rating_report", by="x")
    assert store.last_event() == before
    told = caplog.text + repr(contact) + str([contact]) + repr(hall.events(0, 1000))
    for secret in (NAME, PHONE, NUMBER):
        assert secret not in told


def test_deleted_means_gone_from_the_file(hall, store, ticket, give, plan, clock):
    give()
    hall.people.forget_contact(ticket.id, "rating_report")
    store.close()
    left = store.path.read_bytes()
    assert NUMBER.encode() not in left
    assert NAME.encode() not in left


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_the_file_its_log_and_its_backup_are_for_their_owner_alone(tmp_path, plan, clock, mask):
    before = os.umask(mask)
    try:
        store = Store(tmp_path / "hall.db")
        Hall(store, plan, clock)
        store.backup(tmp_path / "backup.db")
        files = [*tmp_path.iterdir()]
        assert {file.name for file in files} >= {"hall.db", "hall.db-wal", "backup.db"}
        assert {mode(file) for file in files} == {0o600}
        store.close()
    finally:
        os.umask(before)


def mode(file: Path):
    return stat.S_IMODE(file.stat().st_mode)


def test_a_backup_that_fails_leaves_no_half_of_it(store, tmp_path):
    with pytest.raises(StoreFailed, match="no-folder"):
        store.backup(tmp_path / "no-folder" / "backup.db")
    with store.transaction(), pytest.raises(StoreFailed):  # SQLite copies nothing inside a transaction
        store.backup(tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()
