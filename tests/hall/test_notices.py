"""What to bring for a matter, on paper and without a ticket: asked for, journalled, limited."""

import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import NotFound, PaperKind, PaperState, Refused
from kioskd.hall.papers import NOTICES, NOTICES_MIN
from kioskd.hall.schema_papers import PAPER_CHANGES
from kioskd.hall.store import Store


@pytest.fixture
def journal(store, clock):
    return PaperJournal(store, clock)


def test_a_notice_is_journalled_beside_the_tickets(hall, store, plan, journal, check_books):
    matter = plan.matters[0]
    ticket = hall.issue(matter.code)
    job = journal.job(hall.print_notice(matter.code, by="page:kiosk"))
    assert (job.kind, job.ticket, job.state) == (PaperKind.NOTICE, None, PaperState.QUEUED)
    assert job.content["matter_name"] == matter.name
    assert job.content["by_law"] == matter.by_law
    assert [one.kind for one in journal.jobs(ticket.id)] == [PaperKind.TICKET]
    journal.begin(job.id, b"paper", "printer")
    journal.end(job.id, PaperState.PRINTED)
    assert journal.job(job.id).data == b"paper"
    check_books(store, plan)


def test_asked_for_twice_while_it_is_printed_it_is_one_paper(hall, plan, journal):
    code = plan.matters[0].code
    first = hall.print_notice(code)
    assert hall.print_notice(code) == first
    journal.begin(first, b"paper", "printer")
    journal.end(first, PaperState.SENT)
    assert hall.print_notice(code) != first


@pytest.fixture
def print_one(hall, plan, journal):
    """print_one(): somebody asks for the notice, and it is printed."""

    def print_notice():
        job = hall.print_notice(plan.matters[0].code)
        journal.begin(job, b"paper", "printer")
        journal.end(job, PaperState.PRINTED)

    return print_notice


def test_a_child_cannot_empty_the_roll(hall, plan, print_one, clock):
    for _ in range(NOTICES):
        print_one()
    with pytest.raises(Refused, match="too_many_notices"):
        print_one()
    assert hall.issue(plan.matters[0].code).number  # a ticket is another thing
    clock.pass_min(NOTICES_MIN + 0.1)
    print_one()


def test_notices_of_a_clock_that_was_far_ahead_keep_nobody_waiting(print_one, clock):
    clock.set("2037-01-05 09:30")
    for _ in range(NOTICES):
        print_one()
    clock.set("2026-03-02 09:35")
    for _ in range(NOTICES):
        print_one()
    with pytest.raises(Refused, match="too_many_notices"):
        print_one()


def test_a_closed_hall_prints_what_to_bring_all_the_same(hall, plan, clock):
    clock.pass_min(14 * 60)
    with pytest.raises(Refused):
        hall.issue(plan.matters[0].code)
    assert hall.print_notice(plan.matters[0].code)


def test_there_is_none_for_a_matter_that_is_not_there(hall):
    with pytest.raises(NotFound, match="unknown_matter"):
        hall.print_notice("nothing")


_COLUMNS = "id, ticket, state, reprint, detail, printer, queued_at, ended_at, content"
BACK = (
    """CREATE TABLE old_jobs (
        id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets(id), state TEXT NOT NULL,
        reprint INTEGER NOT NULL, detail TEXT NOT NULL DEFAULT '', printer TEXT NOT NULL DEFAULT '',
        queued_at TEXT NOT NULL, ended_at TEXT, content TEXT NOT NULL
    ) STRICT""",
    f"INSERT INTO old_jobs SELECT {_COLUMNS} FROM print_jobs",
    "CREATE TABLE old_bytes (job INTEGER PRIMARY KEY REFERENCES old_jobs(id), data BLOB NOT NULL) STRICT",
    "INSERT INTO old_bytes SELECT * FROM print_bytes",
    "DROP TABLE print_bytes",
    "DROP TABLE print_jobs",
    "ALTER TABLE old_jobs RENAME TO print_jobs",
    "ALTER TABLE old_bytes RENAME TO print_bytes",
)
"""To the first version's tables."""


def test_a_store_of_before_keeps_its_papers(tmp_path, plan, clock):
    """The journal's tables are made anew: what stood in them stands there still."""
    store = Store(tmp_path / "old.db")
    hall = Hall(store, plan, clock)
    ticket = hall.issue(plan.matters[0].code)
    journal = PaperJournal(store, clock)
    job = journal.next_queued()
    journal.begin(job.id, b"paper", "printer")
    with store.transaction() as tx:
        for statement in BACK:
            tx.execute(statement)
    with store.transaction() as tx:
        for statement in PAPER_CHANGES:
            tx.execute(statement)
    (after,) = journal.jobs(ticket.id)
    assert (after.kind, after.state, after.data) == (PaperKind.TICKET, PaperState.SENDING, b"paper")
    assert after.content["token"] == ticket.token
    store.close()
