"""Bad ratings, complaints and suggestions, from the first word to the answer."""

from datetime import date

import msgspec
import pytest

from kioskd.hall.calendar import Calendar, Holiday
from kioskd.hall.cases import CaseKind, CaseState, Outcome
from kioskd.hall.hall import Hall
from kioskd.hall.model import NotFound
from kioskd.hall.rating_reasons import rating_reasons

SECRET = "我的电话是13800138000，办事员让我跑了三次"


@pytest.fixture
def follow_up(hall):
    return hall.follow_up


@pytest.fixture
def bad_rating(hall, served, follow_up):
    """The case of a rating of 1, given on a phone."""
    hall.issue("note")
    hall.sign_in(1, "li")
    hall.rate(served(1).id, 1, "phone", reasons=["slow", "several_visits"], by="citizen")
    [case] = follow_up.cases()
    return case


@pytest.fixture
def complaint(follow_up):
    return follow_up.take(CaseKind.COMPLAINT, SECRET, contact="13800138000", by="page:kiosk")


def steps(case):
    return [(step.step, step.fact) for step in case.steps]


# --- how a case begins ---


def test_a_bad_rating_opens_a_case_with_a_term_of_working_days(bad_rating):
    assert (bad_rating.kind, bad_rating.state, bad_rating.level) == (CaseKind.RATING, CaseState.OPEN, 1)
    assert (bad_rating.window, bad_rating.clerk) == (1, "li")
    assert bad_rating.due_on == date(2026, 3, 23)  # fifteen working days after Monday, 2 March


def test_the_term_does_not_run_on_holidays(store, plan, clock):
    closed = Calendar(holidays=(Holiday(name="盘点", first=date(2026, 3, 3), last=date(2026, 3, 6)),))
    hall = Hall(store, msgspec.structs.replace(plan, calendar=closed), clock)
    assert hall.follow_up.take(CaseKind.SUGGESTION, "多放几把椅子").due_on == date(2026, 3, 27)


@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_good_rating_opens_none(hall, served, follow_up, level):
    hall.issue("note")
    hall.rate(served(1).id, level, "phone")
    assert follow_up.cases() == []


def test_an_evaluators_bad_rating_opens_a_case_too(hall, served, follow_up):
    hall.issue("note")
    served(1)
    hall.rate_at(1, 2, "evaluator")
    assert [case.level for case in follow_up.cases()] == [2]


def test_reasons_go_with_their_level(hall, served, store, refused):
    hall.issue("note")
    ticket = served(1).id
    assert refused("wrong_reason", hall.rate, ticket, 5, "phone", reasons=["slow"])["reason"] == "slow"
    refused("wrong_reason", hall.rate, ticket, 1, "phone", reasons=["nonsense"])
    hall.rate(ticket, 5, "phone", reasons=["quick", "kind", "quick"])
    with store.read() as snapshot:
        assert snapshot.value("SELECT reasons FROM ratings") == '["kind", "quick"]'


def test_every_reason_is_in_both_languages_and_named_once():
    reasons = rating_reasons()
    assert all(each.zh and each.en for each in reasons)
    assert len({each.code for each in reasons}) == len(reasons)
    assert {each.good for each in reasons} == {True, False}


# --- how it is followed ---


def test_a_bad_rating_from_the_first_word_to_the_answer(bad_rating, follow_up, clock):
    follow_up.assign(bad_rating.id, "王主任", by="supervisor")
    clock.pass_min(60)
    follow_up.call_back(bad_rating.id, reached=True, text="已道歉", by="supervisor")
    answered = follow_up.resolve(bad_rating.id, Outcome.PUT_RIGHT, "材料清单已改正", by="supervisor")
    assert answered.state is CaseState.RESOLVED
    assert (answered.handler, answered.outcome) == ("王主任", Outcome.PUT_RIGHT)
    assert answered.called_back_at == answered.resolved_at
    assert steps(answered) == [
        ("opened", "2026-03-23"),
        ("assigned", "王主任"),
        ("called_back", "reached"),
        ("resolved", "put_right"),
    ]


def test_a_bad_rating_is_not_answered_before_somebody_called_back(bad_rating, follow_up, refused):
    refused("no_handler", follow_up.resolve, bad_rating.id, Outcome.EXPLAINED, "好")
    follow_up.assign(bad_rating.id, "王主任")
    refused("call_back_first", follow_up.resolve, bad_rating.id, Outcome.EXPLAINED, "好")
    follow_up.call_back(bad_rating.id, reached=False)
    assert follow_up.resolve(bad_rating.id, Outcome.NOT_REACHED, "没有留下联系方式").outcome == "not_reached"


def test_more_time_needs_a_later_date_and_a_reason(complaint, follow_up, refused):
    assert refused("not_later", follow_up.extend, complaint.id, date(2026, 3, 23), "等上级")
    refused("nothing_written", follow_up.extend, complaint.id, date(2026, 3, 30), " ")
    assert follow_up.extend(complaint.id, date(2026, 3, 30), "等上级答复").due_on == date(2026, 3, 30)


def test_an_upheld_appeal_sets_the_rating_aside_and_keeps_it_written_down(
    bad_rating, follow_up, store, refused
):
    refused("no_appeal", follow_up.appeal, bad_rating.id, "恶意")
    follow_up.assign(bad_rating.id, "王主任")
    follow_up.call_back(bad_rating.id, reached=True)
    follow_up.resolve(bad_rating.id, Outcome.UNFOUNDED, "与事实不符")
    follow_up.appeal(bad_rating.id, "同一人一天内评了九次", by="clerk:li")
    decided = follow_up.decide_appeal(bad_rating.id, upheld=True, text="属实")
    assert decided.set_aside
    assert decided.state is CaseState.RESOLVED
    with store.read() as snapshot:
        assert snapshot.value("SELECT level FROM ratings WHERE set_aside") == 1
    refused("no_appeal", follow_up.appeal, bad_rating.id, "再来")
    refused("no_appeal", follow_up.decide_appeal, bad_rating.id, upheld=False, text="再来")


def test_what_is_answered_stays_answered(complaint, follow_up, refused):
    follow_up.assign(complaint.id, "王主任")
    follow_up.resolve(complaint.id, Outcome.EXPLAINED, "已说明")
    for late in (
        lambda: follow_up.assign(complaint.id, "李主任"),
        lambda: follow_up.resolve(complaint.id, Outcome.PUT_RIGHT, "改了"),
        lambda: follow_up.call_back(complaint.id, reached=True),
    ):
        refused("case_resolved", late)


def test_what_is_due_first_comes_first_and_what_is_answered_last(hall, clock, follow_up):
    first = follow_up.take(CaseKind.COMPLAINT, "一")
    clock.set("2026-03-03 09:30")
    second = follow_up.take(CaseKind.COMPLAINT, "二")
    follow_up.assign(first.id, "王主任")
    assert [case.id for case in follow_up.cases()] == [first.id, second.id]
    follow_up.resolve(first.id, Outcome.PUT_RIGHT, "改了")
    assert [case.id for case in follow_up.cases()] == [second.id, first.id]
    assert [case.id for case in follow_up.cases(unresolved_only=True)] == [second.id]


# --- what the citizen sees, and what nobody sees ---


def test_the_citizen_follows_it_by_its_number_alone(complaint, follow_up):
    follow_up.assign(complaint.id, "王主任", by="supervisor")
    follow_up.note(complaint.id, "此人来过多次", by="supervisor")
    follow_up.resolve(complaint.id, Outcome.PUT_RIGHT, "已更换叫号屏", by="supervisor")
    seen = follow_up.case_by_number(f" {complaint.number.lower()} ")
    assert steps(seen) == [("opened", "2026-03-23"), ("assigned", ""), ("resolved", "put_right")]
    assert seen.steps[-1].text == "已更换叫号屏"
    shown = msgspec.json.encode(seen).decode()
    for hidden in ("王主任", "supervisor", "此人来过多次", "13800138000", "三次"):
        assert hidden not in shown


def test_an_appeal_is_not_the_citizens_to_see(bad_rating, follow_up):
    follow_up.assign(bad_rating.id, "王主任")
    follow_up.call_back(bad_rating.id, reached=False)
    follow_up.resolve(bad_rating.id, Outcome.EXPLAINED, "已说明")
    follow_up.appeal(bad_rating.id, "恶意")
    assert steps(follow_up.case_by_number(bad_rating.number))[-1] == ("resolved", "explained")
    assert follow_up.case_by_number(bad_rating.number).state is CaseState.RESOLVED


def test_nobody_guesses_a_number(follow_up):
    numbers = {follow_up.take(CaseKind.SUGGESTION, "茶水").number for _ in range(50)}
    assert len(numbers) == 50
    with pytest.raises(NotFound):
        follow_up.case_by_number("260302-222222")


def test_words_are_in_one_table_alone_and_gone_after_their_time(
    hall, complaint, follow_up, store, clock, plan
):
    with store.read() as snapshot:
        tables = snapshot.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        holding = [
            table["name"]
            for table in tables
            for row in snapshot.all(f"SELECT * FROM {table['name']}")
            if "13800138000" in str(tuple(row))
        ]
    assert set(holding) == {"case_words"}
    assert complaint.said == SECRET
    clock.vouched_for = True
    clock.pass_min(24 * 60 * plan.privacy.case_days)
    hall.tick()
    after = follow_up.case(complaint.id)
    assert (after.said, after.contact) == ("", "")
    assert steps(after) == steps(complaint)


def test_a_case_does_not_print_itself_into_a_log(complaint):
    assert "13800138000" not in repr(complaint)
    assert complaint.number not in repr(complaint)


def test_the_number_is_in_no_event_that_others_read(hall, complaint):
    assert all(complaint.number not in str(event.data) for event in hall.events(0, 1000))


@pytest.mark.parametrize(("text", "code"), [("", "nothing_written"), ("\x00\x1b ", "nothing_written")])
def test_a_complaint_says_something(follow_up, refused, text, code):
    refused(code, follow_up.take, CaseKind.COMPLAINT, text)


def test_a_complaint_is_no_book(follow_up, refused):
    refused("too_much_written", follow_up.take, CaseKind.COMPLAINT, "长" * 1001)


def test_control_characters_are_left_out(follow_up):
    assert follow_up.take(CaseKind.COMPLAINT, "屏\x1b[31m\u202e坏了\n第二行").said == "屏[31m坏了\n第二行"


# --- the case number of a visit ---


def test_a_case_number_is_attached_to_the_visit(hall, follow_up, store, refused):
    ticket = hall.issue("note")
    assert follow_up.attach_affair(ticket.id, "330122-2026/0042").affair_no == "330122-2026/0042"
    before = store.last_event()
    follow_up.attach_affair(ticket.id, "330122-2026/0042")
    assert store.last_event() == before
    refused("wrong_affair_no", follow_up.attach_affair, ticket.id, "<script>")
    refused("unknown_ticket", follow_up.attach_affair, 99, "1")
