"""A sheet becomes a PDF that a reader which is not ours understands."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageStat

from kioskd.sheets import press
from kioskd.sheets.press import Kept, PdfFailed, make_pdf
from kioskd.sheets.sheet import Bars, Code, Facts, Heading, Sheet, Steps, Table, Text


def read(pdf, *tool):
    return subprocess.run(
        [*tool, "-", *(["-"] if tool[0] == "pdftotext" else [])], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture(scope="module")
def guide():
    rows = tuple((f"2026-03-{day:02}", str(day * 20), "12′30″") for day in range(1, 61))
    return make_pdf(
        Sheet(
            title="居民身份证换领、补领",
            subtitle="青溪镇便民服务中心",
            foot="2026-03-02 打印",
            blocks=(
                Heading(text="受理条件"),
                Text(text="证件有效期满、损坏、遗失或登记内容变更。王䶮、\x07铃声"),
                Facts(rows=(("办理部门", "派出所"), ("办结时限", "20个工作日"))),
                Steps(items=("居民户口簿", "原居民身份证（换领时交回）"), box=True),
                Steps(items=("申请", "采集人像和指纹")),
                Table(head=("日期", "取号", "等候"), rows=rows, widths=(2, 1, 1)),
                Bars(rows=(("09:00", 40.0, "40"), ("10:00", 80.0, "80"))),
                Code(content="https://hall.example.cn/matters#GA-02", caption="完整版办事指南"),
            ),
        )
    )


def test_its_chinese_text_can_be_found_and_copied(guide):
    text = read(guide, "pdftotext", "-layout")
    for words in (
        "居民身份证换领、补领",
        "证件有效期满",
        "王䶮",
        "20个工作日",
        "采集人像和指纹",
        "完整版办事指南",
    ):
        assert words in text, words
    assert "\x07" not in text


def test_its_fonts_are_inside_and_only_the_glyphs_that_are_used(guide):
    fonts = read(guide, "pdffonts").splitlines()[2:]
    assert fonts
    assert all(" yes yes yes " in font for font in fonts), "embedded, subset, with its text"
    assert len(guide) < 120_000


def test_a_table_goes_on_under_its_head_on_the_next_page(guide):
    pages = read(guide, "pdftotext", "-layout").split("\f")
    with_rows = [page for page in pages if "2026-03-" in page.replace("2026-03-02 打印", "")]
    assert len(with_rows) > 1
    assert all("取号" in page for page in with_rows)


def test_a_table_after_a_picture_is_black_on_white(tmp_path):
    rows = tuple((f"2026-03-{day:02}", str(day)) for day in range(1, 21))
    blocks = (Bars(rows=(("09:00", 1.0, "1"),)), Table(head=("日期", "取号"), rows=rows))
    pdf = make_pdf(Sheet(title="样张", blocks=blocks))
    subprocess.run(
        ["pdftoppm", "-r", "20", "-png", "-singlefile", "-", str(tmp_path / "page")], input=pdf, check=True
    )
    with Image.open(tmp_path / "page.png") as page:
        table = page.convert("L").crop((20, page.height // 3, page.width - 20, page.height // 2))
        assert ImageStat.Stat(table).mean[0] > 220, "mostly white"


def test_what_is_missing_is_said_with_the_step_to_take(monkeypatch):
    for code, expected in ((press.NO_LIBRARY, "kioskd[pdf]"), (press.NO_FONT, "fonts-noto-cjk")):
        monkeypatch.setattr(press, "_CHILD", ("/bin/sh", "-c", f"exit {code}"))
        with pytest.raises(PdfFailed, match=expected.replace("[", r"\[")):
            make_pdf(Sheet(title="样张", blocks=()))


def test_a_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(press, "_CHILD", ("/bin/sleep", "60"))
    with pytest.raises(PdfFailed) as failed:
        make_pdf(Sheet(title="样张", blocks=()), deadline_s=0.2)
    assert failed.value.code == "pdf_slow"


# --- many at once ---


@pytest.fixture
def slow_child(monkeypatch, tmp_path):
    """A press that takes a moment; the function tells how often it was started."""
    started = tmp_path / "started"
    started.touch()
    script = f"cat > /dev/null; echo >> {started}; sleep 0.5; printf %%PDF-"
    monkeypatch.setattr(press, "_CHILD", ("/bin/sh", "-c", script))
    return lambda: len(started.read_text().splitlines())


def test_a_crowd_holds_few_threads_and_the_others_hear_at_once(slow_child):
    def ask(number):
        begun = time.monotonic()
        try:
            return make_pdf(Sheet(title=str(number), blocks=())), 0
        except PdfFailed as failed:
            return failed.code, time.monotonic() - begun

    with ThreadPoolExecutor(40) as crowd:
        answers = list(crowd.map(ask, range(40)))
    refused = [after_s for answer, after_s in answers if answer == "pdf_busy"]
    assert len(refused) == 40 - slow_child() > 20
    assert max(refused) < 0.5 * press.PLACES
    assert make_pdf(Sheet(title="later", blocks=())) == b"%PDF-", "all places are free again"


def test_nobody_waits_for_ever(slow_child, monkeypatch):
    monkeypatch.setattr(press, "LONGEST_WAIT_S", 0.1)
    with press._one_at_a_time, pytest.raises(PdfFailed) as failed:
        make_pdf(Sheet(title="样张", blocks=()))
    assert failed.value.code == "pdf_busy"
    assert slow_child() == 0


def test_equal_ones_asked_for_at_once_are_made_once(slow_child):
    kept = Kept(2)
    with ThreadPoolExecutor(press.PLACES) as some:
        asked = [
            some.submit(make_pdf, Sheet(title="样张", blocks=()), kept=kept) for _ in range(press.PLACES)
        ]
        assert {each.result() for each in asked} == {b"%PDF-"}
    assert slow_child() == 1
    for title in ("一", "二", "样张"):
        make_pdf(Sheet(title=title, blocks=()), kept=kept)
    assert slow_child() == 4, "two are kept, and it was the oldest"
