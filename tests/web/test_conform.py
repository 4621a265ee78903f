"""The conformity report of a running hall, by API and as a page."""

import msgspec
import pytest

from kioskd.hall.cases import CaseKind


@pytest.fixture
def chief(page):
    return page("/desk/conform")


def clause(report, number):
    return next(one for one in report["items"] if one["number"] == number)


def test_the_report_tells_each_clause_with_its_evidence(client):
    report = client.get("conform").json
    assert report["hall"] == "青溪镇便民服务中心"
    shown = clause(report, "4.3 f")
    assert (shown["verdict"], shown["level"], shown["todo"]) == ("met", "shall", "")
    assert shown["evidence"] == "取号机显示 4/4 项"
    assert clause(report, "6.1.2.2")["reconstructed"] is False
    assert not report["conforms"]  # it has no printer
    assert clause(report, "4.3 c")["todo_en"]


def test_hiding_a_matter_that_is_served_fails_and_names_it(client, hall, plan):
    hidden = msgspec.structs.replace(plan.matters[0], kiosk=False)
    hall.use(msgspec.structs.replace(plan, matters=(hidden, *plan.matters[1:])))
    shown = clause(client.get("conform").json, "4.3 f")
    assert shown["verdict"] == "not_met"
    assert "GA-1 居民身份证换领" in shown["evidence"]


def test_a_matter_that_no_window_serves_fails_and_is_named(plan, client, hall):
    only_police = tuple(msgspec.structs.replace(one, lines=("police", "bank")) for one in plan.windows)
    hall.use(msgspec.structs.replace(plan, windows=only_police))
    shown = clause(client.get("conform").json, "4.3 f")
    assert shown["verdict"] == "not_met"
    assert "GJJ-1 公积金提取" in shown["evidence"]


def test_a_windows_page_on_a_screen_is_its_sign(client, app):
    assert clause(client.get("conform").json, "4.2.1 a")["verdict"] == "not_met"
    for window in (1, 2):
        assert app.test_client().get(f"/windows/{window}/screen").status_code == 200
    assert clause(client.get("conform").json, "4.2.1 a")["verdict"] == "met"


def test_an_overdue_complaint_fails(client, hall, clock):
    hall.follow_up.take(CaseKind.COMPLAINT, "屏幕坏了")
    assert clause(client.get("conform").json, "6.1.2.1")["verdict"] == "met"
    clock.pass_min(30 * 24 * 60)
    followed = clause(client.get("conform").json, "6.1.2.1")
    assert followed["verdict"] == "not_met"
    assert "逾期：1" in followed["evidence"]


def test_the_page_shows_every_clause_and_what_to_do(chief, client):
    text = chief.get("/desk/conform").text
    report = client.get("conform").json
    assert text.count("data-clause=") == len(report["items"])
    assert clause(report, "4.3 c")["todo"] in text


def test_the_report_is_the_supervisors(app, page):
    assert app.test_client().get("/desk/conform").status_code == 303
    assert page("/clerk").get("/desk/conform").status_code == 403
