"""The emulated print mechanism, fed with bytes written by hand from the command reference."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos.commands import Character, Command, take
from drivers.escpos.drawing import draw
from drivers.escpos.options import EscposOptions
from drivers.escpos.paper import Paper
from drivers.escpos.strip import Line, Picture, Span, Strip


def printed(data: bytes, **options: object) -> Paper:
    paper = Paper(EscposOptions(**options))
    for token in tokens(data, paper):
        paper.run(token)
    return paper


def tokens(data: bytes, paper: Paper) -> Iterator[Command | Character]:
    while token := take(
        data, chinese=paper.modes.chinese or paper.modes.chinese_utf8, encoding=paper.encoding
    ):
        data = data[len(token.raw) :]
        yield token


def text(data: bytes, **options: object) -> str:
    return printed(data + b"\n", **options).strip.under_way.text


def spans(data: bytes, **options: object) -> list[Span]:
    under_way = printed(data + b"\n", **options).strip.under_way
    return [part for line in under_way.lines for part in line.parts if isinstance(part, Span)]


def test_chinese_needs_double_byte_mode():
    assert text(b"\x1c&" + "号票".encode("gbk")) == "号票"
    assert text("号票".encode("gbk")) == "║┼╞▒"


def test_initialising_leaves_double_byte_mode():
    assert "号" not in text(b"\x1c&\x1b@" + "号".encode("gbk"))


def test_four_byte_characters_break_gbk_firmware_and_not_gb18030():
    rare = b"\x1c&" + "𠮷a".encode("gb18030")
    assert text(rare, encoding="gb18030", glyphs="all") == "𠮷a"
    assert text(rare, encoding="gb18030", glyphs="gbk") == "□a"
    assert text(rare, encoding="gbk") != "𠮷a"


def test_utf8_has_to_be_chosen_and_be_there():
    chosen = bytes.fromhex("1C 28 43 02 00 30 02") + "号".encode()
    assert text(chosen, encoding="utf-8") == "号"
    paper = printed(chosen)
    assert paper.not_understood == {"1C 28 43": 1}


def test_sizes():
    assert [(s.style.width, s.style.height) for s in spans(b"a\x1d!\x32b\x1b!\x30c\x1b!\x00d")] == [
        (1, 1),
        (4, 3),
        (2, 2),
        (1, 1),
    ]


@pytest.mark.parametrize(("chinese_size", "size"), [("both", (4, 4)), ("gs", (4, 4)), ("fs", (2, 2))])
def test_what_sizes_chinese_depends_on_the_model(chinese_size, size):
    data = b"\x1c&\x1cW\x01\x1d!\x33" + "号".encode("gbk")
    [span] = spans(data, chinese_size=chinese_size)
    assert (span.style.width, span.style.height) == size
    assert span.width == 24 * size[0]


def test_a_full_line_goes_on_in_the_next():
    assert text(b"x" * 50) == "x" * 48 + "\nxx"
    assert text(b"\x1c&" + "票".encode("gbk") * 17, columns=32, dots=384) == "票" * 16 + "\n票"


def test_alignment_moves_the_whole_line():
    assert [span.x for span in spans(b"\x1ba\x01ab\n\x1ba\x02ab\n\x1ba\x00ab")] == [276, 552, 0]


def test_a_chinese_printer_may_print_yuan_for_dollars():
    assert text(b"\x1bR\x0f$") == "¥"
    assert text(b"\x1bR\x00$") == "$"


def test_a_cut_ends_a_ticket_and_keeps_its_bytes():
    paper = printed(b"A001\n\x1dVA\x10A002\n")
    assert [(t.text, t.complete, bytes(t.raw)) for t in paper.strip.tickets] == [
        ("A001", True, b"A001\n\x1dVA\x10")
    ]
    assert paper.strip.under_way.text == "A002"
    assert not paper.strip.under_way.complete


def test_rasters_and_columns_become_pictures():
    paper = printed(b"\x1dv0\x00\x01\x00\x02\x00\xf0\x0f" + b"\x1b*\x21\x02\x00\x80\x00\x00\x00\x00\x01\n")
    raster, columns = [line.parts[0] for line in paper.strip.under_way.lines]
    assert isinstance(raster, Picture)
    assert (raster.dots, raster.rows) == ((8, 2), b"\xf0\x0f")
    assert isinstance(columns, Picture)
    assert columns.dots == (2, 24)
    assert (columns.rows[0], columns.rows[23]) == (0x80, 0x40)


def test_stored_graphics_are_printed_when_asked():
    store = b"\x1d(L\x0c\x000p0\x01\x011\x08\x00\x02\x00\xaa\x55"
    paper = printed(store + b"\x1d(L\x02\x0002")
    [line] = paper.strip.under_way.lines
    assert line.parts[0].rows == b"\xaa\x55"


def test_a_picture_that_announces_more_than_it_brings_is_refused():
    paper = printed(b"\x1d(L\x0c\x000p0\x01\x011\xff\xff\xff\xff\xaa\x55" + b"\x1d(L\x02\x0002")
    assert paper.strip.under_way.lines == []
    assert paper.not_understood == {"1D 28 4C": 1}


def test_an_endless_strip_is_drawn_from_its_end():
    paper = printed(b"x\n" * 2000)
    width, height = struct.unpack(">II", draw(paper.strip.under_way, 576)[16:24])
    assert width == 640
    assert height < 17_000


def test_unknown_commands_are_counted_and_not_printed():
    paper = printed(b"a\x1b\x7a\x1f" + b"b\n")
    assert paper.strip.under_way.text == "ab"
    assert paper.not_understood == {"1B 7A": 1, "1F": 1}


def test_a_qr_code_that_is_too_much_is_not_printed():
    store = b"\x1d(k" + (3003).to_bytes(2, "little") + b"1P0" + b"x" * 3000
    paper = printed(store + b"\x1d(k\x03\x001Q0after\n")
    assert paper.strip.under_way.text == "after"
    assert paper.not_understood == {"1D 28 6B": 1}


@given(st.binary(max_size=600), st.sampled_from(["gbk", "gb18030", "utf-8"]))
def test_no_bytes_break_the_printer_or_its_picture(data, encoding):
    paper = printed(data, encoding=encoding)
    assert draw(paper.strip.under_way, 576).startswith(b"\x89PNG")


PIECES = (
    b"\x1b@", b"\x1c&", "号".encode("gbk"), b"A", b"\n", b"\x1d!\x11", b"\x1dv0\x00\x01\x00\x02\x00ab",
    b"\x1d(k\x03\x001C\x06", b"\x1dV\x00", b"\x1bD\x08\x10\x00", b"\x1dk\x04123\x00", b"\x10\x04\x01",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)), st.integers(1, 7))
def test_a_stream_is_split_the_same_in_any_pieces(pieces, size):
    data = b"".join(pieces)
    whole = printed(data)
    paper, buffer = Paper(EscposOptions()), b""
    for start in range(0, len(data), size):
        buffer += data[start : start + size]
        for token in tokens(buffer, paper):
            paper.run(token)
            buffer = buffer[len(token.raw) :]
    assert [t.text for _, t in paper.strip.newest(99)] == [t.text for _, t in whole.strip.newest(99)]
    assert paper.not_understood == whole.not_understood


def test_old_paper_is_forgotten_but_still_counted():
    strip = Strip(limit=3)
    for number in range(5):
        strip.add(Line((Span(0, f"A00{number}", 12, spans(b"x")[0].style),), 30))
        strip.tear()
    assert len(strip) == 5
    assert strip.ticket(0) is None
    assert strip.ticket(2).text == "A002"
    assert strip.ticket(-1).text == "A004"
    assert [index for index, _ in strip.newest(2)] == [3, 4]
