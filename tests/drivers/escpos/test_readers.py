"""Readers that are not ours look at the picture of the paper; a writer that is not ours prints on it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from escpos.printer import Dummy
from PIL import Image

from drivers.escpos.commands import take
from drivers.escpos.drawing import picture_of
from drivers.escpos.options import EscposOptions
from drivers.escpos.paper import Paper
from drivers.escpos.render import Renderer
from drivers.escpos.strip import Picture
from drivers.escpos.text import Encoder
from kioskd.devices.kinds import Document, Text


def feed(paper: Paper, data: bytes) -> None:
    """Print all of it."""
    while token := take(data, chinese=paper.modes.chinese, encoding=paper.encoding):
        paper.run(token)
        data = data[len(token.raw) :]


@pytest.fixture
def picture(ticket: Callable[[str], Document], tmp_path: Path) -> Callable[..., Path]:
    """Print a ticket and take its picture."""

    def make(number: str, **facts: object) -> Path:
        options = EscposOptions(**facts)
        paper = Paper(options)
        feed(paper, Renderer(options).render(ticket(number)))
        paper.strip.tear()
        png = picture_of(paper.strip, -1, options.dots)
        assert png is not None
        file = tmp_path / "paper.png"
        file.write_bytes(png)
        return file

    return make


@pytest.mark.parametrize("qr", ["native", "raster"])
@pytest.mark.parametrize(("columns", "dots"), [(48, 576), (32, 384)])
def test_zbar_reads_the_qr_code(picture, qr, columns, dots):
    file = picture("A012", qr=qr, columns=columns, dots=dots)
    said = subprocess.run(["zbarimg", "-q", "--raw", file], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "https://hall.example/t/abcdEFGH12345678"


def test_tesseract_reads_the_chinese_and_the_number(picture):
    file = picture("A628")
    said = subprocess.run(
        ["tesseract", file, "-", "-l", "chi_sim", "--psm", "6"], capture_output=True, text=True, check=True
    )
    words = said.stdout.replace(" ", "")
    assert "朝阳镇便民服务中心" in words
    assert "社保卡申领" in words
    assert "A628" in words


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("rare", ["image", "defined", "line"])
def test_tesseract_reads_characters_that_we_drew_between_those_of_the_printer(
    monkeypatch, tmp_path, rare, size
):
    """Common ones, as if the printer lacked them, since tesseract knows no rare ones."""
    has = Encoder.has
    monkeypatch.setattr(
        Encoder, "has", lambda self, character: character not in "号心" and has(self, character)
    )
    options = EscposOptions(rare=rare)
    words = ("请到三号窗口", "便民服务中心")
    paper = Paper(options)
    feed(paper, Renderer(options).render(Document(tuple(Text(w, width=size, height=size) for w in words))))
    paper.strip.tear()
    assert any(isinstance(part, Picture) for line in paper.strip.tickets[0].lines for part in line.parts)
    file = tmp_path / "paper.png"
    file.write_bytes(picture_of(paper.strip, -1, options.dots))
    said = subprocess.run(
        ["tesseract", file, "-", "-l", "chi_sim", "--psm", "6"], capture_output=True, text=True, check=True
    )
    assert tuple(said.stdout.replace(" ", "").split()) == words


def test_what_python_escpos_writes_is_shown():
    writer = Dummy()
    writer.set(align="center", bold=True, custom_size=True, width=3, height=2)
    writer.text("A012\n")
    writer.set_with_default()
    writer.text("café 3€\n")
    writer.image(Image.new("1", (40, 30), 0), impl="bitImageRaster")
    writer.image(Image.new("1", (40, 30), 0), impl="graphics")
    writer.image(Image.new("1", (40, 30), 0), impl="bitImageColumn")
    writer.qr("https://hall.example/", size=4, native=True)
    writer.cut()
    paper = Paper(EscposOptions())
    feed(paper, writer.output)
    [printed] = paper.strip.tickets
    texts = printed.text.splitlines()
    assert texts[:2] == ["A012", "café 3€"]
    assert texts[2:4] == ["[40x30]", "[40x30]"]
    assert texts[4:-1] == ["[40x24]", "[40x24]"]  # columns come in bands of 24 dots
    assert texts[-1] == "[QR https://hall.example/]"
    number = printed.lines[0].parts[0]
    assert (number.style.width, number.style.height, number.style.bold) == (3, 2, True)
    assert number.x == (576 - 4 * 36) // 2
    assert paper.not_understood == {}
