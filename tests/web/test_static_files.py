"""Scripts and styles: packed, kept for ever under an address of their content, and new when changed."""

import gzip
import re

import pytest

from web import static_files
from web.pages_kiosk import MODULES
from web.static_files import FOLDER


@pytest.fixture
def browser(app):
    return app.test_client()


def test_what_a_page_links_is_kept_for_ever_and_packed(browser):
    links = re.findall(r'(?:href|src)="(/static/[^"#]+)"', browser.get("/kiosk").text)
    assert len(links) > 10
    for link in links:
        answer = browser.get(link, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, link
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers.get("Content-Encoding") == "gzip" or len(answer.data) < 400, link
        plain = browser.get(link).data
        assert gzip.decompress(answer.data) == plain if answer.headers.get("Content-Encoding") else True


def test_under_its_plain_address_a_file_is_asked_for_again_but_not_sent_again(browser):
    first = browser.get("/static/kiosk.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = browser.get("/static/kiosk.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_changed_file_changes_the_address_of_all(app, browser, tmp_path, monkeypatch):
    def static_url(name):
        with app.app_context():
            return static_files.static_url(name)

    (tmp_path / "kiosk.js").write_text("1")
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    before = static_url("kiosk.js")
    assert static_url("kiosk.js") == before
    (tmp_path / "kiosk.js").write_text("2")
    after = static_url("kiosk.js")
    assert after != before
    # A page of before asks for more: it gets what there is, and does not keep it.
    assert browser.get(after).headers["Cache-Control"] != browser.get(before).headers["Cache-Control"]


def test_words_are_a_module_of_the_same_version(browser):
    answer = browser.get("/static/words.js")
    assert answer.text.startswith("export default {")
    assert answer.content_type.startswith("text/javascript")


@pytest.mark.parametrize(
    "name", ["../pages.py", "%2e%2e/pages.py", "css", "", "v-0/../../app.py", "nothing.js"]
)
def test_nothing_else_can_be_had(browser, name):
    assert browser.get(f"/static/{name}").status_code == 404


def test_every_module_that_the_kiosk_imports_is_asked_for_at_once():
    imported, unread = set(), {"kiosk.js"}
    while unread:
        text = (FOLDER / unread.pop()).read_text("utf-8")
        found = set(re.findall(r'from "\./([\w-]+\.js)"', text)) - imported
        imported |= found
        unread |= found - {"words.js"}
    assert set(MODULES) == imported
