"""A page that proves a printer: its glyphs, sizes, columns, QR code and cut, and what it answers to.

To print one, from any thread:

    end = print_test_page(device)    # a Future[PrintEnd], like that of device.print

The bytes go to the thread that owns the port, between tickets, never beside one. A test page is no ticket:
the paper journal does not know it. The future fails with NothingSent or PrintUnknown as a ticket's does, and
like a ticket's it may stay open for as long as the printer lacks paper: do not wait for it without a
deadline. `test_page(device)` is the same page as a document, for looking at it.
"""

from __future__ import annotations

import secrets
from concurrent.futures import Future
from typing import TYPE_CHECKING

import msgspec

from kioskd.devices.kinds import Block, Document, Feed, Pair, PrintEnd, PrintJob, QrCode, Rule, Text

if TYPE_CHECKING:
    from kioskd.devices.device import Device
    from kioskd.devices.health import Health
    from kioskd.devices.profiles import Profile

FIRST_MARK = 80_000_000
"""Marks of test pages begin here, far above any ticket's, so that neither confirms the other."""

COMMON = "朝阳镇便民服务中心 取号排队 请到三号窗口"
NAMES = "喆堃玥翀赟龘犇骉淼垚 鬱國臺灣 ①②Ⅳ㈠℃"
"""In GBK and not in GB 2312, but for a few: names, traditional characters, signs."""
LACKING = "䶮𬭎㐂𠮷€"
"""In no GBK font: names with four bytes in GB18030, and a price."""
PUNCTUATION = "，。、；：？！“”‘’（）《》【】…—·￥％"
FULL_WIDTH = "０１２３４５６７８９ＡＢＣａｂｃ"
ASCII = "0123456789 ABC abc !\"#$%&'()*+,-./:;<=>?@[]^_{|}~"


class Answer(msgspec.Struct, frozen=True):
    """Whether the printer answers one question of its protocol.

    about: what it is asked, in Chinese; said: yes, no, unknown (not asked yet) or "not asked" (never).
    """

    question: str
    about: str
    said: str


SAID = {
    "yes": "有应答 yes",
    "no": "无应答 no",
    "unknown": "未知 unknown",
    "not asked": "不询问 not asked",
}


def print_test_page(device: Device) -> Future[PrintEnd]:
    """Order a test page from a printer. Raises CannotExpress when the device prints nothing."""
    data = device.render(test_page(device))
    mark = FIRST_MARK + secrets.randbelow(1_000_000)
    return device.print(PrintJob(data, mark, on_first_byte=lambda: None))


def test_page(device: Device) -> Document:
    """The test page as it would be printed now. Raises CannotExpress when the device prints nothing."""
    return device.test_page()


test_page.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def compose(
    profile: Profile, health: Health, *, columns: int, cuts: bool, answers: tuple[Answer, ...]
) -> Document:
    """The page of one printer; drivers call it. columns: narrow characters a line; cuts: it has a cutter."""
    return Document(
        (
            Text("打印测试页 TEST", align="center", width=2, height=2),
            Text(profile.title, align="center"),
            Text(f"{profile.name} ({profile.maturity})", align="center"),
            *_glyphs(health),
            *_sizes(),
            *_places(columns),
            Rule(),
            Text("二维码 QR code", align="center"),
            QrCode(f"kioskd test page {profile.name}"),
            *_state(health, answers),
            *_hint(profile),
            Rule(),
            Text("下面应已切纸 the paper is cut below" if cuts else "请撕纸 no cutter: tear here"),
        )
    )


def _glyphs(health: Health) -> list[Block]:
    how = health.facts.get("rare_characters", "unknown")
    return [
        Rule(),
        Text("汉字 glyphs", bold=True),
        Text(COMMON),
        Text(NAMES),
        Text(PUNCTUATION),
        Text(FULL_WIDTH),
        Text(ASCII),
        Text(f"打印机没有的字 not in its font: {how}"),
        Pair(LACKING, "张䶮、李𬭎"),
    ]


def _sizes() -> list[Block]:
    sizes = [Text(f"{n}倍A012", width=n, height=n) for n in (1, 2, 3, 4)]
    return [
        Rule(),
        Text("字号 sizes", bold=True),
        *sizes,
        Text("张䶮A012", width=2, height=2),
        Text("加粗䶮 bold", bold=True),
    ]


def _places(columns: int) -> list[Block]:
    ruler = "".join("|" if column % 10 == 0 else str(column % 10) for column in range(1, columns + 1))
    return [
        Rule(),
        Text(f"标尺 ruler: {columns} 列 columns", bold=True),
        Text(ruler),
        Text("应占满一行 one line, from edge to edge"),
        Text("左 left"),
        Text("中 center", align="center"),
        Text("右 right", align="right"),
        Pair("两端 edges", "对齐䶮|"),
    ]


def _state(health: Health, answers: tuple[Answer, ...]) -> list[Block]:
    told = [Pair(name, health.facts[name]) for name in ("model", "firmware", "paper") if name in health.facts]
    reasons = ", ".join(reason.code for reason in health.reasons)
    more = [Text("未知的再打一页就知道 what is unknown now, the next page knows")]
    return [
        Rule(),
        Text("状态 status", bold=True),
        Pair("现在 now", f"{health.state} {reasons}".strip()),
        *told,
        *(
            Pair(f"{answer.question} {answer.about}", SAID.get(answer.said, answer.said))
            for answer in answers
        ),
        *(more if any(answer.said == "unknown" for answer in answers) else []),
    ]


def _hint(profile: Profile) -> list[Block]:
    """What to set on the printer. English too, since Chinese is what may be unreadable."""
    zh = "".join(profile.setup_zh.split("\n"))
    en = " ".join(profile.setup_en.split())
    if not (zh or en):
        return []
    return [Rule(), Text(en), Feed(1), Text(zh)]
