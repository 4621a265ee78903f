"""The makers' example frames both ways, and a decoder that survives anything."""

from collections import Counter

import pytest
from crccheck.crc import CrcArc
from hypothesis import given
from hypothesis import strategies as st

from drivers.onbon import commands
from drivers.onbon.commands import Area
from drivers.onbon.frames import BROADCAST, Decoder, Packet, encode

HEAD = "A5 A5 A5 A5 A5 A5 A5 A5"
DOCUMENT = [
    (
        "ping, screen 1",
        f"{HEAD} 01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 68 F8 5A",
        1,
        commands.ping(),
    ),
    (
        "query status, screen 1",
        f"{HEAD} 01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A1 02 01 00 00 2D 40 5A",
        1,
        commands.ask_status(),
    ),
    (
        "power on, any screen",
        f"{HEAD} FE FF 00 80 00 00 00 00 00 00 FE 02 06 00 A3 00 01 00 00 01 5D F1 5A",
        BROADCAST,
        commands.power(True),
    ),
    (
        "dynamic area 64×16 showing A012, any screen",
        f"{HEAD} FE FF 00 80 00 00 00 00 00 00 FE 02 28 00 A3 06 01 00 00 00 01 1F 00 00 00 00 00 00 08"
        " 00 10 00 00 00 00 05 00 00 00 00 02 01 01 00 00 08 04 00 00 00 41 30 31 32 18 A3 5A",
        BROADCAST,
        commands.show_areas([Area(number=0, x=0, y=0, width=8, height=16, text=b"A012")]),
    ),
    (
        "dynamic area 192×32 moving to the left, screen 1",
        f"{HEAD} 01 00 00 80 00 00 00 00 00 00 FE 02 32 00 A3 06 01 2D 00 00 01 29 00 00 00 00 00 00 18"
        " 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 0E 00 00 00"
        " 30 31 32 33 34 35 51 52 53 54 54 56 27 42 A8 7D 5A",
        1,
        commands.show_areas(
            [
                Area(
                    number=0,
                    x=0,
                    y=0,
                    width=24,
                    height=32,
                    text=b"012345QRSTTV'B",
                    timeout_s=2,
                    wrap=2,
                    display=3,
                    speed=4,
                    stay=5,
                )
            ],
            process=0x2D,
        ),
    ),
    (
        "请A012到3号 in the middle of an area 192×32, as a public C program for these controllers writes it",
        f"{HEAD} 01 00 00 80 00 00 00 00 00 00 FE 02 2F 00 A3 06 01 2D 00 00 01 26 00 00 00 00 00 00 18"
        " 00 20 00 00 00 00 02 00 00 00 0A 02 01 01 00 04 05 0B 00 00 00"
        " C7 EB 41 30 31 32 B5 BD 33 BA C5 81 F6 5A",
        1,
        commands.show_areas(
            [
                Area(
                    number=0,
                    x=0,
                    y=0,
                    width=24,
                    height=32,
                    text="请A012到3号".encode("gb2312"),
                    timeout_s=2,
                    align=0x0A,
                    speed=4,
                    stay=5,
                )
            ],
            process=0x2D,
        ),
    ),
]  # fmt: skip
CASES = [pytest.param(*case[1:], id=case[0]) for case in DOCUMENT]


@pytest.mark.parametrize(("wire", "to", "command"), CASES)
def test_the_documents_frames_are_what_is_sent(wire, to, command):
    sent = encode(Packet(to=to, data=command.data))

    assert sent.hex(" ").upper() == wire


@pytest.mark.parametrize(("wire", "to", "command"), CASES)
def test_the_documents_frames_are_understood(wire, to, command):
    counters = Counter()

    packets = Decoder(lambda counter: counters.update([counter])).feed(bytes.fromhex(wire))

    assert packets == [Packet(to=to, data=command.data)]
    assert not counters


def test_the_bytes_of_the_ends_are_escaped_inside():
    sent = encode(Packet(to=1, data=bytes.fromhex("A5 A6 5A 5B")))

    assert "A6 02 A6 01 5B 02 5B 01" in sent.hex(" ").upper()
    assert sent.count(0x5A) == 1
    assert sent.count(0xA5) == 8
    assert Decoder(print).feed(sent)[0].data == bytes.fromhex("A5 A6 5A 5B")


PING = bytes.fromhex(DOCUMENT[0][1])


@pytest.mark.parametrize(
    ("wire", "counter"),
    [
        (PING[:-3] + b"\x69\xf8\x5a", "bad_checksum"),
        (PING[:20] + PING[21:], "bad_checksum"),
        (PING[:12] + b"\x5a", "bad_length"),
        (PING[:12] + b"\xa6\x03" + PING[12:], "bad_escape"),
        (PING[:12] + b"\x5b\x5a", "bad_escape"),
        (PING[:12], "cut_short"),
        (b"\x01\x02\x03", "noise"),
        (b"\xa5" + b"\x11" * 9000, "too_long"),
    ],
)
def test_what_is_wrong_is_counted_and_the_next_frame_found(wire, counter):
    counters = Counter()
    decoder = Decoder(lambda one: counters.update([one]))

    packets = decoder.feed(wire + PING)

    assert [packet.data for packet in packets] == [commands.ping().data]
    assert counters[counter] >= 1


def test_a_length_that_is_not_the_frames_is_found_though_the_checksum_fits():
    body = bytes.fromhex("03 00 00 80 00 00 00 00 00 00 FE 02 06 00 A2 00 01 00 00")
    wire = b"\xa5" + body + CrcArc.calc(body).to_bytes(2, "little") + b"\x5a"
    counters = Counter()

    assert Decoder(lambda one: counters.update([one])).feed(wire) == []
    assert counters == {"bad_length": 1}


def test_half_a_frame_is_forgotten_in_the_silence():
    counters = Counter()
    decoder = Decoder(lambda one: counters.update([one]))

    decoder.feed(PING[:15])
    decoder.silence()
    decoder.silence()

    assert decoder.feed(PING)[0].data == commands.ping().data
    assert counters == {"cut_short": 1}


DATA = st.binary(max_size=60)


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), DATA, st.lists(st.integers(1, 20)))
def test_any_data_comes_back_in_any_pieces(to, sender, data, cuts):
    packet = Packet(to=to, sender=sender, data=data)
    wire = encode(packet)
    decoder = Decoder(print)
    found = []
    for cut in cuts:
        found += decoder.feed(wire[:cut])
        wire = wire[cut:]

    assert found + decoder.feed(wire) == [packet]


@given(st.lists(st.one_of(st.binary(max_size=40), st.just(PING), st.just(PING[:17]))))
def test_nothing_that_arrives_breaks_the_decoder_or_hides_what_follows(pieces):
    decoder = Decoder(lambda counter: None)
    for piece in pieces:
        decoder.feed(piece)
    decoder.silence()

    assert [packet.data for packet in decoder.feed(PING)] == [commands.ping().data]


@given(st.binary(max_size=40))
def test_any_answer_can_be_read_or_is_none(data):
    answer = commands.answer_of(data)

    assert (answer is None) == (len(data) < 3)
    if answer is not None:
        commands.firmware_of(answer.data)
        commands.status_of(answer.data)


@pytest.mark.parametrize(
    ("data", "firmware"),
    [
        (b"BX6K210326012021-03-26 10:00:00", "BX6K 21032601 2021-03-26 10:00:00"),
        (b"5K1\0V1.2\0", "5K1 V1.2"),
        (b"\x01\x02\xff", "unknown"),
        (b"", "unknown"),
        (b"x" * 5000, "xxxx xxxxxxxx " + "x" * 46),
    ],
)
def test_what_can_be_read_of_a_firmware_is_told(data, firmware):
    assert commands.firmware_of(data) == firmware
