"""The driver on a real pseudo-terminal, told as a conversation on the wire."""

import pytest

from drivers.modbus.driver import ModbusDisplay
from kioskd.devices.health import State
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.testing import Conversation

READ = "01 03 00 00 00 01 84 0A"
READ_TOLD = "01 03 02 00 00 B8 44"
POINT = "01 06 00 04 00 00 C8 0B"
TWELVE = "01 06 00 00 00 0C 89 CF"
QUICK = {"answer_s": 5.0}
"""Patient: a machine that tests are run on may be slow."""


def call(number):
    return Sign(state=SignState.CALL, window=3, number=number)


def meet(talk):
    """The display answers the question that it is met with, and takes the decimal point."""
    talk.expect(READ)
    talk.device(READ_TOLD)
    talk.expect(POINT)
    talk.device(POINT)
    talk.expect_state(State.ONLINE)


def test_a_number_is_shown_as_the_makers_example_writes_it(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, **QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device(TWELVE)
        talk.expect_state(State.ONLINE)
        talk.expect_nothing()


def test_a_ticket_is_shown_as_text_where_the_display_has_letters(profile):
    with Conversation(ModbusDisplay, profile=profile(**QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect("01 10 00 70 00 03 06 20 20 41 30 31 32 E2 7A")
        talk.device("01 10 00 70 00 03 81 D3")
        talk.expect_state(State.ONLINE)


def test_without_a_ticket_the_display_is_blank(profile):
    with Conversation(ModbusDisplay, profile=profile(**QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(Sign(state=SignState.PAUSED, window=3, text="暂停服务")))
        assert talk.hear(13)[7:] == b"      "


def test_a_display_of_numbers_shows_its_blank_number(profile):
    plain = profile("modbus-digits", blank=-1, **QUICK)
    with Conversation(ModbusDisplay, profile=plain, address=1) as talk:
        talk.expect(READ)
        talk.device(READ_TOLD)
        talk.host(lambda display: display.show(Sign(state=SignState.WELCOME, window=3)))
        assert talk.hear(6).hex(" ").upper() == "01 06 00 00 FF FF"


def test_registers_may_be_counted_from_one_and_written_by_function_16(profile):
    plain = profile("modbus-digits", base=1, value_register=5, value_function=16, ask=False, **QUICK)
    with Conversation(ModbusDisplay, profile=plain, address=7) as talk:
        talk.host(lambda display: display.show(call("012")))
        assert talk.hear(9).hex(" ").upper() == "07 10 00 04 00 01 02 00 0C"


@pytest.mark.parametrize("number", ["A99999", "A40000"])
def test_a_number_too_large_leaves_the_display_blank_and_well(profile, number):
    with Conversation(ModbusDisplay, profile=profile("modbus-digits", **QUICK), address=1) as talk:
        talk.expect(READ)
        talk.device(READ_TOLD)
        talk.host(lambda display: display.show(call("A012")))
        talk.device(talk.hear(8))
        talk.host(lambda display: display.show(call(number)))
        blank = talk.hear(8)
        assert blank[:6].hex(" ").upper() == "01 06 00 00 00 00", "not the number before it"
        talk.device(blank)
        talk.expect_nothing()
        talk.expect_state(State.ONLINE)
        assert talk.handle.health().counters["cannot_express"] == 1


def test_an_exception_is_a_fault_that_says_why_until_something_is_taken(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, **QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device("01 86 02 C3 A1")
        talk.expect_state(State.FAULT, "refused")
        [reason] = talk.handle.health().reasons
        assert reason.detail == "number: exception 2: it has no such register"
        talk.host(lambda display: display.show(call("A013")))
        talk.device(talk.hear(8))
        talk.expect_state(State.ONLINE)


def test_a_busy_display_is_asked_again(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, **QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device("01 86 06 C2 62")
        talk.expect(TWELVE)
        talk.device(TWELVE)
        talk.expect_state(State.ONLINE)


def test_a_display_without_a_decimal_point_or_a_reading_function_is_no_worse(profile):
    with Conversation(ModbusDisplay, profile=profile(**QUICK), address=1) as talk:
        talk.expect(READ)
        talk.device("01 83 01 80 F0")
        talk.expect(POINT)
        talk.device("01 86 02 C3 A1")
        talk.expect_state(State.ONLINE)
        facts = talk.handle.health().facts
    assert facts == {
        "read": "not supported (exception 1: it does not know this function)",
        "decimal point": "not supported (exception 2: it has no such register)",
    }


def test_a_wrong_checksum_is_counted_and_the_request_sent_again(profile):
    with Conversation(ModbusDisplay, profile=profile(answer_s=1.0), address=1) as talk:
        talk.expect(READ)
        talk.device("01 03 02 00 00 B8 45")
        meet(talk)
        counters = talk.handle.health().counters
    assert (counters["bad_checksum"], counters["sent_again"]) == (1, 1)


def test_another_displays_answer_is_not_ours(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, answer_s=1.0), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device("02 06 00 00 00 0C 89 FC")
        talk.expect(TWELVE)
        assert talk.handle.health().counters["other_address"] == 1


def test_a_late_answer_to_another_number_confirms_nothing(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, answer_s=1.0), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device("01 06 00 00 00 0B C8 0D")
        talk.expect(TWELVE)
        talk.device(TWELVE)
        talk.expect_state(State.ONLINE)


def test_garbage_before_and_in_the_answer_hides_nothing(profile):
    with Conversation(ModbusDisplay, profile=profile(answer_s=1.0), address=1) as talk:
        talk.expect(READ)
        talk.device("FF 68 01 03 C8 01 " + READ_TOLD)
        talk.expect(POINT)


def test_on_a_line_with_echo_our_own_bytes_confirm_nothing(profile):
    options = {"answer_s": 0.2, "retries": 0}
    with Conversation(ModbusDisplay, profile=profile(**options), address=1, echo=True) as talk:
        talk.expect(READ)
        talk.device(READ_TOLD)
        talk.expect(POINT)
        talk.expect_state(State.OFFLINE, "no_answer")
        assert talk.handle.health().counters["echo"] >= 2


def test_a_display_that_is_off_is_offline_and_shows_all_when_it_answers(profile):
    with Conversation(ModbusDisplay, profile=profile(answer_s=0.05, retries=1), address=1) as talk:
        talk.expect(READ + READ)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect_state(State.OFFLINE, "no_answer")
        [reason] = talk.handle.health().reasons
        assert "at address 1 was asked 2 times (read) and gave no answer" in reason.detail
        until_met(talk)
        talk.expect("01 10 00 70 00 03 06 20 20 41 30 31 32 E2 7A")


def until_met(talk):
    """Answer the next question of several."""
    talk.expect(READ)
    talk.device(READ_TOLD)
    while (heard := talk.hear(8)) == bytes.fromhex(READ):
        talk.device(READ_TOLD)
    assert heard == bytes.fromhex(POINT)
    talk.device(POINT)


def test_after_the_cable_was_pulled_the_number_is_shown_again(profile):
    with Conversation(ModbusDisplay, profile=profile(text=False, **QUICK), address=1) as talk:
        meet(talk)
        talk.host(lambda display: display.show(call("A012")))
        talk.expect(TWELVE)
        talk.device(TWELVE)
        talk.settle()
        talk.unplug()
        talk.expect_state(State.OFFLINE, "port_missing")
        talk.plug()
        meet(talk)
        talk.expect(TWELVE)
