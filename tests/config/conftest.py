"""A small good hall file that a test can spoil in one place, or in many."""

from pathlib import Path

import pytest

from kioskd.config import HallFile, load_hall
from kioskd.reading import Mistake, Mistakes

HALL = """
[hall]
name = "青溪村便民服务点"

[ports.kiosk]
at = "tcp:192.168.1.60:9100"

[ports.counter]
at = "serial:/dev/ttyUSB0"

[[hours]]
opens = 08:30:00
closes = 12:00:00

[[lines]]
id = "general"
title = "综合事务"
letter = "A"

[[lines]]
id = "insurance"
title = "医保社保"
letter = "B"

[[windows]]
number = 1
title = "综合窗口"
lines = ["general", "insurance"]

[[windows]]
number = 2
title = "医保社保"
lines = ["insurance"]

[[clerks]]
id = "c01"
name = "示范员甲"
position = "综合受理岗"

[[devices]]
name = "printer"
profile = "escpos-80"
port = "kiosk"

[[devices]]
name = "strip-1"
profile = "pinganlihe-v21"
port = "counter"
address = 1
window = 1

[[devices]]
name = "strip-2"
profile = "pinganlihe-v21"
port = "counter"
address = 2
window = 2

[[devices]]
name = "pad-1"
profile = "ff68-keypad"
port = "counter"
address = 1
window = 1

[web]
port = 8085
"""

MATTERS = """
[[matters]]
code = "MZ-03"
name = "临时救助申请"
area = "社会事务"
department = "社会事务办公室"
line = "general"
by_law = "《社会救助暂行办法》"
accept_condition = "基本生活暂时严重困难"
materials = ["申请书"]
handle_flow = "申请 → 审核 → 发放"
promise = "10个工作日"

[[matters]]
code = "YB-01"
name = "医保参保登记"
area = "医保社保"
department = "医保站"
line = "insurance"
by_law = "《中华人民共和国社会保险法》"
accept_condition = "未参加职工医保"
materials = ["居民身份证"]
handle_flow = "申请 → 登记"
promise = "即办"
"""


class Hall:
    """The hall file and its matters on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "hall.toml"
        self.path.write_text(HALL, encoding="utf-8")
        (folder / "matters.toml").write_text(MATTERS, encoding="utf-8")

    def change(self, old: str, new: str, *, file: str = "hall.toml") -> None:
        """Replace the first `old` in a file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, text: str, *, file: str = "hall.toml") -> None:
        """Append to a file."""
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def load(self) -> HallFile:
        return load_hall(self.path)

    def mistakes(self) -> list[Mistake]:
        """Everything that is wrong with it; none for a good one."""
        try:
            self.load()
        except Mistakes as wrong:
            return list(wrong.mistakes)
        return []


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)
