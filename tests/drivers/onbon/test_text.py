"""What an area says: the hall's words or the profile's own, coloured, in the controller's charset."""

import pytest

from drivers.onbon.driver import OnbonDisplay
from drivers.onbon.options import OnbonOptions
from drivers.onbon.text import text_of, width_px
from kioskd.devices.errors import CannotExpress
from kioskd.devices.kinds import Sign, SignState


def sign(state="call", **more):
    return Sign(**({"state": SignState(state), "window": 3, "number": "A012"} | more))


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("welcome", "\\C2欢迎光临"),
        ("call", "\\C1请A012到3号窗口"),
        ("serving", "\\C2正在办理A012"),
        ("paused", "\\C3暂停服务"),
        ("closed", "\\C1停止服务"),
    ],
)
def test_every_state_has_its_words_and_its_colour(state, text):
    assert text_of(sign(state), OnbonOptions()) == text


def test_the_halls_own_sentence_goes_before_the_common_words():
    assert text_of(sign(text="A012 请到3号"), OnbonOptions()) == "\\C1A012 请到3号"


def test_a_profiles_own_sentence_has_colours_in_the_middle():
    options = OnbonOptions(texts={SignState.CALL: "请<green>{number}<red>到<green>{window}<red>号"})

    assert text_of(sign(text="x"), options) == "\\C1请\\C2A012\\C1到\\C23\\C1号"


def test_an_empty_sentence_is_darkness():
    assert text_of(sign("closed"), OnbonOptions(texts={SignState.CLOSED: ""})) == ""


def test_a_character_that_the_controller_lacks_makes_room_for_the_common_words():
    hall = sign("welcome", text="䶮家湾便民服务中心")

    assert text_of(hall, OnbonOptions()) == "\\C2欢迎光临"
    assert text_of(hall, OnbonOptions(charset="gbk")) == "\\C2欢迎光临"
    assert text_of(sign("welcome", text="龢"), OnbonOptions(charset="gbk")) == "\\C2龢"


def test_a_command_inside_the_halls_words_is_only_words():
    assert text_of(sign(text="A\\C3B<green>\n{number}"), OnbonOptions()) == "\\C1A＼C3B {number}"


def test_a_text_that_the_controller_cannot_take_in_makes_room_for_the_common_words_and_is_not_cut():
    assert text_of(sign(text="请" * 450), OnbonOptions()) == "\\C1" + "请" * 450
    assert text_of(sign(text="请" * 451), OnbonOptions()) == "\\C1请A012到3号窗口"

    with pytest.raises(CannotExpress, match="997 bytes of text, 900 are the most"):
        text_of(sign(number="A" * 986), OnbonOptions())


def test_a_number_that_cannot_be_written_at_all_is_refused():
    with pytest.raises(CannotExpress, match="Ä is not in gb2312"):
        text_of(sign(number="Ä012"), OnbonOptions())


def test_chinese_characters_are_twice_as_wide():
    assert width_px("\\C1请A012到3号窗口", OnbonOptions()) == 5 * 16 + 5 * 8
    assert width_px("A012\\n窗口", OnbonOptions(font_px=24)) == 4 * 12


@pytest.mark.parametrize("wrong", [{"x": 4}, {"width": 60}])
def test_a_5k_controller_places_by_eight_pixels(wrong):
    [mistake] = OnbonDisplay.check_options(OnbonOptions(**wrong))

    assert mistake.key in wrong
    assert "this model places areas by 8 pixels" in mistake.problem
    assert OnbonDisplay.check_options(OnbonOptions(**wrong, unit_px=1)) == []
