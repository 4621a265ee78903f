"""A writer that is not ours: npm's receiptline writes GB18030 and FS &, and our emulated printer shows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from drivers.escpos.emulator import EmulatedPrinter
from kioskd.devices.profile_files import load_profile

HERE = Path(__file__).parent / "receiptline"

RECEIPT = """\
^^^便民服务中心

"^^A012"
-
前面等候 | 3 人
|请备好：_身份证原件_、户口簿|
|已到|未到|
{code:https://hall.example/t/abcdEFGH; option:qrcode,5,m}
张𠮷喆 | 补打
"""


class Cable:
    """The host's end of the wire, and a clock that moves when the test says so."""

    heard = b""
    time_s = 100.0

    def send(self, data: bytes) -> None:
        self.heard += data

    def now_s(self) -> float:
        return self.time_s

    def hold(self, held: bool) -> None:
        """The whole receipt is sent at once here."""

    def unplug(self) -> None:
        """Nobody pulls this cable."""

    def plug(self) -> None:
        """Nobody pulls this cable."""


@pytest.fixture(scope="session")
def receiptline() -> Callable[[str, int], bytes]:
    """A receipt as receiptline writes it, for so many columns."""
    assert (HERE / "node_modules/receiptline").is_dir(), "receiptline is missing: run script/setup"
    beside_python = str(Path(sys.executable).parent)
    node = shutil.which("node", path=os.pathsep.join((os.environ["PATH"], beside_python)))
    assert node, "node is missing: run script/setup"

    def write(receipt: str, columns: int) -> bytes:
        command = [node, HERE / "write.js", "gb18030", str(columns)]
        return subprocess.run(
            command, input=receipt.encode(), capture_output=True, check=True, timeout=60
        ).stdout

    return write


@pytest.fixture
def printer() -> Callable[..., EmulatedPrinter]:
    """An emulated printer of a profile with some options changed."""

    def make(profile: str = "escpos-80", **options: object) -> EmulatedPrinter:
        model = load_profile(profile)
        model = msgspec.structs.replace(model, options=model.options | options)
        return EmulatedPrinter(Cable(), model, None)

    return make


def paper_of(printer: EmulatedPrinter, data: bytes) -> dict[str, object]:
    """Send it all and let the paper come out."""
    printer.received(data)
    for _ in range(400):
        printer.wire.time_s += 0.1
        printer.tick()
    [ticket] = printer.view()["tickets"]
    return ticket


@pytest.mark.parametrize(("profile", "columns"), [("escpos-80", 48), ("escpos-58", 32)])
def test_what_receiptline_writes_is_shown(receiptline, printer, profile, columns):
    it = printer(profile, encoding="gb18030", glyphs="all")
    ticket = paper_of(it, receiptline(RECEIPT, columns))
    assert it.view()["not_understood"] == {}
    lines = ticket["text"].splitlines()
    assert lines[0] == "便民服务中心"
    assert lines[1].strip() == "A012"
    assert lines[2] == "─" * columns
    assert lines[3] == "前面等候" + " " * (columns - 12) + "3 人"
    assert lines[4] == "请备好：身份证原件、户口簿"
    assert lines[5].split() == ["已到", "未到"]
    assert lines[-1] == "张𠮷喆" + " " * (columns - 10) + "补打"
    assert ticket["complete"]


def test_styles_and_places_are_those_that_receiptline_meant(receiptline, printer):
    it = printer(encoding="gb18030", glyphs="all")
    paper_of(it, receiptline(RECEIPT, 48))
    [ticket] = it.paper.strip.tickets
    title, number, _, waiting, papers, *_ = [line for line in ticket.lines if line.text.strip()]
    [name] = title.parts
    assert (name.style.width, name.style.height) == (2, 2)
    assert name.x == (576 - 6 * 48) // 2
    assert {(part.style.width, part.style.height, part.style.bold) for part in number.parts} == {(1, 2, True)}
    assert waiting.parts[-1].x + waiting.parts[-1].width == 576
    assert [part.text for part in papers.parts if part.style.underline] == ["身份证原件"]


def test_zbar_reads_the_code_that_receiptline_drew(receiptline, printer, tmp_path):
    it = printer(encoding="gb18030", glyphs="all")
    paper_of(it, receiptline(RECEIPT, 48))
    picture = tmp_path / "paper.png"
    picture.write_bytes(it.picture())
    said = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "https://hall.example/t/abcdEFGH"


def test_a_gbk_printer_shows_why_four_bytes_are_not_sent_to_it(receiptline, printer):
    it = printer(encoding="gbk")
    lines = paper_of(it, receiptline(RECEIPT, 48))["text"].splitlines()
    assert "前面等候" in lines[3]
    assert "𠮷" not in lines[-1]
