"""A loudspeaker on its card: sounds one after another, and everything that can happen to the card."""

import time

import pytest

from kioskd.devices.errors import DeviceError, NoAnswer
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.devices.sound import read_sound
from kioskd.devices.testing import until
from kioskd.devices.trials.trial import Trial

PATIENCE_S = 15


def test_two_sounds_are_heard_one_after_the_other_each_to_its_end(room, beep):
    first, second = beep(0.4, 500), beep(0.3, 900)
    with room() as one:
        one.expect_state(State.ONLINE)
        futures = [one.card.play(first), one.card.play(second)]
        for future in futures:
            future.result(PATIENCE_S)
        a, b = one.heard()
    assert (a["wav"], b["wav"]) == (first.wav, second.wav)
    assert a["end"] == b["end"] == "whole"
    assert b["begun_unix_s"] >= a["ended_unix_s"] >= a["begun_unix_s"] + first.length_s - 0.05


def test_a_large_sound_comes_over_whole(room, beep):
    """More than a socket takes at once."""
    sound = beep(8.0)
    with room() as one:
        one.expect_state(State.ONLINE)
        one.card.play(sound)
        until(one.heard)
        assert one.heard()[0]["wav"] == sound.wav


def test_a_card_that_hangs_is_given_up_in_time_and_said_to_be_stuck_until_it_plays_again(room, beep):
    with room(late_s=0.5) as one:
        one.expect_state(State.ONLINE)
        one.act("stick")
        begun_s = time.monotonic()
        future = one.card.play(beep(0.3))
        with pytest.raises(NoAnswer, match="hangs"):
            future.result(PATIENCE_S)
        assert time.monotonic() - begun_s < 3
        one.expect_state(State.FAULT, "sound_stuck")
        assert one.heard()[0]["end"] == "cut"
        one.act("repair")

        def plays():
            try:
                one.card.play(beep(0.1)).result(PATIENCE_S)
            except DeviceError:
                return False
            return True

        until(plays)
        one.expect_state(State.ONLINE)


def test_a_muted_card_is_told_apart_from_a_good_one_and_still_played_on(room, beep):
    with room() as one:
        one.expect_state(State.ONLINE)
        one.act("mute")
        one.card.play(beep(0.1)).result(PATIENCE_S)
        one.expect_state(State.DEGRADED, "muted")
        assert one.heard()[0]["end"] == "silent"
        one.act("repair")
        one.card.play(beep(0.1)).result(PATIENCE_S)
        one.expect_state(State.ONLINE)


def test_a_card_pulled_out_in_the_middle_of_a_sound_fails_it_at_once_and_is_found_again(room, beep):
    with room() as one:
        one.expect_state(State.ONLINE)
        future = one.card.play(beep(5.0))
        until(one.heard)
        one.act("unplug")
        with pytest.raises(DeviceError):
            future.result(PATIENCE_S)
        until(lambda: one.card.health().state is State.OFFLINE)
        with pytest.raises(DeviceError, match="cannot be reached"):
            one.card.play(beep(0.1)).result(PATIENCE_S)
        one.act("plug")
        one.expect_state(State.ONLINE)
        one.card.play(beep(0.1)).result(PATIENCE_S)
        assert [heard["end"] for heard in one.heard()] == ["cut", "whole"]


def test_the_daemon_stops_in_the_middle_of_a_sound(room, beep):
    with room() as one:
        one.expect_state(State.ONLINE)
        future = one.card.play(beep(20.0))
        until(one.heard)
        begun_s = time.monotonic()
        one.supervisor.stop(timeout_s=10)
        assert time.monotonic() - begun_s < 2
        assert isinstance(future.exception(1), DeviceError)


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [(None, "look", "played"), ("mute", "failed", "muted"), ("stick", "failed", "not_done")],
)
def test_a_technician_tries_it_with_three_notes(room, fault, outcome, code):
    with room(late_s=0.5) as one:
        one.expect_state(State.ONLINE)
        if fault:
            one.act(fault)
        said = [one_said for one_said in Trial(one.card) if one_said]
        assert (said[-1].kind, said[-1].outcome, said[-1].code) == (Kind.SPEAKER, outcome, code)
        assert read_sound(one.heard()[-1]["wav"]).length_s == pytest.approx(1.5, abs=0.01)


def test_the_picture_of_what_was_heard_is_a_png(room, beep):
    with room() as one:
        one.expect_state(State.ONLINE)
        assert one.emulators.picture("speaker") is None
        one.card.play(beep(0.1)).result(PATIENCE_S)
        assert one.emulators.picture("speaker").startswith(b"\x89PNG")
