"""What a technician reads beside the live bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.onbon import commands
from drivers.onbon.commands import Area
from drivers.onbon.driver import OnbonDisplay
from drivers.onbon.explain import OnbonExplainer
from drivers.onbon.frames import BROADCAST, Packet, encode
from drivers.onbon.options import OnbonOptions

WORDS = "\\C1请A012".encode("gb2312")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (commands.ping(), "ping, to screen 2"),
        (commands.power(False), "screen off, to screen 2"),
        (commands.brightness(8), "brightness 8 of 15, to screen 2"),
        (commands.delete_areas(1, 2), "area 1 dark; area 2 dark, to screen 2"),
        (
            commands.show_areas([Area(number=1, x=8, y=0, width=16, height=32, text=WORDS, display=3)]),
            "area 1 at 8,0 size 16×32: red “请A012”, moving, to screen 2",
        ),
        (commands.Command("?", bytes.fromhex("A3 04 01 00 00 00")), "command A3 04 01 00 00 00, to screen 2"),
    ],
)
def test_what_is_sent_is_said_in_words(command, words):
    frame = encode(Packet(to=2, data=command.data))

    assert OnbonExplainer(0.5).explain("sent", frame, 1.0) == [words]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("A0 00 00 00 00", "done, from screen 2 (BX-6K1)"),
        ("A0 01 04 00 00", "refused: error 4: out of memory, from screen 2 (BX-6K1)"),
        ("A0 01 7F 00 00", "refused: error 127: not in the document, from screen 2 (BX-6K1)"),
        ("A2 04 00 00 00 36 4B 31 00", "which firmware? 6K1, from screen 2 (BX-6K1)"),
        ("A1 02 00 00 00 01 0F", "which state? 01 0F, from screen 2 (BX-6K1)"),
        ("A0", "an answer that is too short, from screen 2 (BX-6K1)"),
    ],
)
def test_what_comes_back_is_said_in_words(data, words):
    frame = encode(Packet(to=0x8000, sender=2, device_type=0x61, data=bytes.fromhex(data)))
    explainer = OnbonExplainer(0.5)

    assert explainer.explain("received", frame[:9], 1.0) == []
    assert explainer.explain("received", frame[9:], 1.1) == [words]


def test_what_is_wrong_and_who_is_meant_are_said_too():
    frame = encode(Packet(to=BROADCAST, data=commands.ping().data))
    explainer = OnbonExplainer(0.5)

    assert explainer.explain("sent", frame[:-2] + b"\x00\x5a", 1.0) == ["bad checksum"]
    assert explainer.explain("sent", frame, 1.0) == ["ping, to whoever hears it (FFFE)"]


@given(st.lists(st.tuples(st.sampled_from(["sent", "received"]), st.binary(max_size=60))))
def test_nothing_in_the_bytes_breaks_it(pieces):
    explainer = OnbonExplainer(0.5)
    for at_s, (direction, data) in enumerate(pieces):
        explainer.explain(direction, data, at_s / 4)


@given(st.binary(max_size=60))
def test_no_command_breaks_it(data):
    OnbonExplainer(0.5).explain("sent", encode(Packet(to=1, data=b"\xa3\x06\x01\0\0" + data)), 1.0)
    OnbonExplainer(0.5).explain("received", encode(Packet(to=0x8000, sender=1, data=data)), 1.0)


def test_the_driver_gives_it(profile):
    explainer = OnbonDisplay.explainer(profile(), OnbonOptions())

    assert isinstance(explainer, OnbonExplainer)
