"""A citizen's own ticket on a phone: near its turn it asks often, far from it seldom; kind when over."""

import re

import pytest

FORM = {"Origin": "http://localhost"}


@pytest.fixture
def phone(app, hall):
    """Open the page of a ticket that is taken for it."""
    hall.open(1)

    def open_page(ticket, **headers):
        return app.test_client().get(f"/t/{ticket.token}", headers=headers)

    return open_page


def again_s(page):
    return int(re.search(r'data-again-s="(\d+)"', page.text)[1])


def test_a_phone_far_from_its_turn_asks_seldom(phone, hall):
    tickets = [hall.issue("GA-1") for _ in range(40)]
    asked_s = [again_s(phone(tickets[ahead])) for ahead in (0, 3, 10, 30, 39)]
    assert asked_s == [5, 8, 15, 30, 60]
    assert "前面还有 39 人" in phone(tickets[39]).text


def test_nothing_is_sent_again_while_nothing_has_changed(phone, hall, mocker):
    first, second = hall.issue("GA-1"), hall.issue("GA-1")
    etag = phone(second).headers["ETag"]
    rendered = mocker.patch("web.pages_ticket.render_template")
    same = phone(second, **{"If-None-Match": etag})
    assert (same.status_code, same.data) == (304, b"")
    hall.issue("GJJ-1")  # somebody takes a number for another line
    assert phone(second, **{"If-None-Match": etag}).status_code == 304
    assert not rendered.called
    mocker.stopall()
    hall.call_next(1)
    moved = phone(second, **{"If-None-Match": etag})
    assert moved.status_code == 200
    assert "下一位就是您" in moved.text
    assert f"<b>{first.number}</b> → " in moved.text


def test_what_to_bring_is_on_it_and_nothing_personal(phone, hall):
    page = phone(hall.issue("GA-1"))
    assert "居民身份证换领" in page.text
    assert "户口簿" in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_a_ticket_of_another_day_says_so_kindly(phone, hall, clock):
    ticket = hall.issue("GA-1")
    clock.pass_min(24 * 60)
    hall.tick()
    page = phone(ticket)
    assert page.status_code == 410
    assert "这张号票已过期" in page.text
    assert "data-again-s" not in page.text


def test_a_guess_finds_nothing(app):
    assert app.test_client().get("/t/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


def test_whoever_cannot_come_says_so_twice(app, phone, hall):
    first, second = hall.issue("GA-1"), hall.issue("GA-1")
    browser = app.test_client()
    path = f"/t/{first.token}/cancel"
    assert browser.post(path, data={}, headers=FORM).status_code == 422
    assert browser.post(path, data={"sure": "yes"}).status_code == 403  # not from our own page
    assert hall.ticket(first.id).state == "waiting"
    assert browser.post(path, data={"sure": "yes"}, headers=FORM).status_code == 303
    assert hall.ticket(first.id).state == "cancelled"
    assert "下一位就是您" in phone(second).text
    assert again_s(phone(first)) == 0


def test_a_called_ticket_is_not_cancelled_from_a_pocket(app, phone, hall):
    ticket = hall.issue("GA-1")
    hall.call_next(1)
    answer = app.test_client().post(f"/t/{ticket.token}/cancel", data={"sure": "yes"}, headers=FORM)
    assert answer.status_code == 409
    assert hall.ticket(ticket.id).state == "called"
    assert 'id="cancel"' not in phone(ticket).text


def test_a_rating_is_asked_for_only_in_its_time(phone, hall, clock):
    ticket = hall.issue("GA-1")
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    assert 'name="level"' in phone(ticket).text
    clock.pass_min(31)
    assert 'name="level"' not in phone(ticket).text
