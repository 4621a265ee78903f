"""Each clause is met by a good hall, and fails when the one thing it asks for is missing, which it names."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from kioskd.conform.checks import CHECKS
from kioskd.conform.clauses import clauses
from kioskd.conform.report import Verdict, report
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.hall.model import WindowState
from kioskd.hall.plan import Clerk, Window
from tests.conform.conftest import case, device, matter

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
change = msgspec.structs.replace


def spoil_window(hall, **changes):
    return change(hall, windows=(change(hall.windows[0], **changes),))


def spoil_plan(hall, **changes):
    return change(hall, plan=change(hall.plan, **changes))


def no(kind):
    return lambda hall: change(hall, devices=tuple(one for one in hall.devices if kind not in one.kinds))


def dead(kind):
    return lambda hall: change(
        hall,
        devices=tuple(change(one, state=State.OFFLINE) if kind in one.kinds else one for one in hall.devices),
    )


def one_matter(**changes):
    return lambda hall: change(
        hall, matters=(*hall.matters[:-1], matter(8, "社会事务", **changes)), shown=hall.shown
    )


SPOILT = {
    "function_signs": [(no(Kind.DISPLAY), "1"), (dead(Kind.DISPLAY), "1")],
    "clerks_named": [
        (lambda hall: spoil_window(hall, clerk=None, clerk_name=""), "nobody signed in at window: 1"),
        (lambda hall: spoil_plan(hall, clerks=(Clerk(id="c9", name="甲", position=""),)), "c9"),
    ],
    "paused_signs": [(dead(Kind.DISPLAY), "not window: 1")],
    "name_of_the_centre": [(lambda hall: spoil_plan(hall, name="办事大厅"), "办事大厅")],
    "comprehensive_window": [
        (lambda hall: spoil_plan(hall, windows=(Window(number=1, title="空", lines=()),)), "no window")
    ],
    "nine_areas": [(lambda hall: change(hall, matters=hall.matters[1:]), "公安服务")],
    "queue_platform": [(dead(Kind.PRINTER), "0 tickets")],
    "enquiry_device": [(lambda hall: change(hall, shown=frozenset()), "0 matters")],
    "ticket_machine": [(no(Kind.PRINTER), "0 of 0"), (dead(Kind.PRINTER), "printer (offline)")],
    "call_devices": [(dead(Kind.KEYPAD), "not window: 1")],
    "displays": [(no(Kind.DISPLAY), "0 of 0"), (dead(Kind.DISPLAY), "strip-1")],
    "every_matter_shown": [
        (lambda hall: change(hall, shown=hall.shown - {"M-3"}), "hidden: M-3 事项3"),
        (one_matter(line="nobody"), "no window serves: M-8 事项8"),
        (lambda hall: change(hall, matters=()), "0 of 0"),
    ],
    "window_equipment": [(no(Kind.EVALUATOR), "not window: 1")],
    "six_units": [
        (one_matter(**{unit: empty}), f"M-8 事项8: {unit}")
        for unit, empty in (("by_law", ""), ("accept_condition", ""), ("materials", ()), ("promise", ""))
    ],
    "guides": [(lambda hall: change(hall, shown=hall.shown - {"M-3"}), "M-3")],
    "information_to_look_up": [(lambda hall: change(hall, feedback_page=False), "not taken")],
    "records_and_terms": [
        (one_matter(promise=""), "no term: M-8"),
        (lambda hall: change(hall, cases=(case(7, due_on=date(2026, 2, 27)),)), "overdue case: 7"),
    ],
    "rules_and_promises": [(one_matter(materials=()), "M-8"), (no(Kind.EVALUATOR), "cannot rate")],
    "channels": [(dead(Kind.EVALUATOR), "not window: 1")],
    "complaints_followed": [
        (lambda hall: change(hall, cases=(case(7, due_on=date(2026, 2, 27)),)), "overdue: 7"),
        (
            lambda hall: change(hall, cases=(case(8, opened_at=datetime(2026, 2, 27, tzinfo=UTC)),)),
            "nobody handles: 8",
        ),
    ],
    "result_by_number": [(lambda hall: change(hall, feedback_page=False), "no page")],
    "ratings_kept": [(no(Kind.EVALUATOR), "0 ratings")],
}


def test_every_check_belongs_to_a_clause_and_is_tested():
    checks = {clause.check for clause in clauses() if clause.check}
    assert checks == set(CHECKS) == set(SPOILT)


@pytest.mark.parametrize("name", CHECKS)
def test_a_good_hall_meets_it(hall, name):
    seen = CHECKS[name](hall)
    assert seen.met, seen.en
    assert seen.zh
    assert seen.en


@pytest.mark.parametrize(
    ("name", "spoil", "told"),
    [(name, spoil, told) for name, cases in SPOILT.items() for spoil, told in cases],
)
def test_it_fails_and_names_what_is_missing(hall, name, spoil, told):
    seen = CHECKS[name](spoil(hall))
    assert not seen.met
    assert told in seen.en


def test_a_sign_may_be_a_page_on_a_screen(hall, without):
    bare = change(without(hall, Kind.DISPLAY), screens=frozenset({1}))
    assert CHECKS["function_signs"](bare).met
    assert CHECKS["displays"](bare).met


def test_clerks_may_call_at_the_page(hall, without):
    bare = change(without(hall, Kind.KEYPAD), clerks_with_accounts=frozenset({"c1"}))
    assert CHECKS["call_devices"](bare).met


def test_a_closed_window_needs_nobody(hall):
    closed = spoil_window(hall, state=WindowState.CLOSED, clerk=None, clerk_name="")
    assert CHECKS["clerks_named"](closed).met


def test_a_complaint_of_today_need_not_have_somebody_yet(hall):
    assert CHECKS["complaints_followed"](change(hall, cases=(case(1),))).met


def test_a_complaint_of_this_morning_is_of_today_though_it_is_yesterday_in_utc(hall):
    early = case(1, opened_at=datetime(2026, 3, 1, 17, 30, tzinfo=UTC))  # half past one in Shanghai
    assert CHECKS["complaints_followed"](change(hall, cases=(early,))).met


def test_the_kiosks_own_printer_counts_before_a_windows(hall):
    of_a_window = change(
        hall,
        devices=(
            device("printer", Kind.PRINTER, state=State.FAULT),
            device("receipts", Kind.PRINTER, window=1),
        ),
    )
    assert not CHECKS["ticket_machine"](of_a_window).met


# --- the report ---


def test_a_good_hall_conforms(hall):
    found = report(hall, AT)
    assert found.conforms
    assert found.count(Verdict.NOT_MET) == 0
    assert found.count(Verdict.FOR_PEOPLE) > 3


def test_a_shall_that_is_not_met_fails_the_report(hall):
    assert not report(change(hall, shown=hall.shown - {"M-3"}), AT).conforms


def test_a_should_that_is_not_met_does_not(hall):
    found = report(spoil_plan(hall, name="办事大厅"), AT)
    assert found.count(Verdict.NOT_MET) == 1
    assert found.conforms


def test_the_clauses_are_in_order_once_each_and_the_two_that_survived_are_told():
    orders = [clause.order for clause in clauses()]
    assert orders == sorted(orders)
    assert len({clause.number for clause in clauses()}) == len(orders)
    assert [clause.number for clause in clauses() if not clause.reconstructed] == ["6.1.2.1", "6.1.2.2"]


def test_whoever_can_fail_says_what_to_do_in_both_languages():
    for clause in clauses():
        assert clause.zh
        assert clause.en
        assert bool(clause.check) == bool(clause.todo_zh) == bool(clause.todo_en), clause.number
