"""The hall speaks, from the clerk's call to the loudspeaker, and a sound card that hangs delays nobody."""

import statistics
import subprocess
import sys
import time

import pytest

from kioskd.devices.sound import make_sound, note, packed, read_sound

pytestmark = pytest.mark.e2e

HALL = """
[hall]
name = "小镇便民服务中心"
matters = "matters.toml"
[rules]
recall_spacing_s = 0
[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0
[[lines]]
id = "a"
title = "综合"
letter = "A"
[[windows]]
number = 1
title = "综合窗口"
lines = ["a"]
[[windows]]
number = 2
title = "综合窗口"
lines = ["a"]
[[devices]]
name = "strip-1"
profile = "pinganlihe-v21"
port = "emulator:"
address = 1
window = 1
[[devices]]
name = "strip-2"
profile = "pinganlihe-v21"
port = "emulator:"
address = 2
window = 2
[[devices]]
name = "speaker"
profile = "sound-card"
port = "emulator:"
[voice]
times = 1
chime = false
clips = "clips"
clip_gap_s = 0
"""
MATTERS = """
[[matters]]
code = "1"
name = "居住证明"
line = "a"
area = "公安"
department = "派出所"
by_law = "某法"
accept_condition = "本镇居民"
materials = ["身份证"]
handle_flow = "受理"
promise = "即办"
"""
CLIP_S = 0.1
CALL_S = 10 * CLIP_S
"""请A001号到1号窗口: ten clips."""


@pytest.fixture
def hall(hall_of, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in ("qing", "hao", "dao", "chuangkou", "A", *map(str, range(10))):
        (folder / f"{name}.wav").write_bytes(make_sound(packed(note(500, CLIP_S, 16000)), 16000).wav)
    hall = hall_of(HALL, MATTERS)
    for window in (1, 2):
        hall.post(f"windows/{window}/open")
    return hall


def heard(hall):
    return hall.seen("speaker")["heard"]


def call(hall, window):
    hall.take_ticket()
    return hall.post(f"windows/{window}/call-next")


def test_a_second_call_during_the_first_is_heard_after_it(hall, eventually):
    eventually(lambda: hall.health("speaker")["state"] == "online", "the sound card is there")
    call(hall, 1)
    eventually(lambda: heard(hall), "the first call begins")
    call(hall, 2)
    assert heard(hall)[0]["end"] == "playing"
    first, second = eventually(
        lambda: (both := heard(hall))[1:] and both[-1]["end"] != "playing" and both, "both were heard"
    )
    assert (first["end"], second["end"]) == ("whole", "whole")
    assert second["begun_unix_s"] >= first["ended_unix_s"]
    for sound in (first, second):
        assert sound["length_s"] == pytest.approx(CALL_S, abs=0.01)
        wav = read_sound(hall.emulators.sound("speaker", sound["index"]))
        assert wav.length_s == pytest.approx(CALL_S, abs=0.01)


def test_a_restart_neither_repeats_a_call_nor_loses_the_next(hall, eventually):
    call(hall, 1)
    eventually(lambda: heard(hall), "the call is heard")
    hall.kill()
    hall.start()
    call(hall, 2)
    eventually(lambda: len(heard(hall)) == 2, "the next call is heard")
    time.sleep(2 * CALL_S)
    assert len(heard(hall)) == 2


def test_a_sound_card_that_hangs_delays_neither_the_api_nor_the_strips(hall, eventually):
    eventually(lambda: hall.health("speaker")["state"] == "online", "the sound card is there")
    usual = [latency(hall, eventually) for _ in range(5)]
    hall.emulators.act("speaker", "stick")
    call(hall, 2)
    eventually(lambda: heard(hall) and heard(hall)[-1]["end"] == "playing", "the card hangs in a call")
    stuck = [latency(hall, eventually) for _ in range(8)]
    eventually(
        lambda: "sound_stuck" in [reason["code"] for reason in hall.health("speaker")["reasons"]],
        "the card is said to be stuck",
    )
    stuck += [latency(hall, eventually) for _ in range(4)]
    for at, what in enumerate(("the API", "the strip")):
        before, after = (statistics.median(one[at] for one in many) for many in (usual, stuck))
        assert after < 2 * before + 0.25, f"{what}: {before:.3f} s before, {after:.3f} s with a stuck card"
    assert max(answered for answered, _ in stuck) < 2
    hall.emulators.act("speaker", "repair")

    def speaks_again():
        hall.post("windows/2/no-show")
        call(hall, 2)
        time.sleep(2 * CALL_S)
        return heard(hall)[-1]["end"] == "whole"

    eventually(speaks_again, "the card speaks again")


def latency(hall, eventually):
    """How long a call took until the API answered, and until the strip showed it."""
    hall.take_ticket()
    begun_s = time.monotonic()
    number = hall.post("windows/1/call-next")["ticket"]["number"]
    answered_s = time.monotonic() - begun_s
    eventually(lambda: hall.seen("strip-1")["lit"] == number, "the strip shows it")
    shown_s = time.monotonic() - begun_s
    hall.post("windows/1/no-show")
    return answered_s, shown_s


def test_the_command_line_has_something_said_and_tries_the_speaker(hall, eventually):
    eventually(lambda: hall.health("speaker")["state"] == "online", "the sound card is there")
    said = kioskd(hall, "voice", "say", "--ticket", "A012", "--window", "2", "--state", hall.state)
    assert said == (0, "said on speaker\n")
    eventually(lambda: heard(hall) and heard(hall)[-1]["end"] == "whole", "it is said")
    code, output = kioskd(hall, "device", "test", "speaker", "--state", hall.state)
    assert code == 0
    assert "Three notes were played" in output
    assert heard(hall)[-1]["length_s"] == pytest.approx(1.5, abs=0.01)


def kioskd(hall, *words):
    command = [sys.executable, "-m", "kioskd", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout
