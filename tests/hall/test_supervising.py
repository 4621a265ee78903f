"""A supervisor steps in: a line stops, a window serves others today, people are moved."""

import json

import pytest

from kioskd.hall.hall import Hall
from kioskd.hall.model import NotFound


def line_of(hall, line_id):
    return next(line for line in hall.queue().lines if line.id == line_id)


# --- a line ---


def test_a_stopped_line_gives_no_more_tickets_and_serves_those_who_wait(hall, refused, served):
    first = hall.issue("card")
    hall.desk.stop_line("social", by="chief")
    assert refused("line_stopped", hall.issue, "card") == {"line": "社保医保"}
    hall.issue("note")
    assert served(2).id == first.id

    line = line_of(hall, "social")
    assert (line.accepting, line.stopped, line.reason) == (False, True, "line_stopped")
    hall.desk.reopen_line("social")
    assert line_of(hall, "social").accepting
    hall.issue("card")


def test_a_line_is_stopped_and_reopened_once(hall, refused):
    refused("line_not_stopped", hall.desk.reopen_line, "social")
    hall.desk.stop_line("social")
    refused("line_stopped", hall.desk.stop_line, "social")
    with pytest.raises(NotFound):
        hall.desk.stop_line("nowhere")


# --- a window's lines ---


def test_a_window_serves_other_lines_today(hall, served):
    ticket = hall.issue("note")
    view = hall.desk.serve_lines(2, ["general", "social"], by="chief")
    assert view.lines == ("general", "social")
    assert view.waiting == 1
    assert line_of(hall, "general").open_windows == 3
    assert served(2).id == ticket.id


def test_a_window_that_no_longer_serves_a_line_does_not_call_it(hall, refused):
    hall.issue("note")
    hall.desk.serve_lines(1, ["social"])
    refused("nobody_waiting", hall.call_next, 1)
    assert hall.call_next(3).line == "general"


def test_the_paper_names_the_windows_that_serve_the_line_today(hall, store):
    hall.desk.serve_lines(2, ["general", "social"])
    hall.issue("note")
    with store.read() as snapshot:
        content = snapshot.value("SELECT content FROM print_jobs")
    assert json.loads(content)["windows"] == [1, 2, 3]


def test_no_lines_means_those_of_the_hall_file_again(hall, store):
    hall.desk.serve_lines(1, ["social"])
    assert hall.desk.serve_lines(1, []).lines == ("general", "social")
    before = store.last_event()
    hall.desk.serve_lines(1, ["general", "social"])
    assert store.last_event() == before, "nothing changed, so nothing is told"
    with pytest.raises(NotFound):
        hall.desk.serve_lines(1, ["general", "nowhere"])


def test_the_next_day_begins_as_the_hall_file_says(hall, clock, store, plan, check_books):
    hall.desk.serve_lines(1, ["social"])
    hall.desk.stop_line("social")
    clock.set("2026-03-03 09:05")
    hall.tick()
    assert hall.window(1).lines == ("general", "social")
    assert line_of(hall, "social").accepting
    check_books(store, plan)


def test_a_hall_file_without_that_line_puts_the_window_back(store, plan, clock):
    import msgspec

    hall = Hall(store, plan, clock)
    hall.desk.serve_lines(1, ["social"])
    windows = tuple(msgspec.structs.replace(window, lines=("general",)) for window in plan.windows)
    matters = tuple(msgspec.structs.replace(matter, line="general") for matter in plan.matters)
    hall.use(msgspec.structs.replace(plan, lines=plan.lines[:1], windows=windows, matters=matters))
    assert hall.window(1).lines == ("general",)


# --- people ---


def test_people_move_to_another_line_under_their_numbers_and_places(hall, clock, served):
    moved = [hall.issue("note"), hall.issue("note")]
    clock.pass_min(1)
    late = hall.issue("card")
    tickets = hall.desk.move([ticket.id for ticket in moved], "social", by="chief")
    assert [(ticket.number, ticket.line) for ticket in tickets] == [("A001", "social"), ("A002", "social")]
    assert [served(2).number for _ in range(3)] == ["A001", "A002", late.number], "by arrival"


def test_people_move_to_one_window_and_back_to_their_line(hall, refused):
    ticket = hall.issue("card")
    hall.desk.move([ticket.id], to_window=1)
    refused("nobody_waiting", hall.call_next, 2)
    hall.desk.move([ticket.id], "social")
    assert hall.call_next(2).id == ticket.id


def test_all_move_or_none(hall, refused):
    waiting, called = hall.issue("note"), hall.issue("note")
    hall.call(1, called.id)
    assert (
        refused("wrong_state", hall.desk.move, [waiting.id, called.id], "social")["number"] == called.number
    )
    assert hall.ticket(waiting.id).line == "general"


def test_a_move_needs_people_and_one_place(hall, refused):
    ticket = hall.issue("note")
    refused("nobody_to_move", hall.desk.move, [], "social")
    refused("nobody_to_move", hall.desk.move, [ticket.id])
    refused("nobody_to_move", hall.desk.move, [ticket.id], "social", 2)
    hall.close(2)
    refused("window_not_open", hall.desk.move, [ticket.id], to_window=2)


def test_what_a_supervisor_did_is_told_with_who_did_it(hall, store, plan, check_books):
    ticket = hall.issue("note")
    before = store.last_event()
    hall.desk.stop_line("social", by="chief")
    hall.desk.serve_lines(2, ["general"], by="chief")
    hall.desk.move([ticket.id], "social", by="chief")
    told = hall.events(before)
    assert [event.type for event in told] == ["line_stopped", "window_lines_changed", "ticket_moved"]
    assert {event.by for event in told} == {"chief"}
    check_books(store, plan)
