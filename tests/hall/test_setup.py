"""The plan in the store: what a changed hall file does to a hall at work."""

import json

import msgspec

from kioskd.hall.hall import Hall
from kioskd.hall.model import TicketState
from kioskd.hall.plan import Line


def test_the_plan_stands_in_the_store_in_words(hall, store):
    with store.read() as snapshot:
        window = snapshot.one("SELECT * FROM windows WHERE number = 1")
        matter = snapshot.one("SELECT * FROM matters WHERE code = 'card'")
    assert (window["title"], json.loads(window["lines"])) == ("综合窗口", ["general", "social"])
    assert json.loads(matter["materials"]) == ["居民身份证原件", "近期免冠照片"]


def test_the_same_plan_again_changes_nothing(hall, store, plan, clock):
    before = store.last_event()
    Hall(store, plan, clock)
    hall.use(plan)
    assert store.last_event() == before


def test_a_changed_plan_keeps_what_the_windows_are_doing(hall, store, plan):
    hall.sign_in(1, "li")
    hall.pause(2, "盘点")
    hall.use(msgspec.structs.replace(plan, lines=(*plan.lines, Line(id="tax", title="税务", letter="C"))))
    assert hall.window(1).clerk == "li"
    assert hall.window(2).pause_reason == "盘点"
    assert [line.id for line in hall.queue().lines] == ["general", "social", "tax"]


def test_a_window_that_is_gone_lets_go_of_its_tickets(hall, store, plan, refused):
    at_it, sent_to_it = hall.issue("note"), hall.issue("note")
    hall.call(2, at_it.id)
    hall.call(1, sent_to_it.id)
    hall.transfer(1, to_window=2)
    hall.sign_in(2, "li")
    hall.use(msgspec.structs.replace(plan, windows=(plan.windows[0], plan.windows[2])))
    assert hall.ticket(at_it.id).state is TicketState.HELD
    assert hall.call_next(1).id == sent_to_it.id
    assert hall.call(3, at_it.id).window == 3
    assert hall.sign_in(1, "li").clerk == "li"
    refused("unknown_window", hall.call_next, 2)
    with store.read() as snapshot:
        assert snapshot.value("SELECT in_use FROM windows WHERE number = 2") == 0


def test_a_ticket_keeps_the_name_its_matter_had(hall, store, plan):
    ticket = hall.issue("note")
    hall.use(msgspec.structs.replace(plan, matters=plan.matters[1:]))
    with store.read() as snapshot:
        assert snapshot.value("SELECT matter_name FROM tickets") == "note的办理"
    hall.call_next(1)
    assert hall.transfer(1, to_line="social").id == ticket.id


def test_a_line_moved_into_numbers_already_given_steps_over_them(hall, plan):
    assert [hall.issue("note").number for _ in range(2)] == ["A001", "A002"]
    general, social = plan.lines
    moved = msgspec.structs.replace(social, letter="A", first=1)
    hall.use(msgspec.structs.replace(plan, lines=(msgspec.structs.replace(general, letter="D"), moved)))
    assert hall.issue("card").number == "A003"


def test_a_clerk_who_is_gone_is_signed_out(hall, plan):
    hall.sign_in(1, "li")
    hall.use(msgspec.structs.replace(plan, clerks=plan.clerks[1:]))
    assert hall.window(1).clerk is None
