"""A citizen takes a number, gives it up, comes again later."""

from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import NotFound, PaperState, TicketState
from kioskd.hall.plan import Priority


def test_numbers_count_up_in_each_line_from_its_first(hall):
    taken = [hall.issue(matter).number for matter in ("note", "card", "note", "card")]
    assert taken == ["A001", "B101", "A002", "B102"]


def test_a_ticket_knows_what_it_is_for(hall, clock):
    ticket = hall.issue("card", priority=Priority.APPOINTMENT)
    assert (ticket.line, ticket.matter, ticket.priority) == ("social", "card", Priority.APPOINTMENT)
    assert (ticket.state, ticket.service_day) == (TicketState.WAITING, "2026-03-02")
    assert ticket.issued_at == clock.now()
    assert hall.ticket(ticket.id) == ticket
    assert hall.ticket_by_token(ticket.token) == ticket


def test_tokens_cannot_be_guessed_from_one_another(hall):
    tokens = {hall.issue("note").token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 20 for token in tokens)


def test_an_unknown_matter_is_not_found(hall, refused):
    facts = refused("unknown_matter", hall.issue, "passport")
    assert facts == {"matter": "passport"}


def test_an_unknown_ticket_is_not_found(hall, refused):
    refused("unknown_ticket", hall.ticket, 7)
    refused("unknown_ticket", hall.cancel, 7)
    refused("unknown_ticket", hall.ticket_by_token, "guessed")


def test_a_full_line_gives_no_more_numbers_but_the_other_does(hall, refused):
    for _ in range(4):
        hall.issue("card")
    assert refused("line_full", hall.issue, "card")["limit"] == 4
    assert hall.issue("note").number == "A001"


def test_a_cancelled_number_is_not_given_again_and_counts_for_the_limit(hall, refused):
    for _ in range(4):
        hall.cancel(hall.issue("card").id)
    refused("line_full", hall.issue, "card")


def test_outside_its_hours_a_line_says_when_it_opens_again(hall, clock, refused):
    clock.set("2026-03-02 08:59")
    assert refused("line_closed", hall.issue, "note")["opens_at"] == "2026-03-02T09:00:00+08:00"
    clock.set("2026-03-02 09:00")
    hall.issue("note")
    clock.set("2026-03-02 17:00")
    assert refused("line_closed", hall.issue, "note")["opens_at"] == "2026-03-03T09:00:00+08:00"


def test_on_friday_evening_the_line_opens_on_monday(hall, clock, refused):
    clock.vouched_for = True
    clock.set("2026-03-06 17:05")
    hall.tick()
    assert refused("line_closed", hall.issue, "note")["opens_at"] == "2026-03-09T09:00:00+08:00"


def test_the_same_request_with_the_same_key_gets_the_same_ticket(hall, store):
    first = hall.issue("note", key="tap-1")
    hall.call_next(1)
    again = hall.issue("note", key="tap-1")
    assert (again.id, again.state) == (first.id, TicketState.CALLED)
    assert len(PaperJournal(store).jobs(first.id)) == 1
    assert hall.issue("note", key="tap-2").id != first.id


def test_a_key_cannot_be_used_for_another_request(hall, refused):
    hall.issue("note", key="tap-1")
    refused("key_reused", hall.issue, "card", key="tap-1")


def test_a_repeated_request_gets_its_ticket_even_after_the_line_closed(hall, clock):
    first = hall.issue("note", key="tap-1")
    clock.set("2026-03-02 17:01")
    assert hall.issue("note", key="tap-1").id == first.id


def test_the_paper_is_queued_with_the_ticket_and_says_what_it_was_then(hall, store):
    hall.issue("card")
    ticket = hall.issue("card")
    (job,) = PaperJournal(store).jobs(ticket.id)
    assert job.state is PaperState.QUEUED
    assert not job.reprint
    expected = {
        "hall": "青溪镇便民服务中心",
        "number": "B102",
        "matter_name": "card的办理",
        "line_title": "社保医保",
        "windows": [1, 2, 3],
        "ahead": 1,
        "wait_s": None,
        "time": "2026-03-02 09:30",
        "materials": ["居民身份证原件", "近期免冠照片"],
        "token": ticket.token,
    }
    assert {name: job.content[name] for name in expected} == expected


def test_a_ticket_without_paper_queues_none(hall, store):
    ticket = hall.issue("note", paper=False)
    assert PaperJournal(store).jobs(ticket.id) == []
    assert hall.paper_state(ticket.id) is PaperState.NONE


def test_a_reprint_waits_for_the_first_paper_to_end_and_is_marked(hall, store, refused):
    journal = PaperJournal(store)
    ticket = hall.issue("note")
    refused("paper_under_way", hall.reprint, ticket.id)
    journal.end(journal.next_queued().id, PaperState.UNKNOWN)
    hall.reprint(ticket.id)
    assert [job.reprint for job in journal.jobs(ticket.id)] == [False, True]
    assert hall.paper_state(ticket.id) is PaperState.QUEUED


def test_the_first_paper_of_a_ticket_taken_without_one_is_no_reprint(hall, store):
    ticket = hall.issue("note", paper=False)
    hall.reprint(ticket.id)
    assert not PaperJournal(store).next_queued().reprint


def test_a_citizen_gives_a_ticket_up(hall, refused):
    ticket = hall.issue("note")
    assert hall.cancel(ticket.id).state is TicketState.CANCELLED
    assert refused("wrong_state", hall.cancel, ticket.id) == {"number": "A001", "state": "cancelled"}
    refused("nobody_waiting", hall.call_next, 1)


def test_a_ticket_being_served_cannot_be_cancelled(hall, refused):
    ticket = hall.issue("note")
    hall.call_next(1)
    hall.start(1)
    refused("wrong_state", hall.cancel, ticket.id)


def test_a_missed_ticket_comes_again_after_so_many_others(hall):
    late, *others = [hall.issue("note").id for _ in range(5)]
    hall.call_next(1)
    hall.no_show(1)
    hall.requeue(late, after=2)
    order = [hall.call_next(1, finish_current=True).id for _ in range(5)]
    assert order == [others[0], others[1], late, others[2], others[3]]


def test_requeued_after_nobody_it_is_next_and_after_many_it_is_last(hall):
    first, second, third = [hall.issue("note").id for _ in range(3)]
    hall.call_next(1)
    hall.requeue(first, after=9)
    hall.call_next(1)
    hall.requeue(second, after=0)
    assert [ticket.id for ticket in hall.queue().waiting] == [second, third, first]


def test_nobody_saying_after_how_many_the_hall_s_own_number_counts(hall, plan):
    late, *others = [hall.issue("note").id for _ in range(5)]
    hall.call_next(1)
    hall.requeue(late)
    waiting = [ticket.id for ticket in hall.queue().waiting]
    assert waiting.index(late) == plan.rules.requeue_after == 3
    assert set(waiting) == {late, *others}


def test_a_requeued_ticket_waits_afresh(hall):
    ticket = hall.issue("note")
    hall.call_next(1)
    again = hall.requeue(ticket.id)
    assert (again.state, again.number, again.window, again.calls) == (TicketState.WAITING, "A001", None, 0)


def test_a_waiting_ticket_cannot_be_requeued(hall, refused):
    refused("wrong_state", hall.requeue, hall.issue("note").id)


def test_not_found_is_a_refusal():
    assert issubclass(NotFound, Exception)
    assert NotFound("unknown_ticket").code == "unknown_ticket"
