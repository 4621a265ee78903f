"""A store that the first version wrote: it opens, and its events lead to its tables still."""

import json

import pytest

from kioskd.hall.events import replay
from kioskd.hall.hall import Hall
from kioskd.hall.schema import STATE_TABLES, migrations
from kioskd.hall.sqlite import Database
from kioskd.hall.store import Store
from tests.hall.conftest import rows

AT = "2026-03-02T01:{:02}:00.000000Z"  # the morning of the day at which the clock stands
MATTER = {
    "code": "note",
    "name": "开具证明",
    "name_en": "",
    "line": "general",
    "area": "社会事务",
    "department": "社会事务办公室",
    "by_law": "某某法",
    "accept_condition": "本镇居民",
    "materials": '["居民身份证"]',
    "handle_flow": "申请 → 办结",
    "promise": "即办",
}
LINE = {
    "id": "general",
    "title": "综合",
    "title_en": "",
    "letter": "A",
    "width": 3,
    "first": 1,
    "daily_limit": 500,
}
CLERK = {"id": "li", "name": "李梅", "position": "科员"}
WINDOW = {"number": 1, "title": "综合窗口", "title_en": "", "lines": '["general"]', "line_order": "strict"}
FIRST = {
    "number": "A001",
    "line": "general",
    "serial": 1,
    "matter": "note",
    "matter_name": "开具证明",
    "priority": "ordinary",
    "position": 1.0,
    "token": "first",
}
SECOND = {**FIRST, "number": "A002", "serial": 2, "position": 2.0, "token": "second"}
PAPER = {"number": "A001", "matter": "note", "matter_name": "开具证明"}

# type, ticket, window, who, data: each as the first version wrote it.
EVENTS = [
    (
        "plan_changed",
        None,
        None,
        "",
        {
            "lines": [LINE],
            "clerks": [CLERK],
            "matters": [MATTER, {**MATTER, "code": "old"}],
            "windows": [WINDOW],
        },
    ),
    (
        "plan_changed",
        None,
        None,
        "",
        {"lines": [LINE], "clerks": [CLERK], "matters": [MATTER], "windows": [WINDOW]},
    ),
    ("day_opened", None, None, "clock", {}),
    ("window_opened", None, 1, "", {}),
    ("clerk_signed_in", None, 1, "", {"clerk": "li"}),
    ("ticket_issued", 1, None, "page:kiosk", FIRST),
    ("paper_queued", 1, None, "page:kiosk", {"job": 1, "reprint": False, "content": PAPER}),
    ("ticket_issued", 2, None, "page:kiosk", SECOND),
    ("ticket_called", 1, 1, "", {"priority_run": 0, "passed_over": []}),
    ("ticket_started", 1, 1, "", {"since": AT.format(9)}),
    ("ticket_finished", 1, 1, "", {"service_s": 60.0, "clerk": "li"}),
    ("ticket_rated", 1, 1, "", {"level": 2, "channel": "evaluator", "clerk": "li"}),
    ("ticket_called", 2, 1, "", {"priority_run": 0, "passed_over": []}),
    ("ticket_no_show", 2, 1, "", {}),
]


@pytest.fixture
def old_store(tmp_path):
    """The file of such a hall: its tables of then, its events, and the rows they led to."""
    database = Database(tmp_path / "old.db")
    migrations.apply(database, stop_before="m004_supervisor")
    for place, (type_, ticket, window, by, data) in enumerate(EVENTS):
        database["events"].insert(
            {
                "id": place + 1,
                "at": AT.format(place),
                "service_day": "2026-03-02",
                "type": type_,
                "ticket": ticket,
                "window": window,
                "done_by": by,
                "data": json.dumps(data, ensure_ascii=False),
            }
        )
    database["lines"].insert({**LINE, "in_use": 1})
    database["matters"].insert_all([{**MATTER, "in_use": 1}, {**MATTER, "code": "old", "in_use": 0}])
    database["clerks"].insert({**CLERK, "in_use": 1})
    database["service_days"].insert({"day": "2026-03-02", "opened_at": AT.format(2)})
    for ticket, facts, called, more in (
        (1, FIRST, 8, {"state": "done", "started_at": AT.format(9), "finished_at": AT.format(10),
                       "service_s": 60.0, "clerk": "li"}),
        (2, SECOND, 12, {"state": "no-show"}),
    ):  # fmt: skip
        database["tickets"].insert(
            {
                "id": ticket,
                "service_day": "2026-03-02",
                "issued_line": "general",
                **facts,
                "window": 1,
                "issued_at": AT.format(5 if ticket == 1 else 7),
                "called_at": AT.format(called),
                "last_called_at": AT.format(called),
                "last_call_event": called + 1,
                "calls": 1,
                **more,
            }
        )
    database["windows"].insert({**WINDOW, "in_use": 1, "state": "open", "clerk": "li", "last_finished": 1})
    database["ratings"].insert(
        {
            "ticket": 1,
            "level": 2,
            "channel": "evaluator",
            "window": 1,
            "clerk": "li",
            "service_day": "2026-03-02",
            "rated_at": AT.format(11),
        }
    )
    database["print_jobs"].insert(
        {
            "id": 1,
            "ticket": 1,
            "state": "queued",
            "reprint": 0,
            "queued_at": AT.format(6),
            "content": json.dumps(PAPER, ensure_ascii=False),
        }
    )
    database.close()
    store = Store(tmp_path / "old.db")
    yield store
    store.close()


def replayed(store, tmp_path):
    again = Store(tmp_path / "again.db")
    replay(store, again)
    return again


def test_the_events_of_the_first_version_lead_to_the_tables_it_left(old_store, tmp_path):
    again = replayed(old_store, tmp_path)
    for table in STATE_TABLES:
        assert rows(again, table) == rows(old_store, table), table
    again.close()


def test_such_a_hall_goes_on_and_can_be_replayed(old_store, tmp_path, plan, clock):
    hall = Hall(old_store, plan, clock)
    assert hall.issue("note").number == "A003"
    assert hall.ticket(1).rating == 2
    again = replayed(old_store, tmp_path)
    for table in STATE_TABLES:
        assert rows(again, table) == rows(old_store, table), table
    again.close()
