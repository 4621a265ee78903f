"""The catalogue: what is in force, what begins tomorrow, and what yesterday's ticket still shows."""

import subprocess
import sys

import msgspec

from kioskd.hall.hall import Hall
from kioskd.hall.store import Store


def changed(matter, **fields):
    return msgspec.structs.replace(matter, **fields)


def test_the_matters_of_the_file_are_in_force_in_its_order(hall):
    assert [matter.code for matter in hall.catalogue] == ["note", "card"]
    assert hall.catalogue is hall.catalogue


def test_a_ticket_keeps_the_guide_that_its_citizen_read(hall, clock, plan):
    ticket = hall.issue("note")
    hall.change_matters([changed(plan.matters[0], promise="3个工作日", name="note的新名")])
    assert hall.catalogue.get("note").promise == "3个工作日"
    assert hall.matter_of(ticket.id).promise == "即办"
    assert hall.matter_of(hall.issue("note").id).promise == "3个工作日"
    assert hall.ticket(ticket.id).matter_name == "note的办理"


def test_what_begins_tomorrow_begins_by_itself_with_that_service_day(hall, store, clock, plan, check_books):
    hall.change_matters([changed(plan.matters[0], promise="1个工作日")], effective_from="2026-03-03")
    before = hall.catalogue
    assert before.get("note").promise == "即办"
    clock.set("2026-03-03 03:59")
    hall.tick()
    assert hall.catalogue is before
    clock.set("2026-03-03 04:00")
    hall.tick()
    assert hall.catalogue.get("note").promise == "1个工作日"
    check_books(store, plan)


def test_a_new_matter_and_a_withdrawn_one_wait_for_their_day_too(hall, clock, plan, refused):
    new = changed(plan.matters[0], code="new", name="新事项")
    changes = hall.change_matters([new, plan.matters[0]], effective_from="2026-03-03", replace=True)
    assert (changes.added, changes.withdrawn) == (("new",), ("card",))
    refused("unknown_matter", hall.issue, "new")
    clock.set("2026-03-03 09:30")
    hall.tick()
    assert {matter.code for matter in hall.catalogue} == {"note", "new"}
    refused("unknown_matter", hall.issue, "card")
    assert hall.issue("new").number == "A001"


def test_a_day_that_a_wrong_clock_opened_takes_its_versions_back_with_it(hall, clock, plan):
    hall.change_matters([changed(plan.matters[0], promise="1个工作日")], effective_from="2037-01-01")
    clock.set("2037-01-01 09:30")
    hall.confirm_day()
    assert hall.catalogue.get("note").promise == "1个工作日"
    hall.withdraw_day()
    assert hall.catalogue.get("note").promise == "即办"


def test_the_same_again_changes_nothing(hall, store, plan):
    before = store.last_event()
    assert not hall.change_matters(plan.matters, replace=True)
    assert store.last_event() == before


def test_those_not_named_are_kept_unless_all_are_replaced(hall, plan):
    assert hall.change_matters([plan.matters[1]]).kept == ("note",)
    assert hall.catalogue.get("note")
    assert hall.change_matters([plan.matters[1]], replace=True).withdrawn == ("note",)
    assert [matter.code for matter in hall.catalogue] == ["card"]


def test_another_order_is_kept(hall, store, plan, check_books):
    hall.change_matters(plan.matters[::-1])
    assert [matter.code for matter in hall.catalogue] == ["card", "note"]
    check_books(store, plan)


def test_a_changed_file_is_a_new_version_and_a_hall_without_one_keeps_what_it_has(store, plan, clock):
    Hall(store, plan, clock)
    edited = msgspec.structs.replace(plan, matters=(changed(plan.matters[0], promise="2日"),))
    assert [one.promise for one in Hall(store, edited, clock).catalogue] == ["2日"]
    alone = msgspec.structs.replace(plan, matters=None)
    assert [one.promise for one in Hall(store, alone, clock).catalogue] == ["2日"]
    with store.read() as snapshot:
        versions = snapshot.all("SELECT code, version, content IS NULL AS gone FROM matter_versions")
    assert {tuple(row) for row in versions} == {
        ("note", 1, 0),
        ("note", 2, 0),
        ("card", 1, 0),
        ("card", 2, 1),
    }


def test_another_process_changes_them_and_this_one_hears_of_it(hall, store, plan):
    last = store.last_event()
    code = (
        "import sys, msgspec; from kioskd.hall.store import Store; from kioskd.hall import matters\n"
        "from datetime import UTC, datetime\n"
        "store = Store(sys.argv[1])\n"
        "with store.transaction() as tx:\n"
        "    one = matters.in_force(tx)[0]\n"
        "    new = [msgspec.structs.replace(one, promise='9日')]\n"
        "    matters.change(tx, new, at=datetime.now(UTC), service_day='2026-03-02', by='import')\n"
    )
    subprocess.run([sys.executable, "-c", code, str(store.path)], check=True)
    assert store.wait(last, timeout_s=1.0) > last
    assert hall.catalogue.get("note").promise == "9日"
    [event] = hall.events(last)
    assert (event.type, event.by, event.data) == ("matters_changed", "import", {"begins": [["note", 2]]})


def test_a_change_that_fails_leaves_nothing(hall, store, plan, refused):
    lost = changed(plan.matters[1], line="nowhere")
    refused("unknown_line", hall.change_matters, [changed(plan.matters[0], promise="1日"), lost])
    assert hall.catalogue.get("note").promise == "即办"


def test_a_store_from_before_the_versions_gets_them_at_its_next_start(tmp_path, plan, clock):
    store = Store(tmp_path / "old.db")
    with store.transaction() as tx:
        tx.execute("INSERT INTO lines VALUES ('general', '综合', '', 'A', 3, 1, 500, 1, 0)")
        tx.execute(
            "INSERT INTO matters (code, name, name_en, line, area, department, by_law, accept_condition,"
            " materials, handle_flow, promise, in_use)"
            " VALUES ('gone', 'x', '', 'general', 'x', 'x', 'x', 'x', '[]', 'x', 'x', 1)"
        )
    found = Hall(store, plan, clock).catalogue
    store.close()
    assert [matter.code for matter in found] == ["note", "card"]
