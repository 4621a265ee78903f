"""What a printer says of itself, and bytes that say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos.driver import mark_of
from drivers.escpos.status import (
    AnswerReader,
    Automatic,
    Identity,
    Paper,
    PrinterStatus,
    Processed,
    RealTime,
    Sensor,
)

ANSWERS = [
    (b"\x12", RealTime(0x12)),
    (b"\x72", RealTime(0x72)),
    (b"\x00", Sensor(0)),
    (b"\x0f", Sensor(0x0F)),
    (b"\x18\x00\x0f\x00", Automatic(b"\x18\x00\x0f\x00")),
    (b"\x37\x22ab~!\x00", Processed(b"ab~!")),
    (b"_TM-T82\x00", Identity("TM-T82")),
]


def read(data: bytes, size: int = 1000) -> list[object]:
    reader = AnswerReader()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return [answer for piece in pieces for answer in reader.feed(piece)]


@given(st.lists(st.sampled_from(ANSWERS)), st.integers(1, 5))
def test_answers_of_all_kinds_are_told_apart_in_any_pieces(answers, size):
    assert read(b"".join(data for data, _ in answers), size) == [answer for _, answer in answers]


@given(st.binary(), st.sampled_from(ANSWERS))
def test_after_any_garbage_and_a_silence_an_answer_is_heard(garbage, answer):
    reader = AnswerReader()
    reader.feed(garbage)
    reader.silence()
    if isinstance(answer[1], Sensor):
        # Up to three may be taken for the tail of a torn packet: rather none than a wrong one.
        assert reader.feed(answer[0] * 4)[-1] == answer[1]
    else:
        assert reader.feed(answer[0]) == [answer[1]]


@given(st.binary())
def test_no_bytes_make_a_mark_that_was_not_sent(garbage):
    assert all(
        b"\x37\x22" + answer.mark + b"\x00" in garbage
        for answer in read(garbage)
        if isinstance(answer, Processed)
    )


@given(st.binary(max_size=400))
def test_a_status_never_raises_whatever_it_is_told(data):
    status = PrinterStatus()
    for number, byte in enumerate(data):
        status.told(number % 4 + 1, byte)
        status.reasons()
    for start in range(0, len(data) - 3, 4):
        status.told_automatically(data[start : start + 4])
        status.reasons()


@pytest.mark.parametrize(
    ("question", "bits", "reasons"),
    [
        (1, 0x12, []),
        (1, 0x52, ["feed_pressed"]),
        (2, 0x16, ["cover_open"]),
        (2, 0x1A, ["feed_pressed"]),
        (2, 0x32, ["paper_out"]),
        (2, 0x52, ["printer_error"]),
        (3, 0x1A, ["cutter_jam"]),
        (3, 0x16, ["printer_error"]),
        (3, 0x32, ["printer_error"]),
        (3, 0x52, ["print_head_hot"]),
        (4, 0x12, []),
        (4, 0x1E, ["paper_low"]),
        (4, 0x7E, ["paper_out"]),
    ],
)
def test_every_bit_of_real_time_status_has_its_reason(question, bits, reasons):
    status = PrinterStatus()
    status.told(question, bits)
    assert [reason.code for reason in status.reasons()] == reasons


@pytest.mark.parametrize(
    ("packet", "reasons"),
    [
        ("10 00 00 00", []),
        ("38 00 00 00", ["cover_open"]),
        ("18 00 0F 00", ["paper_out"]),
        ("10 00 03 00", ["paper_low"]),
        ("18 0C 00 00", ["cutter_jam"]),
        ("18 20 00 00", ["printer_error"]),
        ("18 40 00 00", ["print_head_hot"]),
        ("58 00 00 00", ["feed_pressed"]),
        ("38 00 0F 00", ["cover_open", "paper_out"]),
    ],
)
def test_every_bit_of_automatic_status_has_its_reason(packet, reasons):
    status = PrinterStatus()
    status.told_automatically(bytes.fromhex(packet))
    assert [reason.code for reason in status.reasons()] == reasons


GOLDEN = [
    # trouble, DLE EOT 1 to 4, automatic status back, reason: bytes from the makers' tables (Samsung SRP-500
    # and Epson TM-T88III: status; Epson and Sewoo LK-P: GS a), all other bits as a printer at rest has them
    ("at rest", "12 12 12 12", "10 00 00 00", None),
    ("paper near its end", "12 12 12 1E", "10 00 03 00", "paper_low"),
    ("paper at its end", "1A 32 12 7E", "18 00 0F 00", "paper_out"),
    ("cover open", "1A 16 12 12", "38 00 00 00", "cover_open"),
    ("cover open, called an error that ends by itself", "1A 56 52 12", "38 40 00 00", "cover_open"),
    ("cutter blocked", "1A 52 1A 12", "18 08 00 00", "cutter_jam"),
    ("head too hot", "1A 52 52 12", "18 40 00 00", "print_head_hot"),
    ("circuit broken", "1A 52 32 12", "18 20 00 00", "printer_error"),
    ("mechanism blocked", "1A 52 16 12", "18 04 00 00", "printer_error"),
    ("drawer open, which is none of ours", "16 12 12 12", "14 00 00 00", None),
]


@pytest.mark.parametrize(("trouble", "real_time", "automatic", "reason"), GOLDEN)
def test_both_ways_of_telling_say_the_same(trouble, real_time, automatic, reason):
    expected = [reason] if reason else []
    asked, told = PrinterStatus(), PrinterStatus()
    for question, bits in enumerate(bytes.fromhex(real_time), 1):
        asked.told(question, bits)
    told.told_automatically(bytes.fromhex(automatic))
    assert [each.code for each in asked.reasons()] == expected, trouble
    assert [each.code for each in told.reasons()] == expected, trouble


def test_silence_is_not_paper():
    status = PrinterStatus()
    assert status.paper is Paper.UNKNOWN
    status.told(1, 0x12)
    assert status.paper is Paper.UNKNOWN
    status.told(4, 0x12)
    assert status.paper is Paper.OK


@given(st.integers(0, 95**4 - 1), st.integers(0, 95**4 - 1))
def test_marks_are_four_plain_characters_and_differ(one, other):
    assert all(0x20 <= byte <= 0x7E for byte in mark_of(one))
    assert len(mark_of(one)) == 4
    assert (mark_of(one) == mark_of(other)) == (one == other)


def test_the_tail_of_a_packet_that_was_torn_apart_is_no_answer():
    """`18 00 | 0C 00` says paper out; its second half must not pass for "printed up to here"."""
    reader = AnswerReader()
    assert reader.feed(b"\x18\x00") == []
    reader.silence()
    assert reader.feed(b"\x0c\x00") == []
    assert reader.feed(b"\x00") == [Sensor(0)]


@pytest.mark.parametrize("byte", [0x20, 0x2F, 0x40, 0x6F])
def test_the_answer_to_gs_r_has_four_bits(byte):
    assert AnswerReader().feed(bytes([byte])) == []
