"""A card's text: what is taken, what is refused, and that no refusal says what was read."""

import traceback
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.sdt.text import Misread, UnsupportedCard, card_of
from kioskd.devices.cards import Card, CardType, check_character, masked_name, masked_number, number_is_right
from kioskd.devices.kinds import CardRead

TEXT = (
    "张样例三".ljust(15)
    + "1"
    + "01"
    + "19960615"
    + "样例省青溪镇示范村2号".ljust(35)
    + "660102199606151236"
    + "样例市公安局青溪分局".ljust(15)
    + "20200101"
    + "20400101"
    + " " * 18
)


def data(text=TEXT):
    return bytes.fromhex("01 00 04 00") + text.encode("utf-16-le") + bytes(1024)


def test_the_identity_card_of_a_person_of_thirty():
    card = card_of(data())
    assert card == Card(
        type=CardType.IDENTITY, name="张样例三", number="660102199606151236", born=date(1996, 6, 15)
    )


def test_the_samples_are_what_they_say(cards):
    assert cards["thirty"].data[:260] == data()[:260]
    for name in ("elder", "thirty", "booked"):
        assert number_is_right(card_of(cards[name].data).number), name


def test_a_residence_permit_has_the_letter_j():
    assert card_of(data(TEXT[:124] + "J" + " " * 3)).type is CardType.RESIDENCE


@pytest.mark.parametrize("letter", "IY?")
def test_cards_that_are_laid_out_differently_are_not_guessed_at(letter):
    with pytest.raises(UnsupportedCard):
        card_of(data(TEXT[:124] + letter + " " * 3))


def test_a_foreigners_card(cards):
    with pytest.raises(UnsupportedCard):
        card_of(cards["foreigner"].data)


def test_a_rare_character_outside_the_basic_plane_or_of_private_use_is_a_name():
    for name in ("张\N{CJK UNIFIED IDEOGRAPH-2CCDE}", "张\ue863"):
        pad = " " * (15 - len(name.encode("utf-16-le")) // 2)
        assert card_of(data(name + pad + TEXT[15:])).name == name


MISREAD = {
    "a figure of the number": TEXT.replace("660102199606151236", "660102199606151246"),
    "the birth": TEXT.replace("19960615样", "19960616样"),
    "no date": TEXT.replace("19960615样", "19961315样"),
    "no name": " " * 15 + TEXT[15:],
    "half a character": "\0" * 15 + TEXT[15:],
}


@pytest.mark.parametrize("text", MISREAD.values(), ids=MISREAD.keys())
def test_what_contradicts_itself_is_misread_and_the_error_says_no_more(text):
    with pytest.raises(Misread) as caught:
        card_of(data(text))
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "6601021996" not in told
    assert "张样" not in told


def test_bytes_that_are_no_text_are_misread_and_not_quoted():
    broken = bytes.fromhex("01 00 04 00") + b"\x00\xd8" * 128
    with pytest.raises(Misread) as caught:
        card_of(broken)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("short", [b"", b"\x01", bytes.fromhex("01 00 04 00") + bytes(255)])
def test_too_few_bytes_are_misread(short):
    with pytest.raises(Misread):
        card_of(short)


# --- numbers and masks ---


def test_the_standards_own_example_of_a_check_character():
    """GB 11643-1999, annex: 11010519491231002X."""
    assert check_character("11010519491231002") == "X"
    assert number_is_right("11010519491231002X")
    assert number_is_right("440524188001010014")
    assert not number_is_right("110105194912310021")
    assert not number_is_right("11010519491331002X")
    assert not number_is_right("11010519491231002x")


def test_masks():
    assert masked_number("330106199001011234") == "330***********1234"
    assert (masked_name("张三"), masked_name("欧阳小明"), masked_name("张")) == ("张*", "欧***", "张*")


def test_a_card_shows_itself_masked_everywhere():
    read = CardRead("reader", card_of(data()))
    for text in (repr(read), str(read), f"{read}", f"{read.card}", repr([read]), str(read.card)):
        assert "张*** 660***********1236" in text
        assert "1996" not in text
        assert "样例" not in text


def test_a_card_keeps_neither_address_nor_photograph():
    assert {field.name for field in msgspec.structs.fields(Card)} == {"type", "name", "number", "born"}


@given(st.binary(max_size=1300), st.booleans())
def test_whatever_a_card_holds_it_is_a_card_or_one_of_two_refusals(data, headed):
    try:
        card = card_of(bytes.fromhex("01 00 04 00") * headed + data)
    except (Misread, UnsupportedCard):
        return
    assert number_is_right(card.number)


@given(st.text(alphabet="0123456789X", min_size=18, max_size=18))
def test_one_wrong_character_of_a_number_is_always_noticed(text):
    number = "660102199606151236"
    for at in range(18):
        changed = number[:at] + text[at] + number[at + 1 :]
        assert number_is_right(changed) is (changed == number)
