"""What anybody may read about a matter: on a page, as PDF, and whatever somebody wrote into it."""

import io
import subprocess
import threading

import msgspec
import pytest

from kioskd.hall.plan import Material
from kioskd.sheets import press
from web.guide_sheet import guide_sheet, material_text


def get(app, path):
    return app.test_client().get(path)


@pytest.fixture
def tell(hall):
    """tell("GA-1", name=…): the matter is told anew."""

    def change(code, **fields):
        hall.change_matters([msgspec.structs.replace(hall.catalogue.get(code), **fields)])
        return hall.catalogue.get(code)

    return change


def test_the_list_has_every_matter_by_area_and_leads_to_its_guide(app):
    page = get(app, "/matters").get_data(as_text=True)
    for code, name in (("GA-1", "居民身份证换领"), ("YH-1", "银行开户")):
        assert f'href="/matters/{code}"' in page
        assert name in page
    assert page.index("公安服务") < page.index("公积金服务") < page.index("社会事务")


def test_the_list_is_searched_without_any_script(app):
    page = get(app, "/matters?q=sfz").get_data(as_text=True)
    assert "居民身份证换领" in page
    assert "银行开户" not in page
    assert "没有找到“zzz”" in get(app, "/matters?q=zzz").get_data(as_text=True)


def test_a_guide_has_the_six_units_and_the_way_to_the_full_one(app, tell):
    tell("GA-1", name_en="Renew an identity card", fee="不收费", sample=True)
    page = get(app, "/matters/GA-1").get_data(as_text=True)
    for text in ("居民身份证换领", "某某法", "本镇居民", "户口簿", "申请 → 审核 → 办结", "即办"):
        assert text in page
    assert "Renew an identity card" in page
    assert "样例" in page
    assert 'src="/matters/GA-1/qr.svg"' in page
    assert "https://hall.example.org/matters/GA-1" in page
    tell("GA-1", guide_url="https://www.example.cn/guide?id=1&x=2")
    assert 'href="https://www.example.cn/guide?id=1&amp;x=2"' in get(app, "/matters/GA-1").get_data(
        as_text=True
    )


def test_there_is_no_guide_of_a_matter_that_is_not_offered(app):
    assert get(app, "/matters/NO-1").status_code == 404
    assert get(app, "/matters/NO-1.pdf").status_code == 404


def test_a_guide_that_has_no_turn_at_the_press_is_asked_for_again_later(app, tell, monkeypatch):
    tell("GA-1", fee="这一份还没有人要过")
    monkeypatch.setattr(press, "_places", threading.BoundedSemaphore(1))
    with press._places:
        answer = get(app, "/matters/GA-1.pdf")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert get(app, "/matters/GA-1").status_code == 200


def test_a_guide_as_pdf_embeds_its_glyphs_and_says_what_the_page_says(app, tell):
    tell("GA-1", materials=(Material(name="户口簿", type="原件", copies=2),))
    answer = get(app, "/matters/GA-1.pdf")
    assert answer.content_type == "application/pdf"
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True
    ).stdout.decode()
    plain = "".join(text.split())
    for wanted in (
        "居民身份证换领",
        "某某法",
        "户口簿（原件，2份）",
        "https://hall.example.org/matters/GA-1",
    ):
        assert "".join(wanted.split()) in plain


def test_a_sheet_in_english_keeps_what_is_only_said_in_chinese(hall, tell):
    matter = tell("GA-1", name_en="Renew an identity card")
    sheet = guide_sheet(matter, "Qingxi", "", english=True)
    assert sheet.title == "Renew an identity card"
    row = Material(name="委托书", needed=False, note="委托时")
    assert material_text(row, english=False) == "委托书（视情形提供，委托时）"


# --- hostile texts: written past every check, straight into the store ---

EVIL = "<script>alert(1)</script>\u202eelif\u202c \x1b@\x07\u200b" + "长" * 400


def test_a_hostile_name_is_text_on_every_page_and_in_the_api(app, client, hall, tell):
    tell("GA-1", name=EVIL, materials=(EVIL, "居民身份证"), by_law=EVIL, synonyms=(EVIL,))
    token = hall.ticket(hall.issue("GA-1").id).token
    pages = ("/matters", "/matters/GA-1", "/matters?q=alert", "/kiosk", "/kiosk/matters/GA-1", f"/t/{token}")
    for path in pages:
        page = get(app, path)
        text = page.get_data(as_text=True)
        assert page.status_code == 200, path
        assert "<script>alert" not in text, path
        assert not set("\u202e\u202c\u200b\x1b\x07") & set(text), path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]elif[U+202C] [U+001B]@[U+0007][U+200B]" in get(
        app, "/matters/GA-1"
    ).get_data(as_text=True)
    matter = client.get("matters?q=alert").json["items"][0]
    assert matter["name"].startswith("<script>alert(1)</script>[U+202E]elif")
    assert "\u202e" not in io.StringIO(str(client.get("queue").json)).getvalue()


def test_an_address_that_is_no_address_is_no_link(app, tell):
    tell(
        "GA-1",
        guide_url="javascript:alert(1)",
        materials=(Material(name="表", form_url="javascript:alert(2)"),),
    )
    page = get(app, "/matters/GA-1").get_data(as_text=True)
    assert 'href="javascript:' not in page
