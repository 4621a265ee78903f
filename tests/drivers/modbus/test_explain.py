"""What a technician reads beside the live bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.driver import ModbusDisplay
from drivers.modbus.explain import ModbusExplainer
from drivers.modbus.options import ModbusOptions


@pytest.mark.parametrize(
    ("direction", "wire", "words"),
    [
        ("sent", "01 06 00 00 00 0C 89 CF", "write 0000 = 12, to 1"),
        ("received", "01 06 00 00 00 0C 89 CF", "done: write 0000 = 12, from 1"),
        ("sent", "01 03 00 00 00 01 84 0A", "read 0000 (1), to 1"),
        ("received", "01 03 02 00 0C B8 41", "it holds 12, from 1"),
        (
            "sent",
            "01 10 00 70 00 03 06 20 20 41 30 31 32 E2 7A",
            "write 0070 = “  A012”, to 1",
        ),
        ("received", "01 10 00 70 00 03 81 D3", "done: write 0070, from 1"),
        ("received", "01 86 02 C3 A1", "refused, exception 2: it has no such register, from 1"),
    ],
)
def test_frames_are_said_in_words(direction, wire, words):
    explainer = ModbusExplainer(0.05, 1)
    data = bytes.fromhex(wire)

    assert explainer.explain(direction, data[:3], 1.0) == []
    assert explainer.explain(direction, data[3:], 1.01) == [words]


@given(st.lists(st.tuples(st.sampled_from(["sent", "received"]), st.binary(max_size=40))))
def test_nothing_in_the_bytes_breaks_it(pieces):
    explainer = ModbusExplainer(0.05, 1)
    for at_s, (direction, data) in enumerate(pieces):
        explainer.explain(direction, data, at_s / 20)


def test_a_wrong_checksum_is_said():
    assert ModbusExplainer(0.05, 1).explain("received", bytes.fromhex("01 86 02 C3 A2"), 1.0) == [
        "bad checksum"
    ]


def test_the_driver_gives_it(profile):
    assert isinstance(ModbusDisplay.explainer(profile(), ModbusOptions()), ModbusExplainer)
