"""Frames are found in any stream, in any pieces, and nothing that is wrong gets through."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.framed.decoder import Decoder
from drivers.framed.fieldtypes import Unfit
from drivers.framed.frame import Frame

CALL = bytes.fromhex("FF 68 03 03 68 01 01 0C 0E 16")


@pytest.fixture
def pad(codec):
    """A decoder for pads, with its counters."""
    counters = Counter()
    layout = codec("ff68").receive["key"].layout
    return Decoder([layout], lambda counter: counters.update([counter])), counters, layout


def raws(frames):
    return [frame.raw for frame in frames]


def test_a_frame_is_found_in_one_piece_and_in_single_bytes(pad):
    decoder, _, _ = pad

    assert raws(decoder.feed(CALL)) == [CALL]
    assert [raws(decoder.feed(bytes([byte]))) for byte in CALL] == [[]] * 9 + [[CALL]]


def test_two_frames_in_one_piece(pad):
    decoder, counters, _ = pad

    assert raws(decoder.feed(CALL + CALL)) == [CALL, CALL]
    assert not counters


@pytest.mark.parametrize(
    ("wire", "counter"),
    [
        ("FF 68 03 03 68 01 01 0C 0F 16", "bad_checksum"),
        ("FF 68 03 04 68 01 01 0C 0E 16", "bad_length"),
        ("FF 68 01 01 68 01 02 16", "bad_length"),
        ("FF 68 7F 7F 68 01 01 0C 0E 16", "bad_length"),
        ("FF 68 03 03 69 01 01 0C 0E 16", "bad_frame"),
        ("FF 68 03 03 68 01 01 0C 0E 17", "bad_frame"),
    ],
)
def test_what_is_wrong_is_counted_and_dropped(pad, wire, counter):
    decoder, counters, _ = pad

    assert decoder.feed(bytes.fromhex(wire) + CALL)[-1].raw == CALL
    assert counters == {counter: 1}


def test_noise_that_begins_like_nothing_is_dropped_without_a_count(pad):
    decoder, counters, _ = pad

    assert raws(decoder.feed(b"\0\xa5\xff\xff\0noise" + CALL)) == [CALL]
    assert not counters


def test_an_unfinished_frame_is_given_up_in_the_silence(pad):
    decoder, counters, _ = pad

    assert decoder.feed(CALL[:-1]) == []
    assert decoder.silence() == []
    assert counters == {"cut_short": 1}
    assert raws(decoder.feed(CALL)) == [CALL]


def test_a_frame_hidden_in_a_false_start_is_found_in_the_silence(pad):
    decoder, _, _ = pad

    assert decoder.feed(bytes.fromhex("FF 68 10 10 68 01") + CALL) == []
    assert raws(decoder.silence()) == [CALL]


def test_a_frame_that_begins_with_its_address_is_found_behind_noise(codec):
    message = codec("yindahuizhi-strip").send["text"]
    frame = message.encode({**codec("yindahuizhi-strip").constants, "text": "请", "sequence": 9}, 3)
    counters = Counter()
    decoder = Decoder([message.layout], lambda counter: counters.update([counter]))

    [found] = decoder.feed(b"\x01\x02\xfd" + frame)

    assert (found.raw, found.address) == (frame, 3)
    assert not counters


def test_a_line_of_text_ends_with_its_end(codec):
    message = codec("generic-text-strip").send["text"]
    decoder = Decoder([message.layout], lambda _: None)

    assert decoder.feed("请A012".encode("gbk")) == []
    assert raws(decoder.feed(b"\r\nnext")) == ["请A012\r\n".encode("gbk")]
    assert decoder.silence() == []


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=8))
@pytest.mark.parametrize(
    "name",
    ["ff68", "pinganlihe-v21", "zhongyi-strip", "cd5220", "led8", "yongtai-strip", "yindahuizhi-strip",
     "generic-text-strip"],
)  # fmt: skip
def test_any_bytes_in_any_pieces_only_ever_give_right_frames(codec, name, data, cuts):
    messages = codec(name).send | codec(name).receive
    layouts = {message.layout.name: message.layout for message in messages.values()}
    decoder = Decoder(layouts.values(), lambda _: None)
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]

    found = [frame for a, b in pairwise(edges) for frame in decoder.feed(data[a:b])]
    found += decoder.silence()

    for frame in found:
        assert layouts[frame.layout].build(frame.fields, frame.address or 0) == frame.raw


@given(
    garbage=st.one_of(st.binary(max_size=60), st.builds(lambda n: CALL[:n] * 2, st.integers(1, 9))),
    key=st.integers(0, 0xFF),
    address=st.integers(0, 0xFF),
)
def test_a_frame_after_garbage_is_found_once_the_longest_frame_has_passed(codec, garbage, key, address):
    message = codec("ff68").receive["key"]
    frame = message.encode({"key": bytes([key])}, address)
    decoder = Decoder([message.layout], lambda _: None)

    found = decoder.feed(garbage + frame)
    found += decoder.feed(bytes(message.layout.longest_bytes))

    assert frame in raws(found)


@given(garbage=st.binary(max_size=60), key=st.integers(0, 0xFF))
def test_a_frame_after_garbage_is_found_once_the_line_is_silent(codec, garbage, key):
    message = codec("ff68").receive["key"]
    frame = message.encode({"key": bytes([key])}, 1)
    decoder = Decoder([message.layout], lambda _: None)

    assert frame in raws(decoder.feed(garbage + frame) + decoder.silence())


@given(codes=st.binary(min_size=1, max_size=8), at=st.integers(0, 200), bit=st.integers(0, 7))
def test_one_flipped_bit_never_gives_another_frame(codec, codes, at, bit):
    message = codec("ff68").receive["key"]
    frame = bytearray(message.encode({"key": codes}, 1))
    frame[at % len(frame)] ^= 1 << bit
    decoder = Decoder([message.layout], lambda _: None)

    assert decoder.feed(bytes(frame)) + decoder.silence() == []


TEXT = st.text(alphabet="请到号窗口服务ABC0123456789", max_size=20)


@given(text=TEXT, address=st.integers(0, 255))
@pytest.mark.parametrize("name", ["pinganlihe-v21", "zhongyi-strip", "yongtai-strip"])
def test_what_is_encoded_is_decoded(codec, name, text, address):
    protocol = codec(name)
    message = protocol.send["text"]
    raw = message.encode({**protocol.constants, "text": text}, address)
    decoder = Decoder([message.layout], lambda _: None)

    [frame] = decoder.feed(raw)

    assert frame.address == address
    assert message.decode(frame)["text"] == text


CONTROLLER = {
    "frames": {
        "packet": {
            "layout": "A5 A5 A5 A5 A5 A5 A5 A5 DST SRC 00 00 00 00 00 00 FE 02 LEN DATA CRC 5A",
            "max_bytes": 200,
            "escapes": {"A5": "A6 02", "A6": "A6 01", "5A": "5B 02", "5B": "5B 01"},
            "fields": {
                "DST": {"type": "u16le", "address": True},
                "SRC": {"literal": "00 80"},
                "LEN": {"type": "u16le", "counts": "DATA"},
                "CRC": {"type": "u16le", "check": "CRC-16/ARC", "over": "DST..DATA"},
            },
        }
    },
    "send": {
        "ping": {"frame": "packet", "fields": {"DATA": "A2 00 01 00 00"}},
        "text": {"frame": "packet", "fields": {"DATA": "{text:gb2312}"}},
        "raw": {"frame": "packet", "fields": {"DATA": "{key:bytes}"}},
    },
}
"""BX-5K/6K controllers: byte stuffing and a catalogued CRC, which no built-in profile has together."""


def test_a_crc_and_a_two_byte_length_as_bx_controllers_have_them(compiled):
    ping = compiled(CONTROLLER).send["ping"]
    wire = "A5 A5 A5 A5 A5 A5 A5 A5 01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 68 F8 5A"

    assert ping.encode({}, 1).hex(" ").upper() == wire
    assert ping.reads(bytes.fromhex(wire))


STUFFED = st.lists(st.sampled_from([0xA5, 0xA6, 0x5A, 0x5B, 1, 2]), max_size=40).map(bytes)


@given(data=st.binary(max_size=60) | STUFFED)
def test_escaped_bytes_come_back_and_the_ends_never_appear_inside(compiled, data):
    raw = compiled(CONTROLLER).send["raw"]
    frame = raw.encode({"key": data}, 0xA55A)
    decoder = Decoder([raw.layout], lambda _: None)

    assert not {0xA5, 0x5A} & set(frame[8:-1])
    [found] = decoder.feed(b"\xa5" + frame)
    assert (found.raw, found.address, found.fields) == (frame, 0xA55A, {"DATA": data})


def test_an_escape_that_is_none_is_counted(compiled):
    layout = compiled(CONTROLLER).send["ping"].layout
    counters = Counter()
    decoder = Decoder([layout], lambda counter: counters.update([counter]))

    assert decoder.feed(bytes.fromhex("A5 A5 A5 A5 A5 A5 A5 A5 01 A6 07 5A")) == []
    assert counters == {"bad_escape": 1}


@given(data=st.binary(max_size=400))
def test_escaped_frames_survive_any_bytes(compiled, data):
    layout = compiled(CONTROLLER).send["ping"].layout
    decoder = Decoder([layout], lambda _: None)

    for frame in decoder.feed(b"\xa5" * 8 + data) + decoder.silence():
        assert isinstance(layout.match(frame.raw), Frame)


def test_a_message_longer_than_the_longest_frame_is_never_sent(codec):
    protocol = codec("pinganlihe-v21")

    with pytest.raises(Unfit, match="128 is the longest"):
        protocol.send["text"].encode({**protocol.constants, "text": "请" * 60}, 1)


def test_text_that_would_end_its_frame_early_is_never_sent(compiled):
    wire = {
        "frames": {"line": {"layout": "1B TEXT 23"}},
        "send": {"line": {"frame": "line", "fields": {"TEXT": "{text:ascii}"}}},
    }

    with pytest.raises(Unfit, match="end the frame"):
        compiled(wire).send["line"].encode({"text": "#1 window"}, None)


def test_a_checksum_tells_where_a_text_that_holds_the_end_literal_ends(compiled):
    total = {"type": "u8", "check": "sum", "over": "TEXT"}
    wire = {
        "frames": {"line": {"layout": "1B TEXT SUM 23", "fields": {"SUM": total}}},
        "send": {"line": {"frame": "line", "fields": {"TEXT": "{text:ascii}"}}},
    }
    line = compiled(wire).send["line"]
    raw = line.encode({"text": "no #1 window"}, None)
    decoder = Decoder([line.layout], lambda _: None)

    assert raws(frame for byte in raw for frame in decoder.feed(bytes([byte]))) == [raw]
