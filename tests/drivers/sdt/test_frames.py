"""Golden vectors both ways, and the decoder on everything that may arrive."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.sdt.frames import HEAD, Answer, Command, Decoder, frame

COMMANDS = {
    Command.STATUS: "AA AA AA 96 69 00 03 11 FF ED",
    Command.FIND: "AA AA AA 96 69 00 03 20 01 22",
    Command.SELECT: "AA AA AA 96 69 00 03 20 02 21",
    Command.READ: "AA AA AA 96 69 00 03 30 01 32",
}
ANSWERS = {
    "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97": Answer(0x9F, bytes(4)),
    "AA AA AA 96 69 00 04 00 00 80 84": Answer(0x80, b""),
    "AA AA AA 96 69 00 04 00 00 41 45": Answer(0x41, b""),
    "AA AA AA 96 69 00 04 00 00 90 94": Answer(0x90, b""),
}


@pytest.fixture
def counted():
    return Counter()


@pytest.fixture
def decoder(counted):
    return Decoder(lambda why: counted.update([why]))


def answer(status, data=b""):
    return frame(bytes([0, 0, status]) + data)


@pytest.mark.parametrize(("command", "wire"), COMMANDS.items(), ids=lambda v: getattr(v, "name", ""))
def test_a_command_is_what_the_document_says(command, wire):
    assert frame(command.value) == bytes.fromhex(wire)


@pytest.mark.parametrize(("wire", "said"), ANSWERS.items())
def test_an_answer_is_understood_and_is_what_we_would_write(decoder, wire, said):
    assert decoder.feed(bytes.fromhex(wire)) == [said]
    assert answer(said.status, said.data) == bytes.fromhex(wire)


def test_a_whole_card_is_1295_bytes(decoder, cards):
    wire = answer(0x90, cards["thirty"].data)
    assert len(wire) == 1295
    assert wire.startswith(bytes.fromhex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00"))
    assert decoder.feed(wire) == [Answer(0x90, cards["thirty"].data)]


def test_an_answer_never_shows_what_is_in_it(cards):
    found = Answer(0x90, cards["thirty"].data)
    assert repr(found) == str(found) == "<Answer 90, 1284 bytes>"


def test_a_wrong_checksum_is_dropped_and_the_next_answer_taken(decoder, counted):
    spoilt = answer(0x9F, bytes(4))[:-1] + b"\x00"
    assert decoder.feed(spoilt + answer(0x80)) == [Answer(0x80, b"")]
    assert counted["bad_checksum"] == 1


def test_an_impossible_length_is_dropped(decoder, counted):
    assert decoder.feed(HEAD + b"\xff\xff" + answer(0x80)) == [Answer(0x80, b"")]
    assert decoder.feed(HEAD + b"\x00\x03\x00" + answer(0x80)) == [Answer(0x80, b"")]
    assert counted["bad_length"] == 2


def test_a_head_after_one_aa_too_many_is_a_head(decoder):
    assert decoder.feed(b"\xaa" + answer(0x80)) == [Answer(0x80, b"")]


def test_an_answer_hidden_in_an_unfinished_one_is_found_when_the_line_falls_silent(decoder, counted):
    assert decoder.feed(HEAD + b"\x05\x08\x00\x00\x90" + answer(0x80)) == []
    assert decoder.silence() == [Answer(0x80, b"")]
    assert counted["cut_short"] == 1
    assert decoder.feed(answer(0x41)) == [Answer(0x41, b"")]


answers = st.builds(Answer, st.integers(0, 255), st.binary(max_size=300))
noise = st.lists(st.integers(0, 255).filter(lambda value: value != 0xAA), max_size=20).map(bytes)


@given(st.lists(st.tuples(noise, answers), max_size=5), noise, st.lists(st.integers(1, 40), min_size=1))
def test_every_answer_is_found_between_noise_in_whatever_pieces(said, tail, sizes):
    wire = b"".join(before + answer(one.status, one.data) for before, one in said) + tail
    decoder, found, at = Decoder(lambda _: None), [], 0
    while at < len(wire):
        size = sizes[at % len(sizes)]
        found += decoder.feed(wire[at : at + size])
        at += size
    assert found + decoder.silence() == [one for _, one in said]


@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.just(HEAD), answers.map(lambda a: answer(a.status, a.data)))
    )
)
def test_nothing_that_arrives_makes_it_fail_or_forget_to_recover(pieces):
    decoder = Decoder(lambda _: None)
    for piece in pieces:
        decoder.feed(piece)
    decoder.silence()
    assert decoder.feed(answer(0x80)) == [Answer(0x80, b"")]
