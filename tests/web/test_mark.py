"""The official mark: shown where the hall supplies it, and nothing in its stead."""

import msgspec

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_a_hall_without_the_mark_shows_none(app):
    browser = app.test_client()
    assert "/mark" not in browser.get("/kiosk").text
    assert browser.get("/mark").status_code == 404


def test_the_halls_own_mark_is_shown_in_the_head_of_kiosk_and_board(app, hall, plan, tmp_path):
    file = tmp_path / "once.svg"
    file.write_text(MARK, encoding="utf-8")
    hall.use(msgspec.structs.replace(plan, mark=str(file)))
    browser = app.test_client()
    for page in ("/kiosk", "/board"):
        assert '<img class="mark" src="/mark" alt="最多跑一次"' in browser.get(page).text
    answer = browser.get("/mark")
    assert (answer.text, answer.mimetype) == (MARK, "image/svg+xml")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    file.unlink()
    assert browser.get("/mark").status_code == 404
