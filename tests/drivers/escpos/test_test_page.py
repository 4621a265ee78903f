"""The test page: printed by the real driver on the emulated printer, read by readers that are not ours."""

from __future__ import annotations

import subprocess

import pytest
from PIL import Image

from kioskd.devices.errors import CannotExpress
from kioskd.devices.kinds import PrintEnd
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.test_page import print_test_page, test_page
from kioskd.devices.testing import until

WAIT_S = 20
ENDS = {"请撕纸 no cutter: tear here", "下面应已切纸 the paper is cut below"}


def page(printer) -> str:
    """Print a test page; what the paper says, which is torn off in pieces where there is no cutter."""
    before = len(printer.paper())
    end = print_test_page(printer.printer).result(WAIT_S)
    assert end in (PrintEnd.PRINTED, PrintEnd.SENT)
    until(lambda: ENDS.intersection("\n".join(printer.paper()[before:]).splitlines()), what="the paper")
    assert printer.view()["not_understood"] == {}
    return "\n".join(printer.paper()[before:])


@pytest.mark.parametrize("profile", ["escpos-80", "escpos-58", "epson-tm-m30", "zjiang-zj-5890"])
def test_it_names_the_model_and_proves_glyphs_columns_qr_and_cut(bench, profile):
    printer = bench(profile).ready()
    model = load_profile(profile)
    text = page(printer)
    lines = text.splitlines()
    assert lines[0] == "打印测试页 TEST"
    assert model.title in text.replace("\n", "")
    assert f"{profile} ({model.maturity})" in text
    assert "，。、；：？！“”‘’（）《》【】…—·￥％" in text.replace("\n", "")
    assert "０１２３４５６７８９ＡＢＣａｂｃ" in text
    assert any(len(line) == model.options["columns"] and line.startswith("123456789|1") for line in lines)
    code = f"[QR kioskd test page {profile}]" if model.options["qr"] == "native" else "[2"  # or its picture
    assert any(line.startswith(code) for line in lines)
    assert lines[-1] == (
        "请撕纸 no cutter: tear here" if "58" in profile else "下面应已切纸 the paper is cut below"
    )


def test_it_says_what_the_printer_answers_to(bench):
    printer = bench().ready()
    first, second = page(printer), page(printer)
    for question in ("DLE EOT 1 打印机", "DLE EOT 2 脱机", "DLE EOT 3 错误", "DLE EOT 4 纸张"):
        assert said(first, question) == "有应答 yes"
    assert said(first, "GS a 自动上报") == "不询问 not asked"
    assert said(first, "GS ( H 打印完成") == "未知 unknown"
    assert said(second, "GS ( H 打印完成") == "有应答 yes"
    assert said(second, "GS r 1 排队询问") == "有应答 yes"
    assert "再打一页" in first
    assert "再打一页" not in second


def test_a_model_that_cannot_be_asked_is_not(bench):
    text = page(bench("escpos-58").ready())
    assert text.count("不询问 not asked") == 8
    assert "paper" + " " * 14 + "not supported" in text


def test_it_gives_the_hint_in_both_languages(bench):
    text = page(bench("xprinter-xp-80").ready())
    assert "把底部 DIP 开关 4（双字节/汉字" in text.replace("\n", "")
    assert "DIP switch 4 at the bottom" in " ".join(text.split())


def test_it_tells_the_state_with_its_reasons(bench):
    printer = bench().ready()
    printer.act("paper_low")
    until(lambda: printer.health().reasons, what="the state")
    assert said(page(printer), "现在 now") == "degraded paper_low"


def test_a_test_page_and_tickets_take_turns(bench, ticket, ticket_text):
    printer = bench().ready()
    ends = [printer.print(ticket("A001")), print_test_page(printer.printer), printer.print(ticket("A002"))]
    assert [end.result(WAIT_S) for end in ends] == [PrintEnd.PRINTED] * 3
    first, test, second = printer.paper()
    assert (first, second) == (ticket_text("A001"), ticket_text("A002"))
    assert test.startswith("打印测试页 TEST")


def test_a_device_that_prints_nothing_says_so():
    pad = load_profile("ff68-keypad")
    spec = DeviceSpec(name="pad", title="", profile=pad, port="line", address=1)
    ports = [PortSpec(name="line", at="emulator:")]
    with pytest.raises(CannotExpress, match="prints nothing"):
        test_page(Supervisor(ports, [spec]).devices["pad"])


def test_readers_that_are_not_ours_read_it(bench, tmp_path):
    printer = bench("xprinter-xp-80").ready()
    page(printer)
    picture = tmp_path / "page.png"
    picture.write_bytes(printer.emulators.picture("printer"))
    top = tmp_path / "top.png"
    with Image.open(picture) as whole:
        whole.crop((0, 0, whole.width, 700)).save(top)
    qr = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True)
    assert qr.stdout.strip() == "kioskd test page xprinter-xp-80"
    read = subprocess.run(
        ["tesseract", top, "-", "-l", "chi_sim", "--psm", "6"], capture_output=True, text=True, check=True
    )
    words = read.stdout.replace(" ", "")
    assert "朝阳镇便民服务中心" in words
    assert "1倍A012" in words
    assert "2倍A012" in words
    assert "打印测试页" in words


def said(text: str, question: str) -> str:
    """What the page says behind a question."""
    [line] = [line for line in text.splitlines() if line.startswith(question)]
    return line[len(question) :].strip()
