"""The paper journal: nothing is printed twice by itself, and nothing is lost."""

import pytest

from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PaperState


@pytest.fixture
def journal(store, clock):
    return PaperJournal(store, clock)


@pytest.fixture
def job(hall, journal):
    """The id of the job of a ticket just taken."""
    hall.issue("note")
    return journal.next_queued().id


def test_from_the_queue_to_the_paper(journal, job, clock):
    journal.begin(job, b"\x1b@A001", "kiosk-printer")
    sending = journal.job(job)
    assert (sending.state, sending.printer, sending.data) == (
        PaperState.SENDING,
        "kiosk-printer",
        b"\x1b@A001",
    )
    journal.end(job, PaperState.PRINTED)
    assert journal.job(job).state is PaperState.PRINTED
    assert journal.next_queued() is None


def test_jobs_come_in_the_order_they_were_queued(hall, journal, job):
    hall.issue("note")
    assert journal.next_queued().id == job
    journal.begin(job, b"", "p")
    assert journal.next_queued().id == job + 1


def test_only_one_printer_gets_a_job(journal, job, refused):
    journal.begin(job, b"1", "left")
    refused("paper_not_queued", journal.begin, job, b"2", "right")
    assert journal.job(job).data == b"1"


def test_what_never_reached_the_printer_may_be_sent_again(journal, job, refused):
    refused("paper_not_sending", journal.requeue, job)
    journal.begin(job, b"1", "left")
    journal.requeue(job)
    assert journal.next_queued().id == job
    journal.begin(job, b"2", "right")
    assert journal.job(job).data == b"2"


def test_what_is_in_the_way_is_noted_once(journal, job, store):
    journal.begin(job, b"", "p")
    journal.note(job, "paper_out")
    noted = store.last_event()
    journal.note(job, "paper_out")
    assert store.last_event() == noted
    assert journal.job(job).detail == "paper_out"
    journal.note(job, "")
    assert journal.job(job).detail == ""


def test_a_job_ends_once(journal, job, refused):
    journal.begin(job, b"", "p")
    journal.end(job, PaperState.UNKNOWN, "no_answer")
    refused("paper_not_queued", journal.end, job, PaperState.PRINTED)
    refused("paper_not_queued", journal.note, job, "paper_out")
    assert journal.job(job).detail == "no_answer"


def test_sending_is_no_end(journal, job):
    with pytest.raises(ValueError, match="sending is not an end"):
        journal.end(job, PaperState.SENDING)


def test_after_a_crash_what_was_being_sent_is_unknown_and_the_rest_is_as_it_was(hall, journal, job):
    hall.issue("note")
    journal.begin(job, b"half", "p")
    assert journal.recover() == [job]
    assert journal.job(job).state is PaperState.UNKNOWN
    assert journal.next_queued().id == job + 1
    assert journal.recover() == []


def test_an_unknown_job_is_not_found(journal, refused):
    refused("unknown_print_job", journal.job, 5)
    refused("unknown_print_job", journal.begin, 5, b"", "p")


def test_pages_hear_of_every_step(hall, journal, job):
    journal.begin(job, b"", "p")
    journal.end(job, PaperState.SENT)
    types = [event.type for event in hall.events(0, 100)]
    assert types[-3:] == ["paper_queued", "paper_sending", "paper_ended"]
    assert hall.paper_state(1) is PaperState.SENT
