"""A child cannot empty the paper roll, and a rush of people never notices."""

import threading

import pytest

from kioskd.config.tables import LimitsTable
from web.limits import Buckets, Limits

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page"}


@pytest.fixture
def touch(page, clock):
    """Somebody touches a matter at the kiosk, so many seconds after the last one."""
    kiosk = page("/kiosk")

    def touch(after_s=0):
        clock.pass_min(after_s / 60)
        return kiosk.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE)

    return touch


def test_forty_people_one_after_another_all_get_a_ticket(touch):
    assert [touch(3).status_code for _ in range(40)] == [201] * 40


def test_a_child_that_hammers_is_asked_kindly_to_wait(touch):
    answers = [touch(1) for _ in range(80)]
    taken = sum(answer.status_code == 201 for answer in answers)
    assert 60 <= taken <= 68
    refused = answers[-1]
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_tickets")
    wait_s = int(refused.headers["Retry-After"])
    assert 1 <= wait_s <= 10
    assert f"请等 {wait_s} 秒" in refused.json["detail_zh"]
    assert touch(wait_s).status_code == 201


def test_a_reprint_is_paper_too(touch, page):
    ticket = touch().json["id"]
    kiosk = page("/kiosk")
    codes = [kiosk.post(f"/api/v1/tickets/{ticket}/reprint", headers=PAGE).status_code for _ in range(61)]
    assert codes[-1] == 429


def test_a_clerk_is_never_slowed_down(touch, page):
    for _ in range(61):
        touch()
    desk = page("/clerk")
    assert desk.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE).status_code == 201


def test_many_at_once_take_no_more_than_there_is():
    buckets = Buckets(50, 1, lambda: 0.0)
    taken = []

    def take():
        for _ in range(40):
            if buckets.take("kiosk") == 0:
                taken.append(1)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 50


def test_nobody_makes_up_the_name_of_a_bucket():
    limits = Limits(LimitsTable(), lambda: 0.0)
    with pytest.raises(ValueError, match="101 characters"):
        limits.phone("x" * 101)
    assert not limits._phones._left


def test_buckets_are_forgotten_when_they_are_full_again():
    now_s = [0.0]
    buckets = Buckets(10, 60, lambda: now_s[0])
    for phone in range(5000):
        now_s[0] += 1
        assert buckets.take(f"ticket {phone}") == 0
    assert len(buckets._left) <= 1000
