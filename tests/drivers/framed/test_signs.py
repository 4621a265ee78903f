"""Which message a sign becomes: the first that says it exactly."""

import msgspec
import pytest

from kioskd.devices.errors import CannotExpress
from kioskd.devices.kinds import Sign, Signal, SignState


def sent(codec, name, **sign):
    outgoing = codec(name).for_sign(Sign(**({"state": SignState.CALL, "window": 3} | sign)), 1)
    return [each.message.name for each in outgoing]


def text_of(codec, name, **sign):
    protocol = codec(name)
    [outgoing] = protocol.for_sign(Sign(**({"state": SignState.CALL, "window": 3} | sign)), 1)
    message = outgoing.message
    return message.decode(message.layout.match(outgoing.frame))["text"]


def test_a_letter_and_four_digits_are_called_in_the_strips_own_way(codec):
    assert sent(codec, "pinganlihe-v21", number="B1234") == ["call"]


@pytest.mark.parametrize("number", ["A012", "1234", "B12345", "AB1234"])
def test_any_other_number_is_called_in_free_text(codec, number):
    assert sent(codec, "pinganlihe-v21", number=number) == ["text"]
    assert text_of(codec, "pinganlihe-v21", number=number) == f"请{number}到3号窗口"


def test_the_halls_own_sentence_goes_before_the_common_words(codec):
    assert text_of(codec, "pinganlihe-v21", number="A012", text="A012 请到3号") == "A012 请到3号"


def test_a_profiles_own_sentence_goes_before_the_halls(codec):
    text = text_of(codec, "zhongyi-strip", number="A012", text="A012 请到3号")

    assert text == "请<1>A012<0>到<1>3<0>号窗口"


@pytest.mark.parametrize(
    ("state", "text"),
    [("welcome", "欢迎光临"), ("paused", "暂停服务"), ("closed", "停止服务"), ("serving", "正在办理A012")],
)
def test_a_strip_has_words_for_every_state(codec, state, text):
    number = "A012" if state == "serving" else ""

    assert text_of(codec, "pinganlihe-text", state=SignState(state), number=number) == text


def test_a_paused_window_is_shown_by_the_strips_own_pause(codec):
    assert sent(codec, "pinganlihe-v21", state=SignState.PAUSED) == ["pause"]


def test_a_pad_leaves_out_a_queue_too_long_for_its_digits(codec):
    assert sent(codec, "ff68", number="A012", waiting=999) == ["numbers"]
    assert sent(codec, "ff68", number="A012", waiting=1000) == ["ticket"]


def test_a_number_that_no_message_says_exactly_is_refused_with_the_reasons(codec):
    with pytest.raises(
        CannotExpress, match=r"cannot show call A0123: numbers: .*3 digits; ticket: .*3 digits"
    ):
        sent(codec, "ff68", number="A0123")


@pytest.mark.parametrize("text", ["请㐀先生", "请" * 60])
def test_words_that_the_strip_cannot_show_make_room_for_the_common_ones_and_are_not_cut(codec, text):
    assert text_of(codec, "pinganlihe-text", number="A012", text=text) == "请A012到3号窗口"


def test_a_number_that_no_words_can_hold_is_refused_with_the_reason_against_the_halls_words(codec):
    with pytest.raises(CannotExpress, match="not in gbk"):
        sent(codec, "pinganlihe-text", number="㐀12", text="请㐀12")
    with pytest.raises(CannotExpress, match="128 is the longest"):
        sent(codec, "pinganlihe-text", number="A" * 128, text="请" * 60)


def test_a_pole_display_shows_two_lines(codec):
    assert sent(codec, "cd5220", number="A012") == ["ticket", "place"]


def test_a_state_without_a_message_is_refused(codec):
    protocol = msgspec.structs.replace(codec("led8"), show={})

    with pytest.raises(CannotExpress, match="names no message"):
        protocol.for_sign(Sign(state=SignState.CALL, window=3, number="012"), None)


def test_a_strip_does_not_beep(codec):
    with pytest.raises(CannotExpress, match="names no message for beep"):
        codec("pinganlihe-v21").for_signal(Signal.BEEP)
