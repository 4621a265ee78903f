"""Complaints and suggestions from the form to the answer, and the supervisor's pages about them."""

import re

import pytest

from kioskd.hall.cases import CaseState

ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def phone(app):
    """A citizen's browser; nobody has signed in."""
    return app.test_client()


@pytest.fixture
def give(phone):
    """give(text, …): send the form; returns where it leads."""

    def send(text="屏幕看不清", **fields):
        form = {"kind": "complaint", "text": text, **fields}
        answer = phone.post("/feedback", data=form, headers=ORIGIN)
        assert answer.status_code == 303, answer.text
        return answer.location

    return send


@pytest.fixture
def chief(page):
    return page("/desk/cases")


def number_in(location):
    return re.search(r"/feedback/([\w-]+)", location)[1]


def step(chief, case, name, **fields):
    return chief.post(f"/desk/cases/{case}/{name}", data=fields, headers=ORIGIN)


def test_a_complaint_is_taken_and_its_number_is_told(give, phone, hall):
    told = phone.get(give("屏幕看不清", contact="13800138000")).text
    [case] = hall.follow_up.cases()
    assert case.number in told
    assert "请记下受理编号" in told
    assert (case.said, case.contact) == ("屏幕看不清", "13800138000")


def test_what_is_ticked_is_enough(give, hall):
    give("", topic=["slow", "nonsense", "fees"])
    assert hall.follow_up.cases()[0].said == "等得太久或办得太慢、收费不合理"


def test_an_empty_form_is_asked_again_and_keeps_what_was_given(phone, hall):
    form = {"kind": "suggestion", "text": " ", "contact": "下午在家"}
    answer = phone.post("/feedback", data=form, headers=ORIGIN)
    assert answer.status_code == 422
    assert "请写下内容" in answer.text
    assert 'value="下午在家"' in answer.text
    assert hall.follow_up.cases() == []


def test_it_may_be_about_a_visit(give, hall, phone):
    ticket = hall.issue("GA-1")
    assert "关于您刚才的这次办理" in phone.get(f"/feedback?ticket={ticket.token}").text
    give(ticket=ticket.token)
    assert hall.follow_up.cases()[0].ticket == ticket.id
    assert phone.post("/feedback", data={"text": "x", "ticket": "wrong"}, headers=ORIGIN).status_code == 404


def test_a_foreign_page_cannot_send_it(phone, hall):
    answer = phone.post("/feedback", data={"text": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert hall.follow_up.cases() == []


def test_the_number_alone_tells_how_it_stands(give, phone, hall):
    number = number_in(give("王某态度不好"))
    hall.follow_up.assign(1, "王主任", by="supervisor")
    assert phone.get(f"/feedback?number={number.lower()}").location == f"/feedback/{number}"
    shown = phone.get(f"/feedback/{number}").text
    assert "已安排专人处理" in shown
    assert "2026-03-23" in shown
    for hidden in ("王主任", "supervisor", "王某态度不好"):
        assert hidden not in shown


def test_a_wrong_number_is_told(phone):
    answer = phone.get("/feedback/260302-222222")
    assert answer.status_code == 404
    assert "没有查到" in answer.text


def test_who_tries_many_numbers_is_told_to_wait(phone):
    answers = [phone.get(f"/feedback/260302-2222{place:02}").status_code for place in range(60)]
    assert 429 in answers


def test_who_sends_many_forms_is_told_to_wait(phone, hall):
    answers = [
        phone.post("/feedback", data={"text": "又一条"}, headers=ORIGIN).status_code for _ in range(60)
    ]
    assert 429 in answers
    assert len(hall.follow_up.cases()) == answers.count(303) < 60


def test_made_up_tickets_are_no_way_round_the_wait(phone, app):
    """Each once got a bucket of its own, and a megabyte of ticket was kept as its name."""
    for place in range(30):
        form = {"text": "又一条", "ticket": f"{place}" * 1000}
        assert phone.post("/feedback", data=form, headers=ORIGIN).status_code == 404
    assert not app.extensions["kioskd"].doors.limits._phones._left


def test_a_visit_has_a_bucket_of_its_own(give, phone, hall):
    while phone.post("/feedback", data={"text": "又一条"}, headers=ORIGIN).status_code == 303:
        pass
    give(ticket=hall.issue("GA-1").token)


def test_phones_behind_a_proxy_here_do_not_use_up_what_is_the_kiosks(phone, page, hall):
    by_proxy = {"Host": "hall.example.org", "Origin": "http://hall.example.org", "X-Forwarded-For": "1.2.3.4"}
    while phone.post("/feedback", data={"text": "又一条"}, headers=by_proxy).status_code == 303:
        pass
    at_the_kiosk = {"kind": "complaint", "topic": "slow", "kiosk": "1"}
    assert page("/kiosk").post("/feedback", data=at_the_kiosk, headers=ORIGIN).status_code == 303


def test_at_the_kiosk_a_refusal_leads_back_and_nowhere_else(phone):
    answers = [phone.post("/feedback?kiosk=1", data={"text": "又"}, headers=ORIGIN) for _ in range(60)]
    refused = next(answer.text for answer in answers if answer.status_code == 429)
    assert re.findall(r'<a [^>]*href="([^"]+)"', refused) == ["/kiosk"]
    assert "feedback-kiosk.js" in refused
    elsewhere = phone.post("/feedback", data={"text": "又"}, headers=ORIGIN)
    assert elsewhere.status_code == 429
    assert "/kiosk" not in elsewhere.text


def test_hostile_words_are_text(give, chief, phone):
    location = give('<script>alert(1)</script>\x1b"\u202e')
    assert "<script>alert" not in chief.get("/desk/cases/1").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in chief.get("/desk/cases/1").text
    assert "<script>alert" not in phone.get(location).text


# --- the supervisor ---


def test_a_supervisor_follows_a_complaint_to_its_answer(give, chief, phone, hall):
    number = number_in(give())
    assert 'data-case="1"' in chief.get("/desk/cases").text
    assert step(chief, 1, "assign", handler="王主任").status_code == 303
    step(chief, 1, "call-back", reached="yes", text="已说明")
    step(chief, 1, "note", text="内部")
    step(chief, 1, "extend", due_on="2026-04-01", text="等新屏")
    step(chief, 1, "resolve", outcome="put_right", text="已换新屏")
    case = hall.follow_up.case(1)
    assert case.state is CaseState.RESOLVED
    assert {one.by for one in case.steps[1:]} == {"supervisor:boss"}
    seen = phone.get(f"/feedback/{number}").text
    assert "已换新屏" in seen
    assert "等新屏" in seen
    assert "内部" not in seen


def test_a_malicious_rating_is_set_aside(hall, chief, clock):
    ticket = hall.issue("GA-1")
    hall.open(1)
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    hall.rate(ticket.id, 1, "phone")
    for name, fields in (
        ("assign", {"handler": "王主任"}),
        ("call-back", {"reached": "no"}),
        ("resolve", {"outcome": "unfounded", "text": "不属实"}),
        ("appeal", {"text": "恶意"}),
        ("decide", {"upheld": "yes", "text": "属实"}),
    ):
        assert step(chief, 1, name, **fields).status_code == 303, name
    assert "该评价不计入" in chief.get("/desk/cases/1").text


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("resolve", {"outcome": "put_right", "text": "x"}, 422),  # nobody handles it yet
        ("assign", {"handler": " "}, 422),
        ("extend", {"due_on": "soon", "text": "x"}, 422),
        ("extend", {"due_on": "2026-03-03", "text": "x"}, 422),
        ("resolve", {"outcome": "nonsense", "text": "x"}, 422),
        ("appeal", {"text": "x"}, 409),
        ("nonsense", {}, 404),
    ],
)
def test_a_step_that_cannot_be_is_told_and_changes_nothing(give, chief, hall, name, fields, status):
    give()
    before = hall.follow_up.case(1)
    assert step(chief, 1, name, **fields).status_code == status
    assert hall.follow_up.case(1) == before


def test_only_a_supervisor_takes_steps(give, page, phone, hall):
    give()
    assert step(phone, 1, "assign", handler="x").status_code in (401, 403)
    assert step(page("/clerk"), 1, "assign", handler="x").status_code == 403
    assert hall.follow_up.case(1).handler == ""


def test_a_foreign_page_takes_no_step(give, chief, hall):
    give()
    answer = chief.post(
        "/desk/cases/1/assign", data={"handler": "x"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert hall.follow_up.case(1).handler == ""


# --- case numbers and reports ---


def test_a_clerk_attaches_the_case_number_of_a_visit(client, hall):
    ticket = client.take()
    assert ticket["affair_no"] == ""
    answer = client.post(f"tickets/{ticket['id']}/affair", {"affair_no": "330122-1"})
    assert answer.json["affair_no"] == "330122-1"
    assert client.post(f"tickets/{ticket['id']}/affair", {"affair_no": "<b>"}).status_code == 422


def test_ratings_that_wait_for_their_number_are_seen_at_the_desk(chief):
    assert "缺办件编号 0" in chief.get("/desk/cases").text


# --- a rating with its reasons ---


@pytest.fixture
def served_ticket(hall):
    ticket = hall.issue("GA-1")
    hall.open(1)
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    return ticket


def test_a_phone_may_say_why_and_need_not(phone, served_ticket, store):
    page = phone.get(f"/t/{served_ticket.token}/rate?level=2").text
    assert "等得太久或办得太慢" in page
    assert "态度热情" not in page
    answer = phone.post(
        f"/t/{served_ticket.token}/rate", data={"level": "2", "reason": ["slow", "papers"]}, headers=ORIGIN
    )
    assert answer.status_code == 303
    with store.read() as snapshot:
        assert snapshot.value("SELECT reasons FROM ratings") == '["slow", "papers"]'


def test_a_rating_without_a_reason_counts_as_much(phone, served_ticket, hall):
    phone.post(f"/t/{served_ticket.token}/rate", data={"level": "5"}, headers=ORIGIN)
    assert hall.ticket(served_ticket.id).rating == 5


@pytest.mark.parametrize("level", ["", "0", "6", "five"])
def test_there_are_five_levels(phone, served_ticket, level):
    assert phone.get(f"/t/{served_ticket.token}/rate?level={level}").status_code == 422
