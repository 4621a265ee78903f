"""The driver on a real pseudo-terminal, told as a conversation on the wire."""

import pytest

from drivers.framed.driver import FramedDevice
from kioskd.devices.errors import NoAnswer, ProfileError
from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed, Rated, Sign, Signal, SignState
from kioskd.devices.testing import Conversation

CALL = "FF 68 03 03 68 01 01 0C 0E 16"


def call(number, window=3, **more):
    return Sign(state=SignState.CALL, window=window, number=number, **more)


def test_a_strip_shows_a_call_and_then_a_pause(profile):
    with Conversation(FramedDevice, profile=profile("pinganlihe-v21"), address=3) as talk:
        talk.host(lambda strip: strip.show(call("B1234")))
        talk.expect("A0 07 28 03 01 0C 22 03 42 42 FF")
        talk.host(lambda strip: strip.show(Sign(state=SignState.PAUSED, window=3)))
        talk.expect("A0 03 28 03 02 30 FF")


def test_a_pole_display_is_made_ready_before_its_first_sign(profile):
    with Conversation(FramedDevice, profile=profile("cd5220")) as talk:
        talk.expect("1B 40 0C")
        talk.host(lambda display: display.show(call("A012")))
        talk.expect("1B 51 41 41 30 31 32" + " 20" * 16 + " 0D")
        talk.expect("1B 51 42 57 69 6E 64 6F 77 20 33" + " 20" * 12 + " 0D")


def test_a_pad_is_pressed_answered_and_shows_the_ticket(profile):
    with Conversation(FramedDevice, profile=profile("ff68-keypad"), address=1) as talk:
        talk.device(CALL)
        talk.expect(CALL)
        assert talk.events == [KeyPressed("device", "call")]
        talk.host(lambda pad: pad.show(call("A012", waiting=5)))
        talk.expect("FF 68 08 08 68 01 02 0A 0A 05 00 01 02 1F 16")
        talk.host(lambda pad: pad.signal(Signal.BEEP))
        talk.expect("FF 68 02 02 68 01 03 04 16")


@pytest.mark.parametrize("local_echo", [None, True])
def test_with_local_echo_one_press_is_one_call(profile, local_echo):
    pad = profile("ff68-keypad")
    with Conversation(FramedDevice, profile=pad, address=1, echo=True, local_echo=local_echo) as talk:
        talk.device(CALL)
        talk.expect(CALL)
        talk.expect_nothing()
        assert talk.events == [KeyPressed("device", "call")]


@pytest.mark.parametrize(
    ("frames", "keys"),
    [
        (["FF 68 04 04 68 01 01 06 0F 17 16"], ["abandon"]),
        (["FF 68 03 03 68 01 01 06 08 16", "FF 68 03 03 68 01 01 0F 11 16"], ["digit_6", "abandon"]),
        (["FF 68 04 04 68 01 01 00 0F 11 16"], ["hold"]),
        (["FF 68 04 04 68 01 01 03 0F 14 16"], ["call_back"]),
        (["FF 68 03 03 68 01 01 0F 11 16"], ["confirm"]),
        (["FF 68 05 05 68 01 01 01 02 0C 11 16"], ["call"]),
    ],
)
def test_a_digit_and_confirm_are_one_key_in_one_frame_or_in_two(profile, frames, keys):
    with Conversation(FramedDevice, profile=profile("ff68-keypad"), address=1) as talk:
        for frame in frames:
            talk.device(frame)
            talk.expect(frame)
        assert [event.key for event in talk.events] == keys


def test_a_sequence_begun_long_ago_is_forgotten(plugged, profile):
    driver, cable = plugged(profile("ff68-keypad"), address=1)

    driver.received(bytes.fromhex("FF 68 03 03 68 01 01 06 08 16"))
    cable.clock_s += 60
    driver.received(bytes.fromhex("FF 68 03 03 68 01 01 0F 11 16"))

    assert [event.key for event in cable.events] == ["digit_6", "confirm"]


@pytest.mark.parametrize(("code", "level"), [(0, 5), (1, 4), (2, 3), (3, 2)])
def test_each_rating_key_says_the_level_of_the_profile(profile, code, level):
    with Conversation(FramedDevice, profile=profile("ff68-evaluator"), address=1) as talk:
        talk.device(f"FF 68 03 03 68 01 11 {code:02X} {0x12 + code:02X} 16")
        talk.expect(f"FF 68 03 03 68 01 01 {code:02X} {0x02 + code:02X} 16")
        assert talk.events == [Rated("device", level)]


def test_a_rating_key_that_the_profile_does_not_know_is_no_rating(profile):
    with Conversation(FramedDevice, profile=profile("ff68-evaluator"), address=1) as talk:
        talk.device("FF 68 03 03 68 01 11 04 16 16")
        assert talk.events == []
        assert talk.handle.health().counters["unknown_rating"] == 1


def test_a_key_that_the_profile_does_not_know_is_acknowledged_and_no_press(profile):
    with Conversation(FramedDevice, profile=profile("ff68-keypad"), address=1) as talk:
        talk.device("FF 68 03 03 68 01 01 7F 81 16")
        talk.expect("FF 68 03 03 68 01 01 7F 81 16")
        assert talk.events == []
        assert talk.handle.health().counters["unknown_key"] == 1


def test_an_evaluator_has_no_keys(profile):
    with Conversation(FramedDevice, profile=profile("ff68-evaluator"), address=1) as talk:
        talk.device(CALL)
        assert talk.events == []
        talk.expect_nothing()


def test_other_pads_and_broken_frames_are_counted_and_not_answered(profile):
    with Conversation(FramedDevice, profile=profile("ff68-keypad"), address=2) as talk:
        talk.device(CALL)
        talk.device("FF 68 03 03 68 02 01 0C 0E 16")
        assert talk.events == []
        talk.expect_nothing()
        counters = talk.handle.health().counters
        assert (counters["other_address"], counters["bad_checksum"]) == (1, 1)


def test_a_key_that_hides_behind_a_false_start_is_found_in_the_silence(profile):
    with Conversation(FramedDevice, profile=profile("ff68-keypad"), address=1) as talk:
        talk.device("FF 68 10 10 68 01 " + CALL)
        talk.expect(CALL)
        assert talk.events == [KeyPressed("device", "call")]


def test_a_sign_that_cannot_be_shown_leaves_the_device_well(profile):
    with Conversation(FramedDevice, profile=profile("led8")) as talk:
        talk.expect("0C 1B 73 30")
        talk.host(lambda display: display.show(call("A12345", window=3)))
        talk.expect("1B 51 41 31 32 33 34 35 0D")
        talk.host(lambda display: display.show(call("A123456789", window=3)))
        talk.expect_nothing()
        talk.expect_state(State.ONLINE)


ANSWERING = {
    "frames": {"short": {"layout": "02 WORD 03", "max_bytes": 16}},
    "send": {
        "show": {"frame": "short", "fields": {"WORD": "{number:ascii}"}, "expect": "ok", "retries": 1},
        "ask": {"frame": "short", "fields": {"WORD": "05"}, "expect": "ok", "retries": 0},
    },
    "receive": {"ok": {"frame": "short", "fields": {"WORD": "06"}}},
    "show": {"call": ["show"]},
}  # fmt: skip


def test_a_strip_that_answers_is_asked_again_and_then_given_up(plugged, model):
    driver, cable = plugged(model(ANSWERING))

    with pytest.raises(NoAnswer, match="was sent show 2 times and never answered ok: check its power"):
        driver.show(call("A012"))

    assert cable.written == [b"\x02A012\x03"] * 2


def test_a_strip_that_answers_late_is_asked_only_as_often_as_needed(plugged, model):
    driver, cable = plugged(model(ANSWERING))
    cable.answers = [b"", b"\x02\x06\x03"]

    driver.show(call("A012"))

    assert cable.written == [b"\x02A012\x03"] * 2


def test_a_device_that_can_be_asked_is_asked_at_the_start_and_every_now_and_then(plugged, model):
    driver, cable = plugged(model(ANSWERING | {"start": ["ask"], "poll": ["ask"]}))

    for meet in (driver.probe, driver.poll):
        cable.answers = [b"\x02\x06\x03"]
        meet()
        with pytest.raises(NoAnswer):
            meet()

    assert cable.written == [b"\x02\x05\x03"] * 4


def test_a_device_may_have_its_own_values(plugged, profile):
    driver, cable = plugged(profile("pinganlihe-v21"), address=1, options={"values": {"colour": 2}})

    driver.show(call("A012"))

    assert cable.written[0][6:11].hex(" ") == "01 00 99 02 63"


def test_a_strip_that_counts_its_frames_gets_another_number_each_time(plugged, profile):
    driver, cable = plugged(profile("yindahuizhi-strip"), address=7)

    for _ in range(257):
        driver.show(call("A012"))

    assert [frame[3] for frame in cable.written[:3]] == [1, 2, 3]
    assert [frame[3] for frame in cable.written[254:]] == [255, 0, 1]
    assert {frame[:3] for frame in cable.written} == {bytes.fromhex("07 FE 1B")}


def test_a_driver_is_not_made_of_a_wrong_profile(plugged, model, strip):
    strip["show"] = {"call": ["texte"]}

    with pytest.raises(ProfileError, match=r"made-up.toml: wire.show.call\[0\]: there is no message 'texte'"):
        plugged(model(strip))
