"""Bytes on a line in words, in whatever pieces they come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framed.driver import FramedDevice
from kioskd.devices.profile_files import load_profile, options_of

CALL = bytes.fromhex("FF 68 03 03 68 01 01 0C 0E 16")
FF68 = load_profile("ff68")
NUMBERS = bytes.fromhex("FF 68 08 08 68 01 02 0A 0A 04 00 01 02 1E 16")


@pytest.fixture
def explain():
    """What a conversation means: explain(("received", bytes), …), half a second between the pieces."""
    explainer = FramedDevice.explainer(FF68, options_of(FF68, FramedDevice, {}))

    def all_of(*conversation, gap_s=0.01):
        lines = []
        for index, (direction, data) in enumerate(conversation):
            lines += explainer.explain(direction, data, 100 + index * gap_s)
        return lines

    return all_of


def test_a_key_and_its_acknowledgement(explain):
    said = explain(("received", CALL), ("sent", CALL), ("sent", NUMBERS))
    assert said == [
        "key key=call, address 1",
        "acknowledged with the same bytes, address 1",
        "numbers waiting=4 digits=012, address 1",
    ]


def test_our_own_bytes_read_back_are_told_as_such(explain):
    assert explain(("sent", NUMBERS), ("received", NUMBERS))[1].endswith("(our own bytes, read back)")


def test_an_acknowledgement_read_back_is_not_taken_for_a_key(explain):
    said = explain(("received", CALL), ("sent", CALL), ("received", CALL))
    assert said[2] == "key key=call, address 1 (our own bytes, read back)"


def test_a_frame_in_two_halves_is_told_once_it_is_whole(explain):
    assert explain(("received", CALL[:4]), ("received", CALL[4:])) == ["key key=call, address 1"]


def test_after_a_silence_half_a_frame_is_given_up(explain):
    said = explain(("received", CALL[:4]), ("received", CALL), gap_s=1.0)
    assert said == ["cut_short", "key key=call, address 1"]


def test_what_is_wrong_is_named(explain):
    assert explain(("received", CALL[:-2] + b"\x0f\x16"))[0] == "bad_checksum"
    unknown = bytes.fromhex("FF 68 03 03 68 01 01 7E 80 16")
    assert explain(("received", unknown)) == ["key key=7E (in no [wire.keys]), address 1"]
    assert explain(("received", bytes.fromhex("FF 68 03 03 68 01 11 02 14 16"))) == [
        "rating rating=02 (3), address 1"
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["sent", "received"]), st.binary(max_size=40)), max_size=20))
def test_anything_at_all_is_explained_without_an_accident(conversation):
    explainer = FramedDevice.explainer(FF68, options_of(FF68, FramedDevice, {}))
    for direction, data in conversation:
        assert all(isinstance(line, str) for line in explainer.explain(direction, data, 1.0))
