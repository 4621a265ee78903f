"""Paper is journalled: what the printer did and what the journal says are the same, whatever goes wrong."""

import sqlite3
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kioskd.devices.errors import NothingSent, PrintUnknown
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind, PrintEnd
from kioskd.floor.facts import notice_facts, ticket_facts
from kioskd.floor.layout import Layout, layout_text
from kioskd.floor.papers import NOTICE
from kioskd.floor.printing import NOTICE_WAITED_FOR, TRY_AGAIN_S, Printing
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PaperState
from kioskd.hall.store import Store


class Desk:
    """The hall, its journal and its printers, with the printing follower turned by the test."""

    def __init__(self, hall, journal, clock, layout, printers):
        self.hall = hall
        self.journal = journal
        self.clock = clock
        self.layout = layout
        self.printers = printers
        self.start()

    def start(self):
        """A daemon starts: the store is as the last one left it, all else is new."""
        self.printing = Printing(
            self.hall,
            self.journal,
            self.printers,
            self.document,
            self.clock.monotonic_s,
            self.wake,
        )
        self.printing.recover()
        self.turn()

    def document(self, job, ticket):
        if ticket is None:
            return Layout(layout_text("notice"), NOTICE).document(notice_facts(job))
        return self.layout.document(ticket_facts(job, ticket, self.hall.plan))

    def wake(self):
        self.woken = True

    def turn(self):
        """What the worker does: a turn, and another whenever a printer asked for one."""
        self.woken = True
        while self.woken:
            self.woken = False
            self.printing.turn()

    def take(self):
        """A citizen takes a ticket."""
        ticket = self.hall.issue("card")
        self.turn()
        return ticket

    def paper(self, ticket):
        """The state and the detail of the ticket's newest paper."""
        job = self.journal.jobs(ticket.id)[-1]
        return job.state, job.detail


@pytest.fixture
def printer(device):
    return device("printer", Kind.PRINTER)


@pytest.fixture
def desk(hall, journal, clock, layout, printer):
    return Desk(hall, journal, clock, layout, [printer])


class TestATicketOnPaper:
    def test_is_printed_with_its_number_matter_place_and_materials(self, desk, printer):
        desk.take()
        printer.prints()
        desk.take()
        desk.turn()
        printer.prints()
        for words in ("青溪镇便民服务中心", "B002", "社会保障卡申领", "1 人", "09:30", "居民身份证原件"):
            assert words in printer.on_paper[1]

    def test_ends_as_printed_when_the_printer_confirms_and_as_sent_when_it_cannot(self, desk, printer):
        first, second = desk.take(), desk.take()
        printer.prints(PrintEnd.PRINTED)
        desk.turn()
        printer.prints(PrintEnd.SENT)
        desk.turn()
        assert (desk.paper(first)[0], desk.paper(second)[0]) == (PaperState.PRINTED, PaperState.SENT)

    def test_has_its_bytes_stored_before_the_first_one_leaves(self, desk, printer, store):
        ticket = desk.take()
        assert desk.paper(ticket)[0] is PaperState.QUEUED
        job, _ = printer.jobs[0]
        job.on_first_byte()
        other_eyes = PaperJournal(Store(store.path))
        stored = other_eyes.jobs(ticket.id)[0]
        assert (stored.state, stored.data, stored.printer) == (PaperState.SENDING, job.data, "printer")

    def test_is_not_sent_when_its_bytes_cannot_be_stored(self, desk, printer, store):
        desk.take()
        with store.transaction() as tx:
            tx.execute("ALTER TABLE print_bytes RENAME TO elsewhere")
        with pytest.raises(Exception, match="print_bytes"):
            printer.take()
        assert printer.on_paper == []

    def test_the_tickets_come_one_after_another(self, desk, printer):
        desk.take(), desk.take(), desk.take()
        for _ in range(3):
            assert len(printer.jobs) == 1
            printer.prints()
            desk.turn()
        assert ["B001" in printer.on_paper[0], "B002" in printer.on_paper[1], "B003" in printer.on_paper[2]]

    def test_a_printer_has_one_job_at_a_time(self, desk, printer):
        desk.take()
        printer.take()
        desk.take()
        assert len(printer.jobs) == 1

    def test_a_reprint_says_so_and_has_the_time_the_ticket_was_taken(self, desk, printer, clock):
        ticket = desk.take()
        printer.prints()
        desk.turn()
        clock.pass_s(600)
        desk.hall.reprint(ticket.id)
        desk.turn()
        printer.prints()
        assert "补打" not in printer.on_paper[0]
        assert "补打" in printer.on_paper[1]
        assert "09:30" in printer.on_paper[1]


class TestWhenThePrinterIsInTrouble:
    def test_paper_out_in_the_middle_keeps_the_job_until_the_paper_is_back(self, desk, printer):
        ticket = desk.take()
        printer.take()
        printer.has("paper_out")
        desk.turn()
        assert desk.paper(ticket) == (PaperState.SENDING, "paper_out")
        printer.has()
        desk.turn()
        assert desk.paper(ticket) == (PaperState.SENDING, "")
        printer.end(PrintEnd.PRINTED)
        desk.turn()
        assert desk.paper(ticket) == (PaperState.PRINTED, "")
        assert len(printer.on_paper) == 1

    def test_what_it_says_about_itself_never_keeps_it_from_printing(self, desk, printer):
        printer.has("no_answer")
        desk.take()
        assert len(printer.jobs) == 1

    def test_lost_contact_ends_as_unknown_and_is_never_printed_again_by_itself(self, desk, printer):
        ticket = desk.take()
        printer.take()
        printer.has("port_lost")
        printer.end(PrintUnknown("the cable was pulled"))
        desk.turn()
        assert desk.paper(ticket) == (PaperState.UNKNOWN, "port_lost")
        printer.has()
        desk.start()
        assert printer.jobs == []

    def test_a_closed_port_leaves_the_job_queued_and_says_why(self, desk, printer, clock):
        printer.reachable = False
        printer.has("port_missing")
        ticket = desk.take()
        desk.turn()
        assert desk.paper(ticket) == (PaperState.QUEUED, "port_missing")
        printer.reachable = True
        printer.has()
        desk.printing.health_changed("printer")
        desk.turn()
        printer.prints()
        desk.turn()
        assert desk.paper(ticket) == (PaperState.PRINTED, "")

    def test_a_printer_that_takes_nothing_is_tried_slowly(self, desk, printer, clock):
        printer.has("not_taking_data")
        desk.take()
        for tries in range(3):
            desk.turn()
            assert len(printer.jobs) == 1, tries
            printer.end(NothingSent("it took no byte"))
            desk.turn()
            desk.turn()
            assert printer.jobs == []
            clock.pass_s(TRY_AGAIN_S)
        assert printer.on_paper == []

    def test_a_job_that_was_begun_but_of_which_nothing_was_sent_is_sent_again(self, desk, printer, clock):
        ticket = desk.take()
        job, _ = printer.jobs[0]
        job.on_first_byte()
        printer.end(NothingSent("the first write was not taken"))
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.QUEUED
        clock.pass_s(TRY_AGAIN_S)
        desk.turn()
        printer.prints()
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.PRINTED

    def test_a_driver_that_fails_leaves_the_job_unknown(self, desk, printer):
        ticket = desk.take()
        printer.take()
        printer.end(ZeroDivisionError())
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.UNKNOWN

    def test_a_ticket_that_cannot_be_rendered_does_not_block_the_next(self, desk, printer):
        printer.fails_to_render = True
        bad = desk.take()
        printer.fails_to_render = False
        desk.take()
        assert desk.paper(bad) == (PaperState.FAILED, "cannot_render")
        printer.prints()
        assert "B002" in printer.on_paper[0]

    def test_a_hall_without_a_printer_still_gives_numbers(self, hall, journal, clock, layout):
        desk = Desk(hall, journal, clock, layout, [])
        ticket = desk.take()
        assert ticket.number == "B001"
        assert desk.paper(ticket) == (PaperState.QUEUED, "no_printer")

    def test_a_failing_store_loses_no_end(self, desk, printer, store):
        ticket = desk.take()
        printer.prints()
        with store.transaction() as tx:
            tx.execute("ALTER TABLE print_jobs RENAME TO elsewhere")
        with pytest.raises(Exception, match="print_jobs"):
            desk.turn()
        with store.transaction() as tx:
            tx.execute("ALTER TABLE elsewhere RENAME TO print_jobs")
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.PRINTED


class TestPaperThatComesTooLate:
    def end_by_cancelling(self, hall, ticket):
        hall.cancel(ticket.id)

    def end_by_serving(self, hall, ticket):
        hall.call(1, ticket.id)
        hall.start(1)
        hall.finish(1)

    def end_by_not_coming(self, hall, ticket):
        hall.call(1, ticket.id)
        hall.no_show(1)

    @pytest.mark.parametrize("end", [end_by_cancelling, end_by_serving, end_by_not_coming])
    def test_an_ended_ticket_is_not_printed(self, desk, printer, end, clock):
        printer.reachable = False
        ticket = desk.take()
        end(self, desk.hall, ticket)
        printer.reachable = True
        clock.pass_s(TRY_AGAIN_S)
        desk.turn()
        assert printer.jobs == []
        assert desk.paper(ticket) == (PaperState.FAILED, "overtaken")

    def test_a_notice_nobody_waits_for_any_more_is_not(self, desk, printer, clock, journal):
        printer.reachable = False
        job = desk.hall.print_notice("card")
        desk.turn()
        clock.pass_s(NOTICE_WAITED_FOR.total_seconds() + 1)
        printer.reachable = True
        desk.turn()
        assert printer.jobs == []
        assert journal.job(job).detail == "overtaken"

    def test_a_notice_is_printed_among_the_tickets(self, desk, printer, journal):
        job = desk.hall.print_notice("card")
        desk.turn()
        printer.prints()
        desk.turn()
        assert journal.job(job).state is PaperState.PRINTED

    def test_a_called_ticket_still_is(self, desk, printer, clock):
        printer.reachable = False
        ticket = desk.take()
        desk.hall.call(1, ticket.id)
        printer.reachable = True
        clock.pass_s(TRY_AGAIN_S)
        desk.turn()
        assert len(printer.jobs) == 1

    def test_yesterdays_reprint_is_not(self, desk, printer, clock):
        ticket = desk.take()
        printer.prints()
        desk.turn()
        self.end_by_not_coming(desk.hall, ticket)
        printer.reachable = False
        desk.hall.reprint(ticket.id)
        desk.turn()
        clock.pass_s(24 * 3600)
        desk.hall.tick()
        printer.reachable = True
        desk.turn()
        assert printer.jobs == []
        assert desk.paper(ticket) == (PaperState.FAILED, "overtaken")

    def test_a_reprint_that_somebody_asked_for_after_a_no_show_is_printed(self, desk, printer):
        ticket = desk.take()
        printer.prints()
        desk.turn()
        self.end_by_not_coming(desk.hall, ticket)
        desk.hall.reprint(ticket.id)
        desk.turn()
        assert len(printer.jobs) == 1


class TestACrash:
    def test_between_storing_the_bytes_and_the_end_leaves_the_job_unknown(self, desk, printer):
        ticket = desk.take()
        printer.take()
        printer.jobs.clear()
        desk.start()
        assert desk.paper(ticket)[0] is PaperState.UNKNOWN
        assert printer.jobs == []

    def test_before_the_bytes_were_stored_leaves_it_queued_and_it_prints(self, desk, printer):
        ticket = desk.take()
        printer.jobs.clear()
        desk.start()
        printer.prints()
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.PRINTED
        assert len(printer.on_paper) == 1


class TestStopping:
    def test_waits_a_moment_for_the_ticket_that_is_being_printed(self, desk, printer):
        ticket = desk.take()
        printer.take()
        threading.Timer(0.05, printer.end, [PrintEnd.PRINTED]).start()
        desk.printing.finish(20.0)
        assert desk.paper(ticket)[0] is PaperState.PRINTED

    def test_does_not_wait_for_a_printer_in_trouble_nor_start_another_job(self, desk, printer):
        stuck, following = desk.take(), desk.take()
        printer.take()
        printer.has("paper_out")
        desk.printing.finish(3600.0)
        assert (desk.paper(stuck)[0], desk.paper(following)[0]) == (PaperState.SENDING, PaperState.QUEUED)

    def test_gives_up_after_its_time(self, desk, printer):
        ticket = desk.take()
        printer.take()
        desk.printing.finish(0.0)
        assert desk.paper(ticket)[0] is PaperState.SENDING


class TestTwoPrinters:
    @pytest.fixture
    def second(self, device):
        return device("second", Kind.PRINTER)

    @pytest.fixture
    def desk(self, hall, journal, clock, layout, printer, second):
        return Desk(hall, journal, clock, layout, [printer, second])

    def test_the_first_that_is_well_is_taken(self, desk, printer, second):
        printer.has("paper_out")
        desk.take()
        assert (len(printer.jobs), len(second.jobs)) == (0, 1)

    def test_a_job_stuck_in_one_does_not_hold_up_the_next(self, desk, printer, second):
        stuck = desk.take()
        printer.take()
        printer.has("paper_out")
        following = desk.take()
        second.prints()
        desk.turn()
        assert desk.paper(stuck) == (PaperState.SENDING, "paper_out")
        assert desk.paper(following)[0] is PaperState.PRINTED

    def test_one_job_is_never_handed_to_both(self, desk, printer, second):
        desk.take()
        desk.turn()
        assert (len(printer.jobs), len(second.jobs)) == (1, 0)

    def test_where_none_is_well_the_first_is_tried_and_then_the_other(self, desk, printer, second):
        printer.has("port_missing")
        printer.reachable = False
        second.has("no_answer")
        desk.take()
        desk.turn()
        assert len(second.jobs) == 1

    def test_a_disabled_one_is_left_alone(self, desk, printer, second):
        printer.state = State.DISABLED
        second.has("paper_out")
        desk.take()
        assert (len(printer.jobs), len(second.jobs)) == (0, 1)


class TestWhatPeopleComplainOfElsewhere:
    """In other programs for halls; the numbers are public issues."""

    def test_fqm_125_100_mado_queue_21_a_hall_without_a_printer_gives_tickets_and_says_so(
        self, hall, journal, clock, layout
    ):
        desk = Desk(hall, journal, clock, layout, [])
        ticket = desk.take()
        assert ticket.number == "B001"
        assert desk.hall.place(ticket.id).ahead == 0
        assert desk.paper(ticket) == (PaperState.QUEUED, "no_printer")

    def test_fqm_125_100_mado_queue_21_paper_comes_when_the_printer_is_back(self, desk, printer):
        printer.has("paper_out")
        printer.reachable = False
        ticket = desk.take()
        assert desk.paper(ticket) == (PaperState.QUEUED, "paper_out")
        printer.has()
        printer.reachable = True
        desk.printing.health_changed("printer")
        desk.turn()
        printer.prints()
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.PRINTED
        assert len(printer.on_paper) == 1

    def test_fqm_measured_a_number_on_paper_is_in_the_store_before_its_first_byte(self, desk, printer, store):
        """It printed before it committed: after a crash a number on paper was given again."""
        desk.take()
        printer.take()
        other_eyes = sqlite3.connect(store.path)
        numbers = [row[0] for row in other_eyes.execute("SELECT number FROM tickets")]
        other_eyes.close()
        assert "B001" in printer.on_paper[0]
        assert numbers == ["B001"]
        desk.start()
        assert desk.hall.issue("card").number == "B002"

    def test_odoo_225678_240253_243247_243822_a_timeout_prints_nothing_twice_and_swallows_no_retry(
        self, desk, printer
    ):
        ticket = desk.take()
        printer.take()
        printer.end(PrintUnknown("no confirmation"))
        desk.turn()
        desk.clock.pass_s(3600)
        desk.turn()
        assert desk.paper(ticket)[0] is PaperState.UNKNOWN
        assert len(printer.on_paper) == 1, "nothing was sent again by itself"
        desk.hall.reprint(ticket.id)
        desk.turn()
        printer.prints()
        desk.turn()
        assert len(printer.on_paper) == 2, "and what a person asked for was printed"
        assert "补打" in printer.on_paper[1]

    def test_odoo_223525_a_status_that_cannot_be_read_never_gates_printing(self, desk, printer):
        printer.has("no_answer")
        desk.take()
        assert len(printer.jobs) == 1


STEPS = st.sampled_from(
    [
        "take",
        "reprint",
        "begin",
        "printed",
        "sent",
        "unknown",
        "nothing",
        "error",
        "crash",
        "port",
        "ill",
        "time",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 1)), max_size=40))
def test_whatever_happens_no_job_is_on_paper_twice(steps, tmp_path_factory, plan, clock, layout, device):
    store = Store(tmp_path_factory.mktemp("halls") / "hall.db")
    printers = [device("one", Kind.PRINTER), device("two", Kind.PRINTER)]
    hall = Hall(store, plan, clock)
    hall.tick()
    desk = Desk(hall, PaperJournal(store), clock, layout, printers)
    began = []
    for step, index in steps:
        printer = printers[index]
        running = printer.jobs[0][0] if printer.jobs else None
        has_begun = running is not None and (index, running.mark) in began
        match step:
            case "take":
                desk.take()
            case "begin" if running is not None and not has_begun:
                printer.take()
                began.append((index, running.mark))
            case "printed" | "sent" if has_begun:
                printer.end(PrintEnd(step))
            case "unknown" if has_begun:
                printer.end(PrintUnknown("lost"))
            case "nothing" if running is not None and not has_begun:
                printer.end(NothingSent("nothing"))
            case "error" if running is not None:
                printer.end(RuntimeError("a driver's mistake"))
            case "crash":
                for each in printers:
                    each.jobs.clear()
                desk.start()
            case "port":
                printer.reachable = not printer.reachable
            case "ill":
                printer.has(*([] if printer.reasons else ["paper_out"]))
                desk.printing.health_changed(printer.name)
            case "reprint":
                for job in desk.journal.jobs(1)[:1]:
                    if job.state in (PaperState.PRINTED, PaperState.UNKNOWN):
                        desk.hall.reprint(1)
            case "time":
                clock.pass_s(TRY_AGAIN_S)
        desk.turn()
    marks = [mark for _, mark in began]
    assert len(marks) == len(set(marks))
    first_papers = [paper for printer in printers for paper in printer.on_paper if "补打" not in paper]
    numbers = [paper.split("Your number")[1].split("text='")[1].split("'")[0] for paper in first_papers]
    assert len(numbers) == len(set(numbers))
    store.close()
