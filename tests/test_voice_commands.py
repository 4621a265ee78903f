"""`kioskd voice`: hear a call as a file, list what to record, and check what was recorded."""

import wave

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.devices.sound import make_sound, note, packed

HALL = """
[hall]
name = "小镇便民服务中心"
matters = "matters.toml"
[[lines]]
id = "a"
title = "综合"
letter = "A"
[[windows]]
number = 12
title = "综合窗口"
lines = ["a"]
display = false
[voice]
languages = ["zh", "en"]
clips = "clips"
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
ZH = ["qing", "A", *"0123456789", "hao", "dao", "shi", "chuangkou"]
EN = ["ticket", "A", *"0123456789", "please-go-to-window", "12"]


def kioskd(*words):
    return CliRunner().invoke(main, ["voice", *map(str, words)])


def clip(seconds=0.2, rate_hz=22050, channels=1, loudness=0.5):
    return make_sound(packed(note(500, seconds, rate_hz, loudness=loudness, fade_s=9)), rate_hz, channels).wav


@pytest.fixture
def hall(tmp_path):
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    (tmp_path / "matters.toml").write_text(MATTERS, encoding="utf-8")
    (tmp_path / "clips" / "en").mkdir(parents=True)
    for name in ZH:
        (tmp_path / "clips" / f"{name}.wav").write_bytes(clip())
    for name in EN:
        (tmp_path / "clips" / "en" / f"{name}.wav").write_bytes(clip())
    return tmp_path


def test_the_list_to_record_has_just_what_the_hall_needs(hall):
    lines = kioskd("list", "--hall", hall / "hall.toml").output.splitlines()
    assert {line.split()[0] for line in lines} == {f"{n}.wav" for n in ZH} | {f"en/{n}.wav" for n in EN}
    assert any(line.split() == ["chuangkou.wav", "窗口"] for line in lines)


def test_a_complete_folder_is_good(hall):
    done = kioskd("check", hall / "clips", "--hall", hall / "hall.toml")
    assert (done.exit_code, done.output.splitlines()[-1].split(": ")[1]) == (0, "30 of 30 clips are good")


def test_everything_that_is_wrong_with_a_folder_is_told_at_once(hall):
    folder = hall / "clips"
    (folder / "hao.wav").unlink()
    (folder / "dao.wav").write_bytes(b"ID3 this is an mp3")
    with wave.open(str(folder / "5.wav"), "wb") as file:
        file.setparams((1, 1, 22050, 0, "NONE", ""))
        file.writeframes(bytes(5000))
    (folder / "6.wav").write_bytes(clip(loudness=0.01))
    (folder / "7.wav").write_bytes(clip(rate_hz=44100))
    (folder / "8.wav").write_bytes(make_sound(packed(note(500, 0.2, 22050)) + bytes(22050), 22050).wav)
    (folder / "9.wav").write_bytes(make_sound(b"\xff\x7f" * 4000, 22050).wav)
    (folder / "0.wav").write_bytes(clip(seconds=7))
    done = kioskd("check", folder, "--hall", hall / "hall.toml")
    assert done.exit_code == 1
    told = dict(line.split(maxsplit=2)[1:] for line in done.output.splitlines()[:-1])
    assert set(told) == {"hao.wav", "dao.wav", *(f"{n}.wav" for n in (5, 6, 7, 8, 9, 0))}
    for name, word in {
        "hao.wav": "is not there",
        "dao.wav": "no WAV",
        "5.wav": "8 bits",
        "6.wav": "hardly heard",
        "7.wav": "44100",
        "8.wav": "ends with",
        "9.wav": "cut off",
        "0.wav": "lasts 7.0 s",
    }.items():
        assert word in told[name], told[name]
    assert "26 of 30" in done.output


def test_a_call_is_written_to_a_file_from_the_halls_clips(hall):
    done = kioskd(
        "say", "--ticket", "A012", "--window", 12, "--hall", hall / "hall.toml", "--out", hall / "o.wav"
    )
    assert done.exit_code == 0, done.output
    with wave.open(str(hall / "o.wav")) as file:
        length_s = file.getnframes() / file.getframerate()
    # chime, 请A012号到十二号窗口, a pause, ticket A 0 1 2 please go to window 12
    assert length_s == pytest.approx(1.7 + 11 * 0.2 + 10 * 0.02 + 0.4 + 7 * 0.2 + 6 * 0.02, abs=0.02)


def test_a_text_is_written_to_a_file_by_whatever_speaks_here(tmp_path):
    done = kioskd("say", "请稍候", "--out", tmp_path / "o.wav")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "o.wav").read_bytes().startswith(b"RIFF")


def test_where_nothing_speaks_the_command_that_helps_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = kioskd("say", "请稍候", "--out", tmp_path / "o.wav")
    assert done.exit_code == 1
    assert "sudo apt-get install espeak-ng" in done.output


def test_what_to_say_must_be_said_in_one_way(tmp_path):
    assert kioskd("say").exit_code == 2
    assert kioskd("say", "你好", "--ticket", "A001").exit_code == 2


def test_without_a_daemon_the_command_says_so(tmp_path):
    done = kioskd("say", "你好", "--state", tmp_path)
    assert done.exit_code == 1
    assert "no daemon runs" in done.output
