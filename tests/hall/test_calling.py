"""A clerk calls, serves, holds and passes on."""

import pytest

from kioskd.hall.model import TicketState, WindowState


def test_from_the_call_to_the_end(hall, clock, served):
    hall.sign_in(1, "li")
    hall.issue("note")
    called = hall.call_next(1)
    assert (called.state, called.window, called.calls) == (TicketState.CALLED, 1, 1)
    clock.pass_min(1)
    assert hall.start(1).started_at == clock.now()
    clock.pass_min(6)
    done = hall.finish(1)
    assert (done.state, done.finished_at) == (TicketState.DONE, clock.now())
    assert hall.window(1).ticket is None
    assert hall.window(1).last_finished == done


def test_a_busy_window_finishes_first(hall, refused):
    hall.issue("note")
    hall.issue("note")
    hall.call_next(1)
    assert refused("window_busy", hall.call_next, 1) == {"window": 1, "number": "A001"}
    refused("window_busy", hall.call, 1, 2)
    refused("window_busy", hall.pause, 1)
    refused("window_busy", hall.close, 1)


def test_a_pad_with_only_a_call_key_finishes_by_calling(hall, clock):
    first, second = hall.issue("note"), hall.issue("note")
    hall.call_next(1)
    called_at = clock.now()
    clock.pass_min(4)
    assert hall.call_next(1, finish_current=True).id == second.id
    done = hall.ticket(first.id)
    assert (done.state, done.started_at, done.finished_at) == (TicketState.DONE, called_at, clock.now())


def test_with_nobody_waiting_the_present_ticket_stays(hall, refused):
    ticket = hall.issue("note")
    hall.call_next(1)
    refused("nobody_waiting", hall.call_next, 1, finish_current=True)
    assert hall.ticket(ticket.id).state is TicketState.CALLED


@pytest.mark.parametrize("close", ["pause", "close"])
def test_only_an_open_window_calls(hall, refused, close):
    ticket = hall.issue("note")
    getattr(hall, close)(1)
    refused("window_not_open", hall.call_next, 1)
    refused("window_not_open", hall.call, 1, ticket.id)
    refused("window_not_open", hall.resume_ticket, 1)


def test_what_needs_a_ticket_at_the_window_says_so(hall, refused):
    for command in (hall.recall, hall.start, hall.finish, hall.no_show, hall.hold):
        assert refused("nobody_here", command, 1) == {"window": 1}
    refused("nobody_here", hall.transfer, 1, to_window=2)


def test_a_window_that_is_not_there_is_not_found(hall, refused):
    for command in (
        hall.call_next,
        hall.recall,
        hall.start,
        hall.open,
        hall.close,
        hall.invite_rating,
        hall.window,
    ):
        assert refused("unknown_window", command, 9) == {"window": 9}


def test_what_is_not_started_cannot_be_finished_and_what_is_cannot_be_missed(hall, refused):
    hall.issue("note")
    hall.call_next(1)
    refused("wrong_state", hall.finish, 1)
    hall.start(1)
    for command in (hall.start, hall.no_show, hall.recall):
        refused("wrong_state", command, 1)


def test_a_recall_is_limited_and_spaced(hall, clock, refused):
    hall.issue("note")
    hall.call_next(1)
    clock.pass_min(1 / 60)
    assert refused("recall_too_soon", hall.recall, 1)["wait_s"] == 4.0
    for calls in (2, 3, 4):
        clock.pass_min(1)
        assert hall.recall(1).calls == calls
    clock.pass_min(1)
    assert refused("recall_limit", hall.recall, 1) == {"number": "A001", "limit": 3}


def test_a_clock_set_back_does_not_keep_a_clerk_from_recalling(hall, clock):
    hall.issue("note")
    hall.call_next(1)
    clock.pass_min(-30)
    assert hall.recall(1).calls == 2


def test_a_chosen_ticket_is_called_out_of_turn_or_after_it_was_missed(hall, refused):
    first, second = hall.issue("note"), hall.issue("note")
    assert hall.call(1, second.id).number == "A002"
    hall.no_show(1)
    assert hall.ticket(second.id).state is TicketState.NO_SHOW
    assert [ticket.id for ticket in hall.queue().no_shows] == [second.id]
    assert hall.call(2, second.id).window == 2
    refused("wrong_state", hall.call, 1, second.id)
    assert hall.call(1, first.id).number == "A001"


def test_a_held_ticket_goes_on_where_it_was_held(hall, refused):
    ticket = hall.issue("note")
    hall.call_next(1)
    hall.start(1)
    assert hall.hold(1).state is TicketState.HELD
    hall.issue("note")
    hall.call_next(1)
    refused("window_busy", hall.resume_ticket, 1)
    hall.no_show(1)
    assert refused("held_elsewhere", hall.resume_ticket, 2, ticket.id) == {"number": "A001", "window": 1}
    refused("nothing_held", hall.resume_ticket, 2)
    assert hall.resume_ticket(1).state is TicketState.SERVING
    assert hall.finish(1).id == ticket.id


def test_the_ticket_held_last_goes_on_first(hall):
    for _ in range(2):
        hall.issue("note")
        hall.call_next(1)
        hall.hold(1)
    assert hall.resume_ticket(1).number == "A002"


def test_a_transfer_keeps_the_number_on_the_paper(hall):
    hall.issue("note")
    hall.call_next(1)
    hall.start(1)
    moved = hall.transfer(1, to_line="social")
    assert (moved.number, moved.line, moved.state, moved.window) == (
        "A001",
        "social",
        TicketState.WAITING,
        None,
    )
    assert hall.call_next(2).number == "A001"


def test_a_transfer_goes_somewhere_else(hall, refused):
    hall.issue("note")
    hall.call_next(1)
    refused("transfer_nowhere", hall.transfer, 1)
    refused("transfer_nowhere", hall.transfer, 1, to_line="general")
    refused("transfer_nowhere", hall.transfer, 1, to_window=1)
    refused("unknown_line", hall.transfer, 1, to_line="tax")
    refused("unknown_window", hall.transfer, 1, to_window=9)


def test_nobody_is_sent_to_a_closed_window(hall, refused):
    hall.issue("note")
    hall.call_next(1)
    hall.close(2)
    refused("window_not_open", hall.transfer, 1, to_window=2)


def test_when_a_window_closes_those_sent_to_it_wait_for_their_line(hall):
    hall.issue("note")
    hall.call_next(1)
    assert hall.transfer(1, to_window=2).for_window == 2
    hall.close(2)
    assert hall.ticket(1).for_window is None
    assert hall.call_next(3).number == "A001"


def test_a_window_pauses_with_a_reason_and_goes_on(hall, refused):
    paused = hall.pause(1, "  设备\n检修 ")
    assert (paused.state, paused.pause_reason) == (WindowState.PAUSED, "设备 检修")
    refused("window_not_open", hall.pause, 1)
    resumed = hall.resume(1)
    assert (resumed.state, resumed.pause_reason) == (WindowState.OPEN, "")
    refused("window_not_paused", hall.resume, 1)
    refused("window_already_open", hall.open, 1)


def test_a_closed_window_opens_again(hall, refused):
    assert hall.close(1).state is WindowState.CLOSED
    refused("window_already_closed", hall.close, 1)
    assert hall.open(1).state is WindowState.OPEN


def test_a_paused_window_may_be_opened(hall):
    hall.pause(1)
    assert hall.open(1).state is WindowState.OPEN


def test_a_long_reason_is_cut_to_what_a_sign_shows(hall):
    assert len(hall.pause(1, "很" * 500).pause_reason) == 40


def test_a_clerk_sits_at_one_window_and_a_window_has_one_clerk(hall, refused):
    seated = hall.sign_in(1, "li")
    assert (seated.clerk, seated.clerk_name, seated.clerk_position) == ("li", "李梅", "科员")
    assert hall.sign_in(1, "li") == seated
    assert refused("clerk_elsewhere", hall.sign_in, 2, "li") == {"window": 1}
    refused("window_has_clerk", hall.sign_in, 1, "wang")
    refused("unknown_clerk", hall.sign_in, 2, "zhao")
    assert hall.sign_out(1).clerk is None
    refused("nobody_signed_in", hall.sign_out, 1)
    assert hall.sign_in(2, "li").clerk == "li"


def test_the_queue_tells_the_latest_call_first(hall, clock):
    for window in (1, 2, 3):
        hall.issue("card")
        hall.call_next(window)
    clock.pass_min(1)
    hall.recall(2)
    assert [ticket.window for ticket in hall.queue().called] == [2, 3, 1]


def test_a_window_knows_how_many_it_may_call(hall):
    hall.issue("note")
    hall.issue("card")
    assert [window.waiting for window in hall.queue().windows] == [2, 1, 2]


def test_every_event_says_who_did_it(hall):
    hall.issue("note", by="kiosk")
    hall.call_next(1, by="pad-1")
    told = {event.type: event.by for event in hall.events(0, 1000)}
    assert (told["ticket_issued"], told["ticket_called"]) == ("kiosk", "pad-1")


def test_events_do_not_tell_what_opens_a_citizen_s_page(hall):
    token = hall.issue("note", key="secret-tap").token
    assert token not in repr(hall.events(0, 1000))
    assert "sha256" not in repr(hall.events(0, 1000))
