"""Frames are found in any stream, in any pieces, and nothing that is wrong gets through."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.pdu.register_message import WriteSingleRegisterRequest

from drivers.modbus.driver import ModbusDisplay
from drivers.modbus.frames import Reader, encode
from drivers.modbus.options import ModbusOptions

TWELVE = bytes.fromhex("01 06 00 00 00 0C 89 CF")
READ_TOLD = bytes.fromhex("01 03 02 00 00 B8 44")
EXCEPTION = bytes.fromhex("01 86 02 C3 A1")


def reader(counters=None):
    counters = Counter() if counters is None else counters
    return Reader(requests=False, address=1, count=lambda counter: counters.update([counter]))


def test_the_makers_example_is_made_and_understood():
    assert encode(WriteSingleRegisterRequest(address=0, registers=[12], dev_id=1)) == TWELVE
    [frame] = reader().feed(TWELVE)
    assert (frame.pdu.dev_id, frame.pdu.address, frame.pdu.registers) == (1, 0, [12])


@pytest.mark.parametrize("frame", [TWELVE, READ_TOLD, EXCEPTION])
def test_a_frame_is_found_in_single_bytes_and_behind_another(frame):
    one = reader()

    assert [each.raw for byte in frame + TWELVE for each in one.feed(bytes([byte]))] == [frame, TWELVE]


@pytest.mark.parametrize("at", range(len(TWELVE)))
def test_a_garbled_frame_gives_nothing_and_the_next_is_found(at):
    counters = Counter()
    one = reader(counters)
    garbled = TWELVE[:at] + bytes([TWELVE[at] ^ 0x40]) + TWELVE[at + 1 :]

    found = one.feed(garbled) + one.silence() + one.feed(TWELVE)

    assert [frame.raw for frame in found] == [TWELVE]
    assert counters["bad_checksum"] == (1 if at >= 2 else 0)


@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([TWELVE, READ_TOLD, TWELVE[:5]]))))
def test_nothing_that_arrives_breaks_the_reader_or_hides_a_frame_after_the_silence(pieces):
    one = reader()
    for piece in pieces:
        one.feed(piece)
    one.silence()

    assert [frame.raw for frame in one.feed(TWELVE)] == [TWELVE]


@given(st.binary(max_size=30))
def test_a_frame_behind_garbage_is_found_once_the_line_is_silent(garbage):
    one = reader()

    found = one.feed(garbage + READ_TOLD) + one.silence()

    assert found[-1].raw == READ_TOLD


def test_an_echo_is_skipped_once_even_in_pieces():
    heard = []
    one = reader()
    one.expect_echo(TWELVE, lambda: heard.append(1))

    assert one.feed(TWELVE[:3]) == []
    assert one.feed(TWELVE[3:]) == []
    assert [frame.raw for frame in one.feed(TWELVE)] == [TWELVE]
    assert heard == [1]


def test_a_register_before_the_first_is_refused_by_its_key():
    options = ModbusOptions(base=1, value_register=0, decimal_register=5)

    [mistake] = ModbusDisplay.check_options(options)

    assert (mistake.key, mistake.problem) == ("value_register", "0: registers here count from 1 (base)")
