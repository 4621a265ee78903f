"""The supervisor's desk by API, and the reports as a spreadsheet's and a PDF's reader would open them."""

import csv
import io
import subprocess
import xml.etree.ElementTree as ET

import msgspec
import pytest
from openpyxl import load_workbook

from kioskd.hall.hall import Hall

NASTY = "=cmd|'/c calc'!A1"


@pytest.fixture
def plan(plan):
    """One matter is called what a spreadsheet would run."""
    nasty = msgspec.structs.replace(plan.matters[1], name=NASTY)
    return msgspec.structs.replace(plan, matters=(plan.matters[0], nasty, *plan.matters[2:]))


@pytest.fixture
def hall(store, plan, clock):
    return Hall(store, plan, clock)


@pytest.fixture
def morning(hall, client, clock):
    """Two tickets are served after ten minutes, one of them rated 2; a third waits."""
    hall.open(1)
    hall.sign_in(1, "c1")
    first, *_ = [client.take(matter) for matter in ("GA-1", "GA-2", "GA-1")]
    clock.pass_min(10)
    for _ in range(2):
        hall.call_next(1)
        hall.start(1)
        clock.pass_min(6)
        hall.finish(1)
    hall.rate(first["id"], 2, "evaluator")
    return first


@pytest.fixture
def chief(page):
    """A browser at which a supervisor has signed in."""
    return page("/desk")


# --- the desk ---


def test_the_desk_tells_todays_figures_and_the_bad_ratings(client, morning):
    desk = client.get("desk").json
    assert (desk["today"]["taken"], desk["today"]["served"], desk["wait_target_s"]) == (3, 2, 1200)
    assert desk["today"]["waits"]["longest_s"] == 16 * 60
    assert desk["overdue_cases"] == 0
    bad = {
        "case": 1,
        "service_day": "2026-03-02",
        "number": "A001",
        "matter_name": "居民身份证换领",
        "window": 1,
        "level": 2,
    }
    assert [{key: rating[key] for key in bad} for rating in desk["bad_ratings"]] == [bad]


def test_a_line_is_stopped_by_api_and_the_kiosk_says_so(client, morning):
    line = client.post("lines/police/stop").json
    assert (line["stopped"], line["accepting"]) == (True, False)
    assert "停止取号" in line["reason_zh"]
    refused = client.post("tickets", {"matter": "GA-1"})
    assert (refused.status_code, refused.json["code"]) == (409, "line_stopped")
    assert client.post("lines/police/reopen").json["accepting"]
    assert client.post("lines/nowhere/stop").status_code == 422


def test_people_move_and_a_window_serves_another_line(client, morning, hall):
    waiting = client.get("queue").json["waiting"]
    moved = client.post("tickets/move", {"tickets": [waiting[0]["id"]], "line": "fund"}).json["items"]
    assert [(one["number"], one["line"]) for one in moved] == [("A003", "fund")]
    assert client.post("windows/2/lines", {"lines": ["fund", "police"]}).json["lines"] == ["fund", "police"]
    assert client.post("tickets/move", {"tickets": [waiting[0]["id"]]}).status_code == 422


def test_statistics_are_for_days_that_exist(client, morning):
    found = client.get("statistics?first=2026-03-01&last=2026-03-31").json
    assert (found["total"]["taken"], found["total"]["coverage"]) == (3, 0.5)
    assert client.get("statistics?first=2026-03-31&last=2026-03-01").status_code == 422
    assert client.get("statistics?first=2026-02-30&last=2026-03-01").status_code == 422


# --- reports ---


def test_the_page_shows_the_same_figures_as_the_hall_counts(chief, morning):
    page = chief.get("/desk/reports/2026-03-02").text
    assert '<dd data-figure="taken">3</dd>' in page
    assert '<dd data-figure="satisfaction">0.0%</dd>' in page
    assert NASTY.replace("'", "&#39;") in page
    assert chief.get("/desk/reports/2026-03").status_code == 200
    assert chief.get("/desk/reports?when=2026-03").headers["Location"] == "/desk/reports/2026-03"
    for wrong in ("2026-13", "2026-02-30", "yesterday", "2026-W10-1", "20260302ab"):
        assert chief.get(f"/desk/reports/{wrong}").status_code == 404, wrong


def test_a_day_without_tickets_says_so(chief):
    page = chief.get("/desk/reports/2026-01-01").text
    assert "这段时间没有取号" in page
    assert chief.get("/desk/reports/2026-01-01/hours.svg").status_code == 200


def test_the_csv_opens_in_excel_and_runs_nothing(chief, morning):
    answer = chief.get("/desk/reports/2026-03-02/report.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf"), "by this Excel knows UTF-8"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    heads, total = rows[0], rows[1]
    assert {len(row) for row in rows} == {len(heads)}
    assert total[heads.index("取号")] == "3"
    assert float(total[heads.index("等候最长（分钟）")]) == 16.0
    names = [row[heads.index("名称")] for row in rows]
    assert f"'{NASTY}" in names
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_the_workbook_has_texts_for_texts_and_numbers_for_numbers(chief, morning):
    answer = chief.get("/desk/reports/2026-03/report.xlsx?language=en")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[:4] == ["In all", "By day", "By hour of taking", "By line"]
    matters = list(book["By matter"].iter_rows(values_only=False))
    cell = next(row[0] for row in matters if row[0].value == NASTY)
    assert cell.data_type == "s", "a text, not a formula"
    assert [cell.value for cell in matters[1]][1] == 2
    assert book["By line"]["B2"].value == 3
    assert book["By line"]["B2"].data_type == "n"


def test_the_pdf_has_its_chinese_text(chief, morning):
    answer = chief.get("/desk/reports/2026-03-02/report.pdf")
    assert answer.content_type == "application/pdf"
    assert 'filename="kioskd-2026-03-02.pdf"' in answer.headers["Content-Disposition"]
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=answer.data, capture_output=True, check=True
    ).stdout.decode()
    for words in ("2026-03-02 日报", "青溪镇便民服务中心", "居民身份证换领", "满意率", "综合窗口"):
        assert words in text, words


def test_who_took_a_report_along_is_in_the_audit_trail(chief, morning, store):
    chief.get("/desk/reports/2026-03/report.xlsx")
    with store.read() as snapshot:
        note = snapshot.one("SELECT * FROM audit WHERE action = 'report_exported'")
    assert (note["subject"], note["facts"]) == ("2026-03", '{"form": "xlsx"}')
    assert "supervisor" in note["done_by"]


def test_the_pictures_need_no_style_and_tell_the_numbers(chief, morning):
    for name in ("hours", "waits", "lines", "windows", "days", "matters"):
        for theme in ("light", "dark"):
            answer = chief.get(f"/desk/reports/2026-03/{name}.svg?theme={theme}")
            assert answer.content_type.startswith("image/svg+xml")
            tree = ET.fromstring(answer.text)
            tags = {node.tag.rpartition("}")[2] for node in tree.iter()}
            assert not tags & {"style", "script"}, "our content security policy allows neither"
            assert not [node for node in tree.iter() if "style" in node.attrib]
    assert chief.get("/desk/reports/2026-03/nothing.svg").status_code == 404


def test_reports_are_for_supervisors(app, client, morning):
    stranger = app.test_client()
    for path in ("/desk", "/desk/reports/2026-03-02", "/desk/reports/2026-03-02/report.csv"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in"), path
