"""Documents as bytes. Expected bytes are written out by hand from the command reference."""

from __future__ import annotations

import pytest

from drivers.escpos.options import EscposOptions
from drivers.escpos.render import Renderer
from kioskd.devices.kinds import Document, Feed, Pair, QrCode, Rule, Text

BEGIN = bytes.fromhex("1B 40  1B 52 00  1C 26")
PLAIN = bytes.fromhex("1B 61 00  1B 45 00  1C 57 00  1C 21 00  1D 21 00")
END = PLAIN + bytes.fromhex("1B 64 05  1D 56 00")


def rendered(*blocks: Text | Pair | Rule | QrCode | Feed, **options: object) -> bytes:
    return Renderer(EscposOptions(**options)).render(Document(blocks))


def lines(*blocks: Text | Pair | Rule | QrCode | Feed, **options: object) -> list[str]:
    """The text lines of plain blocks."""
    data = rendered(*blocks, **options)
    return data[len(BEGIN + PLAIN) : -len(END)].decode("gbk").splitlines()


def test_a_small_ticket_byte_for_byte():
    document = (
        Text("便民中心", align="center", bold=True),
        Text("A012", align="center", width=3, height=4),
        Text("请稍候", width=2, height=2),
        Feed(2),
    )
    assert rendered(*document) == b"".join(
        map(
            bytes.fromhex,
            (
                "1B 40  1B 52 00  1C 26",
                "1B 61 01  1B 45 01  1C 57 00  1C 21 00  1D 21 00  B1 E3 C3 F1 D6 D0 D0 C4 0A",
                "1B 61 01  1B 45 00  1C 57 01  1C 21 0C  1D 21 23  41 30 31 32 0A",
                "1B 61 00  1B 45 00  1C 57 01  1C 21 0C  1D 21 11  C7 EB C9 D4 BA F2 0A",
                "1B 64 02",
                "1B 61 00  1B 45 00  1C 57 00  1C 21 00  1D 21 00  1B 64 05  1D 56 00",
            ),
        )
    )


def test_the_printer_draws_the_qr_code_itself():
    expected = bytes.fromhex(
        "1B 61 01  1B 45 00  1C 57 00  1C 21 00  1D 21 00  0A"
        "1D 28 6B 04 00 31 41 32 00"  # model 2
        "1D 28 6B 03 00 31 43 06"  # six dots a module
        "1D 28 6B 03 00 31 45 31"  # correction level M
        "1D 28 6B 08 00 31 50 30 68 65 6C 6C 6F"  # store "hello": length 5 + 3
        "1D 28 6B 03 00 31 51 30 0A"  # print
    )
    assert rendered(QrCode("hello")) == BEGIN + expected + END


def test_a_drawn_qr_code_holds_no_real_time_command():
    for modules in range(1, 17):
        data = rendered(QrCode(f"https://hall.example/t/{modules}", modules), qr="raster")
        assert b"\x1dv0" in data
        assert not any(command in data for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@pytest.mark.parametrize(
    ("options", "end"),
    [
        ({"cut": "full"}, "1D 56 00"),
        ({"cut": "partial"}, "1D 56 01"),
        ({"cut": "none", "feed_lines": 3}, "1B 64 03"),
    ],
)
def test_the_end_of_the_paper(options, end):
    assert rendered(Rule(), **options).endswith(bytes.fromhex(end))


def test_utf8_firmware_is_told_so():
    data = rendered(Text("好"), encoding="utf-8")
    assert data.startswith(bytes.fromhex("1B 40  1B 52 00  1C 28 43 02 00 30 02  1C 28 43 03 00 3C 00 14"))
    assert "好\n".encode() in data


def test_a_model_that_sizes_chinese_by_gs_alone_is_sent_no_fs():
    data = rendered(Text("好", width=2, height=2), chinese_size="gs")
    assert b"\x1c!" not in data
    assert b"\x1cW" not in data


@pytest.mark.parametrize("columns", [32, 48])
def test_lines_are_broken_at_the_paper_width(columns):
    text = "请携带身份证原件、户口本以及近期一寸免冠照片两张到三号窗口办理相关手续谢谢配合"
    broken = lines(Text(text), columns=columns)
    assert "".join(broken) == text
    assert max(len(line.encode("gbk")) for line in broken) <= columns
    assert len(broken) == -(-len(text) * 2 // columns) or len(broken) == -(-len(text) * 2 // columns) + 1


def test_large_letters_have_fewer_columns():
    data = rendered(Text("一二三四五六七八九", width=4), columns=48)
    assert "一二三四五六\n七八九\n".encode("gbk") in data


def test_no_line_begins_with_closing_punctuation():
    broken = lines(Text("一二三四五六七八九十一二三四五六，七八"), columns=32)
    assert broken == ["一二三四五六七八九十一二三四五", "六，七八"]


def test_words_are_kept_whole_and_too_long_ones_are_not():
    assert lines(Text("take your number and wait please, thank you"), columns=32) == [
        "take your number and wait",
        "please, thank you",
    ]
    assert lines(Text("x" * 40), columns=32) == ["x" * 32, "x" * 8]


def test_a_pair_stands_at_both_edges():
    assert lines(Pair("前面等候", "3 人"), columns=32) == ["前面等候" + " " * 20 + "3 人"]


def test_a_pair_that_is_too_wide_takes_two_lines():
    assert lines(Pair("办理事项的名称", "城乡居民基本养老保险"), columns=32) == [
        "办理事项的名称",
        " " * 12 + "城乡居民基本养老保险",
    ]


def test_pure_chinese_punctuation_is_printed():
    assert lines(Text("，。、；：？！“”‘’（）《》【】…—·￥％")) == ["，。、；：？！“”‘’（）《》【】…—·￥％"]


def test_dollars_stay_dollars_and_yuan_stay_yuan():
    assert lines(Text("$5 ¥5")) == ["$5 ￥5"]


def test_a_printer_that_is_sent_no_pictures_shows_what_it_lacks_and_it_is_counted():
    renderer = Renderer(EscposOptions(rare="none"))
    data = renderer.render(Document((Text("㐂𠮷市长\ue000"),)))
    assert "〓〓市长〓".encode("gbk") in data
    assert renderer.missing == 3


def test_bytes_that_only_this_model_needs_come_first():
    data = rendered(Text("x"), begin="1D 28 45 03 00 06 01 00")
    assert data.startswith(bytes.fromhex("1B 40  1D 28 45 03 00 06 01 00  1B 52 00  1C 26"))


def test_no_text_speaks_to_the_printer():
    hostile = "张\x1b@\x1dV\x00三\x10\x04\x01\r\u202e\x00"
    assert lines(Text(hostile)) == ["张@V三"]
    assert rendered(QrCode("")) == rendered(Text("x")).replace(
        PLAIN + b"x\n", bytes.fromhex("1B 61 01") + PLAIN[3:]
    )


def test_rendering_leaves_logging_alone(capfd):
    import logging

    before = list(logging.root.handlers)
    rendered(QrCode("hello"), qr="raster")
    rendered(QrCode("hello"))
    assert logging.root.handlers == before
    assert capfd.readouterr().out == ""
