"""The bytes of the makers' documents, written here once more so that editing a profile cannot weaken them."""

import pytest

from drivers.framed.codec import understand
from drivers.framed.decoder import Decoder
from kioskd.devices.kinds import Sign, Signal, SignState
from kioskd.devices.profile_files import find_profiles

VECTORS = [
    ("ff68", 1, "receive", "key", {"key": b"\x0c"}, "FF 68 03 03 68 01 01 0C 0E 16"),
    ("ff68", 1, "send", "numbers", {"waiting": "", "digits": "012"},
     "FF 68 08 08 68 01 02 0A 0A 0A 00 01 02 24 16"),
    ("ff68", 1, "send", "beep", {}, "FF 68 02 02 68 01 03 04 16"),
    ("ff68", 1, "receive", "rating", {"rating": 0}, "FF 68 03 03 68 01 11 00 12 16"),
    ("pinganlihe-v21", 3, "send", "call", {"letter": "B", "digits": "1234", "window": 3},
     "A0 07 28 03 01 0C 22 03 42 42 FF"),
    ("pinganlihe-v21", 1, "send", "text", {"text": "请A012到3号窗口"},
     "AA 01 BB 51 54 A3 01 00 99 00 63 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA FF"),
    ("zhongyi-strip", 1, "send", "text", {"text": "请<1>8"}, "A0 90 01 A5 00 05 C7 EB 00 38 01 B4"),
    ("led8", None, "send", "digits", {"digits": "012"}, "1B 51 41 30 31 32 0D"),
    ("cd5220", None, "send", "init", {}, "1B 40"),
    ("cd5220", None, "send", "clear", {}, "0C"),
    ("cd5220", None, "send", "ticket", {"ticket": "A012"}, "1B 51 41 41 30 31 32" + " 20" * 16 + " 0D"),
    ("cd5220", None, "send", "place", {"place": "Window 3"},
     "1B 51 42 57 69 6E 64 6F 77 20 33" + " 20" * 12 + " 0D"),
    ("yongtai-strip", 3, "send", "text", {"text": "请A012到3号窗口"},
     "AA 55 14 03 F8 21 00 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA 00"),
    ("yongtai-strip", 3, "send", "announced", {"text": "请A012到3号窗口"},
     "AA 55 04 03 F8 51 0F 00" + " 00" * 21 +
     " AA 55 14 03 F8 21 00 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA 00"),
    ("yindahuizhi-strip", 1, "send", "text", {"sequence": 1, "text": "请A012到3号窗口"},
     "01 FE 1B 01 86 3C 00 05 00 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA 00 4D 2E"),
    ("yindahuizhi-board", 5, "send", "text", {"sequence": 1, "text": "请A012到3号窗口"},
     "05 FE 18 01 8C 00 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA 00 AE B8"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "table", "message", "values", "wire"), VECTORS)
def test_what_is_meant_gives_the_documents_bytes(codec, name, address, table, message, values, wire):
    protocol = codec(name)
    got = getattr(protocol, table)[message].encode({**protocol.constants, **values}, address)

    assert got.hex(" ").upper() == wire


@pytest.mark.parametrize(("name", "address", "table", "message", "values", "wire"), VECTORS)
def test_the_documents_bytes_give_what_is_meant(codec, name, address, table, message, values, wire):
    messages = getattr(codec(name), table)
    decoder = Decoder([messages[message].layout], lambda _: None)

    [frame] = decoder.feed(bytes.fromhex(wire))

    heard = understand(frame, messages.values())
    assert frame.address == address
    assert heard.message.name == message
    assert values.items() <= heard.values.items()


SIGNS = [
    ("ff68-keypad", 1, Sign(state=SignState.CALL, window=1, number="012"),
     "FF 68 08 08 68 01 02 0A 0A 0A 00 01 02 24 16"),
    ("pinganlihe-v21", 3, Sign(state=SignState.CALL, window=3, number="B1234"),
     "A0 07 28 03 01 0C 22 03 42 42 FF"),
    ("pinganlihe-v21", 1, Sign(state=SignState.CALL, window=3, number="A012"),
     "AA 01 BB 51 54 A3 01 00 99 00 63 C7 EB 41 30 31 32 B5 BD 33 BA C5 B4 B0 BF DA FF"),
    ("led8", None, Sign(state=SignState.CALL, window=3, number="012"), "1B 51 41 30 31 32 0D"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "sign", "wire"), SIGNS)
def test_a_call_is_shown_with_the_documents_bytes(plugged, profile, name, address, sign, wire):
    driver, cable = plugged(profile(name), address=address)

    driver.show(sign)

    assert b"".join(cable.written).hex(" ").upper() == wire


def test_a_pad_beeps_with_the_documents_bytes(plugged, profile):
    driver, cable = plugged(profile("ff68-keypad"), address=1)

    driver.signal(Signal.BEEP)

    assert cable.written == [bytes.fromhex("FF 68 02 02 68 01 03 04 16")]


def test_an_invitation_is_code_0b_under_function_01(plugged, profile):
    driver, cable = plugged(profile("ff68-evaluator"), address=1)

    driver.signal(Signal.INVITE_RATING)

    assert cable.written == [bytes.fromhex("FF 68 03 03 68 01 01 0B 0D 16")]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("0C", "call"), ("0D", "recall"), ("0B", "invite_rating"), ("0E", "cancel"), ("12", "pause"),
        ("13", "transfer"), ("11", "one_metre_line"), ("06 0F", "abandon"), ("00 0F", "hold"),
        ("03 0F", "call_back"), ("07", "digit_7"),
    ],
)  # fmt: skip
def test_the_documents_key_codes(codec, code, key):
    assert codec("ff68").keys[bytes.fromhex(code)] == key


def test_four_rating_keys_say_four_levels(codec):
    assert codec("ff68").ratings == {b"\0": 5, b"\1": 4, b"\2": 3, b"\3": 2}


FRAMED = ["cd5220", "ff68", "ff68-evaluator", "ff68-keypad", "generic-text-strip", "led8", "pinganlihe-text",
          "pinganlihe-v21", "yindahuizhi-board", "yindahuizhi-strip", "yongtai-strip", "yongtai-strip-text",
          "zhongyi-strip"]  # fmt: skip


@pytest.mark.parametrize("name", FRAMED)
def test_every_profile_proves_its_own_vectors(profile, name):
    from drivers.framed.driver import FramedDevice

    model = profile(name)

    assert model.wire["golden"]
    assert FramedDevice.check(model) == []
    assert model.source


def test_no_framed_profile_is_forgotten_here(profile):
    assert [name for name in sorted(find_profiles()) if profile(name).driver == "framed"] == FRAMED
