"""The file that keeps the hall."""

import json
import re
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from kioskd.hall.apply import event_types
from kioskd.hall.hall import Hall
from kioskd.hall.store import Store, StoreFailed

STORE_PAGE = Path(__file__).parents[2] / "docs" / "store.md"
WORKER = Path(__file__).with_name("worker.py")
BEAT_FROM_OUTSIDE = "import sys; from kioskd.hall.store import Store; Store(sys.argv[1]).beat()"


def test_the_file_is_kept_as_the_design_says(store):
    with store.read() as snapshot:
        assert snapshot.value("PRAGMA journal_mode") == "wal"
        assert snapshot.value("PRAGMA synchronous") == 2  # FULL
        assert snapshot.value("PRAGMA foreign_keys") == 1
        tables = snapshot.all(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    assert tables
    assert all(row["sql"].endswith("STRICT") for row in tables)


def test_a_command_that_fails_half_way_leaves_nothing(store):
    def half_a_command():
        with store.transaction() as tx:
            tx.execute("INSERT INTO meta VALUES ('half', 'done')")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half_a_command()
    with store.read() as snapshot:
        assert snapshot.one("SELECT * FROM meta") is None


def test_the_store_itself_refuses_two_tickets_at_a_window_and_a_number_twice(hall, store):
    for _ in range(2):
        hall.issue("note")
    hall.call_next(1)
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.execute("UPDATE tickets SET state = 'called', window = 1 WHERE id = 2")
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.execute("UPDATE tickets SET number = 'A001' WHERE id = 2")


def test_a_reader_sees_one_moment_while_others_write(hall, store):
    with store.read() as snapshot:
        assert snapshot.value("SELECT count(*) FROM tickets") == 0
        other = threading.Thread(target=hall.issue, args=("note",))
        other.start()
        other.join()
        assert snapshot.value("SELECT count(*) FROM tickets") == 0
    assert hall.ticket(1).number == "A001"


# --- followers ----------------------------------------------------------------------------------------------


def test_a_new_follower_starts_at_the_present_and_then_keeps_its_place(hall, store):
    hall.issue("note")
    present = store.last_event()
    assert store.cursor("board") == present
    hall.issue("note")
    assert store.cursor("board") == present
    store.advance("board", store.last_event())
    again = Store(store.path)
    assert again.cursor("board") == store.last_event()
    again.close()


def test_waiting_ends_at_once_when_there_is_news_already(hall, store):
    assert store.wait(0, timeout_s=60) == store.last_event()


def test_waiting_ends_without_news_after_its_time(store):
    assert store.wait(store.last_event(), timeout_s=0.05) == store.last_event()


def test_a_commit_of_this_process_wakes_a_follower(hall, store):
    before = store.last_event()
    clerk = threading.Timer(0.2, hall.issue, args=("note",))
    clerk.start()
    assert store.wait(before, timeout_s=60) > before
    clerk.join()


def test_a_commit_of_another_process_wakes_a_follower(hall, store, plan, tmp_path):
    plan_file = tmp_path / "plan.json"
    plan_file.write_bytes(msgspec.json.encode(plan))
    before = store.last_event()
    other = subprocess.Popen([sys.executable, WORKER, store.path, plan_file, "1", "40"])
    assert store.wait(before, timeout_s=60) > before
    assert other.wait() == 0


def test_what_is_no_event_wakes_nobody_for_good(hall, store):
    before = store.last_event()
    subprocess.run([sys.executable, "-c", BEAT_FROM_OUTSIDE, store.path], check=True)
    assert store.wait(before, timeout_s=0.6) == before


# --- files that are not as they should be -------------------------------------------------------------------


def test_a_file_that_is_no_database_is_told_plainly(tmp_path):
    file = tmp_path / "hall.db"
    file.write_text("this is a shopping list, not a database\n" * 50)
    with pytest.raises(StoreFailed, match=r"hall\.db: file is not a database: restore it from a backup"):
        Store(file)


def test_a_folder_that_is_not_there_is_told_plainly(tmp_path):
    with pytest.raises(StoreFailed, match=r"unable to open database file"):
        Store(tmp_path / "gone" / "hall.db")


def test_a_store_of_a_newer_version_is_left_alone(store):
    database = Database(store.path)
    database["_sqlite_migrations"].insert(
        {"migration_set": "kioskd", "name": "m999_later", "applied_at": "2030"}
    )
    database.close()
    with pytest.raises(StoreFailed, match=r"written by a newer kioskd \(m999_later\)"):
        Store(store.path)


def test_opening_a_store_again_changes_nothing(hall, store):
    hall.issue("note")
    before = store.last_event()
    again = Store(store.path)
    assert again.last_event() == before
    again.close()


def test_a_backup_is_a_whole_hall(hall, store, plan, clock, tmp_path):
    ticket = hall.issue("note")
    store.backup(tmp_path / "backup.db")
    restored = Store(tmp_path / "backup.db")
    assert Hall(restored, plan, clock).ticket(ticket.id) == ticket
    restored.close()


# --- others read it too -------------------------------------------------------------------------------------


def test_datasette_shows_something_a_person_can_read(hall, store):
    hall.issue("card")
    hall.call_next(2)
    answer = subprocess.run(
        [sys.executable, "-m", "datasette", store.path, "--get", "/hall/tickets.json?_shape=array"],
        check=True,
        capture_output=True,
        text=True,
    )
    (row,) = json.loads(answer.stdout)
    expected = {
        "number": "B101",
        "line": "social",
        "matter_name": "card的办理",
        "state": "called",
        "window": 2,
    }
    assert {name: row[name] for name in expected} == expected


def test_sqlite_utils_reads_the_tables_as_they_are(hall, store):
    hall.issue("note", by="kiosk")
    database = Database(store.path)
    (event,) = database["events"].rows_where("type = 'ticket_issued'")
    assert (event["service_day"], event["done_by"], json.loads(event["data"])["number"]) == (
        "2026-03-02",
        "kiosk",
        "A001",
    )
    database.close()


def test_the_page_about_the_store_tells_every_table_and_column(store):
    database = Database(store.path)
    kept = {
        table.name: [column.name for column in table.columns]
        for table in database.tables
        if not table.name.startswith("_")
    }
    database.close()
    assert told_tables() == kept


def test_the_page_about_the_store_tells_every_event():
    page = STORE_PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|", page.partition("## Events by type")[2], flags=re.MULTILINE)
    assert sorted(told) == sorted(event_types())


def told_tables():
    """{table: columns}, from headings such as "### tickets" and the first cells of the rows below."""
    page = STORE_PAGE.read_text(encoding="utf-8").partition("## Events by type")[0]
    told = {}
    for section in page.split("\n### ")[1:]:
        name, _, text = section.partition("\n")
        told[name.strip("` ")] = re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)
    return told
