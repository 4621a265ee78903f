"""The reader on the wire: the golden bytes, one card once, and what is told when it goes wrong."""

import logging

import pytest

from drivers.sdt.driver import SdtReader
from drivers.sdt.frames import frame
from kioskd.devices.health import State
from kioskd.devices.kinds import CardProblem, CardRead, CardRefused
from kioskd.devices.testing import Conversation, until

STATUS = "AA AA AA 96 69 00 03 11 FF ED"
FIND = "AA AA AA 96 69 00 03 20 01 22"
SELECT = "AA AA AA 96 69 00 03 20 02 21"
READ = "AA AA AA 96 69 00 03 30 01 32"
WELL = "AA AA AA 96 69 00 04 00 00 90 94"
FOUND = "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97"
NO_CARD = "AA AA AA 96 69 00 04 00 00 80 84"
SELECTED = "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C"
READ_FAILED = "AA AA AA 96 69 00 04 00 00 41 45"

FAST = {"answer_s": 0.4, "read_s": 0.4, "away_after": 2}


@pytest.fixture
def talk(profile):
    with Conversation(SdtReader, profile=profile, options=FAST) as talk:
        talk.expect(STATUS)
        talk.device(WELL)
        yield talk


def says(talk, *exchange):
    for command, answer in exchange:
        talk.expect(command)
        talk.device(answer)


def card_bytes(sample):
    return frame(bytes([0, 0, 0x90]) + sample.data)


def read(talk, sample):
    says(talk, (FIND, FOUND), (SELECT, SELECTED), (READ, card_bytes(sample)))


def test_a_card_is_found_selected_and_read(talk, cards):
    says(talk, (FIND, NO_CARD))
    talk.expect_state(State.ONLINE)
    read(talk, cards["thirty"])
    (event,) = until(lambda: talk.events_so_far, what="the card")
    assert isinstance(event, CardRead)
    assert (event.card.name, event.card.number) == ("张样例三", "660102199606151236")


def test_a_card_left_lying_is_read_once_until_it_is_taken_away(talk, cards):
    read(talk, cards["thirty"])
    says(talk, (FIND, FOUND), (FIND, NO_CARD), (FIND, FOUND))  # some readers lose it for a moment
    assert len(talk.events_so_far) == 1
    says(talk, (FIND, NO_CARD), (FIND, NO_CARD))
    read(talk, cards["thirty"])
    until(lambda: len(talk.events_so_far) == 2, what="the card again")


def test_a_card_left_lying_for_long_is_read_again(profile, cards):
    with Conversation(SdtReader, profile=profile, options=FAST | {"reread_s": 0.9}) as talk:
        says(talk, (STATUS, WELL))
        read(talk, cards["thirty"])
        says(talk, (FIND, FOUND))
        read(talk, cards["thirty"])
        until(lambda: len(talk.events_so_far) == 2, what="the card again")


def test_another_kind_of_card_is_refused_once(talk, cards):
    read(talk, cards["foreigner"])
    says(talk, (FIND, FOUND), (FIND, FOUND))
    assert talk.events_so_far == [CardRefused("device", CardProblem.UNSUPPORTED)]
    assert talk.handle.health().counters["unsupported_card"] == 1


def test_a_damaged_card_is_tried_three_times_counted_and_refused(talk):
    for _ in range(3):
        says(talk, (FIND, FOUND), (SELECT, SELECTED), (READ, READ_FAILED))
    says(talk, (FIND, FOUND))
    assert talk.events_so_far == [CardRefused("device", CardProblem.UNREADABLE)]
    assert talk.handle.health().counters["card_errors"] == 3
    assert talk.handle.health().state == State.ONLINE


def test_a_card_that_is_read_at_the_second_try_is_no_trouble(talk, cards):
    says(talk, (FIND, FOUND), (SELECT, SELECTED), (READ, READ_FAILED))
    read(talk, cards["elder"])
    (event,) = until(lambda: talk.events_so_far, what="the card")
    assert event.card.masked == "赵** " + event.card.masked.split()[1]


def test_a_reader_without_power_is_offline(profile):
    with Conversation(SdtReader, profile=profile, options=FAST) as talk:
        talk.expect_state(State.OFFLINE, "no_answer")


def test_a_reader_that_falls_silent_is_offline_and_comes_back(talk):
    says(talk, (FIND, NO_CARD))
    talk.expect(FIND)
    talk.expect_state(State.OFFLINE, "no_answer")
    says(talk, (STATUS, WELL))
    talk.expect_state(State.ONLINE)


def test_a_reader_that_reports_an_error_is_a_fault_until_it_is_well(talk):
    says(talk, (FIND, "AA AA AA 96 69 00 04 00 00 60 64"))
    talk.expect_state(State.FAULT, "reader_error")
    says(talk, (STATUS, "AA AA AA 96 69 00 04 00 00 60 64"), (STATUS, WELL))
    talk.expect_state(State.ONLINE)
    assert talk.handle.health().counters["reader_errors"] == 2


def test_who_listens_to_the_wire_learns_how_many_bytes_and_nothing_else(talk, cards):
    heard = []
    talk.handle.tap(heard.append)
    read(talk, cards["thirty"])
    until(lambda: talk.events_so_far, what="the card")
    assert sum(tapped.hidden_bytes for tapped in heard) > 1295
    assert {tapped.data for tapped in heard} == {b""}


def test_nothing_of_the_card_is_in_the_log_however_it_goes(talk, cards, caplog):
    caplog.set_level(logging.DEBUG)
    number = cards["thirty"].whole_number
    spoilt = bytearray(card_bytes(cards["thirty"]))
    spoilt[200] ^= 1
    says(talk, (FIND, FOUND), (SELECT, SELECTED), (READ, bytes(spoilt)))  # a wrong checksum: no answer
    talk.expect_state(State.OFFLINE, "no_answer")
    says(talk, (STATUS, WELL))
    read(talk, cards["thirty"])
    until(lambda: talk.events_so_far, what="the card")
    told = caplog.text + repr(talk.events_so_far) + repr(talk.handle.health()) + repr(talk.handle)
    for secret in (number, number[6:14], "张样例三", "示范村", number.encode("utf-16-le").hex()):
        assert secret not in told
