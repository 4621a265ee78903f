"""A call becomes a WAV: of clips, of piper, of espeak-ng, in this order; quickly, kept, never for ever."""

import array
import os
import threading
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from kioskd.devices.sound import make_sound, note, packed, read_sound, unpacked
from kioskd.voice.cache import WavCache
from kioskd.voice.clips import ClipFolder
from kioskd.voice.errors import VoiceBusy, VoiceFailed
from kioskd.voice.programs import Espeak, Piper, run
from kioskd.voice.sentences import Utterance
from kioskd.voice.shaping import CHIME, at_volume, chime, join, mono_at, silence
from kioskd.voice.voice import LANGUAGE_GAP_S

QUICK_MS = 150
PARTS = ["qing", "A", "0", "1", "2", "hao", "dao", "3", "hao", "chuangkou"]
"""请A012号到3号窗口."""


@cache
def tone(length_s=0.2, rate_hz=22050, pitch_hz=500):
    return make_sound(packed(note(pitch_hz, length_s, rate_hz)), rate_hz)


def clip_of(folder, name):
    return read_sound((folder / f"{name}.wav").read_bytes())


# --- of clips ---


def test_a_call_is_its_clips_and_the_gaps_between_them(voice_of, clips):
    voice = voice_of(clips="clips", clip_gap_s=0.05)
    said = voice.call("A012", 3, chimes=False, volume=100)
    gap = silence(0.05, said.rate_hz)
    assert said.samples == gap.join(clip_of(clips, name).samples for name in PARTS)
    wanted_s = sum(clip_of(clips, name).length_s for name in PARTS) + 9 * 0.05
    assert said.length_s == pytest.approx(wanted_s, abs=0.001)


def test_the_chime_goes_before_it(voice_of, clips):
    voice = voice_of(clips="clips")
    plain, chimed = (voice.call("A012", 3, chimes=one, volume=100) for one in (False, True))
    assert chimed.samples.endswith(plain.samples)
    assert chimed.length_s - plain.length_s == pytest.approx(sum(seconds for _, seconds in CHIME), abs=0.001)


def test_a_hall_may_have_its_own_chime(voice_of, clips):
    own = tone(0.3, 44100, 900)
    (clips / "Chime.WAV").write_bytes(own.wav)
    said = voice_of(clips="clips").call("A012", 3, chimes=True, volume=100)
    assert said.samples.startswith(own.samples)


def test_a_call_of_clips_is_there_quickly(voice_of, clips):
    """By the work of this thread: a test's machine has other work too. script/bench looks at the clock."""
    voice = voice_of(clips="clips")
    voice.call("A012", 3, chimes=True, volume=80)
    for number in ("A012", "B987", "A555"):
        begun_s = time.thread_time()
        voice.call(number, 12, chimes=True, volume=80)
        assert 1000 * (time.thread_time() - begun_s) < QUICK_MS


def test_clips_named_in_chinese_or_in_small_letters_are_found(voice_of, clips):
    for name, other in (("qing", "请"), ("chuangkou", "窗口"), ("A", "a"), ("0", "零")):
        (clips / f"{name}.wav").rename(clips / f"{other}.wav")
    assert voice_of(clips="clips").clips.sound(
        Utterance("zh", "", ("请", "A", "零", "窗口")), gap_s=0
    ).length_s == pytest.approx(sum(clip_of(clips, name).length_s for name in ("请", "a", "零", "窗口")))


def test_a_clip_recorded_anew_is_heard_at_once(clips):
    folder = ClipFolder(clips)
    before = folder.clip("请", "zh")
    (clips / "qing.wav").write_bytes(tone(0.77).wav)
    assert folder.clip("请", "zh").length_s == pytest.approx(0.77, abs=0.001)
    assert before.length_s != pytest.approx(0.77, abs=0.001)


def test_when_one_clip_is_missing_another_says_the_whole_sentence(voice_of, clips):
    (clips / "hao.wav").unlink()
    said = voice_of(clips="clips").call("A012", 3, chimes=False, volume=100)
    assert said.rate_hz == 22050  # espeak-ng's own
    assert said.length_s > 2


@pytest.mark.parametrize("bad", [b"", b"not a wav", tone(9.0).wav, None])
def test_a_bad_clip_is_as_good_as_none(voice_of, clips, bad):
    if bad is None:
        (clips / "hao.wav").unlink()
        (clips / "hao.wav").mkdir()
    else:
        (clips / "hao.wav").write_bytes(bad)
    assert voice_of(clips="clips").call("A012", 3, chimes=False, volume=100).rate_hz == 22050


def test_clips_of_different_makes_are_joined_at_one_rate(voice_of, clips):
    (clips / "A.wav").write_bytes(tone(0.5, 16000).wav)
    stereo = array.array(
        "h", [one for value in unpacked(tone(0.5, 44100).samples) for one in (value, -value)]
    )
    (clips / "hao.wav").write_bytes(make_sound(packed(stereo), 44100, channels=2).wav)
    said = voice_of(clips="clips", clip_gap_s=0).call("A012", 3, chimes=False, volume=100)
    assert (said.rate_hz, said.channels) == (44100, 1)
    lengths = [clip_of(clips, name).length_s for name in PARTS]
    assert said.length_s == pytest.approx(sum(lengths), abs=0.001)


def test_resampling_keeps_the_pitch_and_the_height():
    before = tone(0.5, 16000, 440)
    after = unpacked(mono_at(before, 44100))
    values = unpacked(before.samples)
    assert max(after) == pytest.approx(max(values), rel=0.01)
    crossings = [sum(a < 0 <= b for a, b in pairwise(one)) for one in (values, after)]
    assert crossings[0] == pytest.approx(crossings[1], abs=1)


# --- how it sounds ---


def loudest(sound):
    return max(map(abs, unpacked(sound.samples)))


def test_the_volume_is_a_share_of_the_height_and_cuts_nothing_off():
    full = tone()
    assert loudest(at_volume(full, 50)) == pytest.approx(loudest(full) / 2, abs=1)
    assert at_volume(full, 100) is full
    assert loudest(at_volume(full, 0)) == 0


def test_the_chime_neither_clips_nor_clicks():
    sound = chime(22050)
    values = unpacked(sound.samples)
    assert loudest(sound) < 0.6 * 32768
    assert values[0] == 0
    assert abs(values[-1]) < 300
    assert max(abs(b - a) for a, b in pairwise(values)) < 4000  # a click is a jump


def test_what_espeak_says_is_not_cut_off_and_rests_between_languages(voice_of):
    voice = voice_of(languages=("zh", "en"))
    said = voice.call("A012", 3, chimes=True, volume=100)
    assert 8000 < loudest(said) < 32000
    chinese = voice_of().call("A012", 3, chimes=True, volume=100)
    pause = said.samples[len(chinese.samples) :][: len(silence(LANGUAGE_GAP_S, said.rate_hz))]
    assert not any(pause)


def test_a_faster_voice_is_shorter(voice_of):
    slow, fast = (voice_of(speed=speed).call("A012", 3, chimes=False, volume=100) for speed in (80, 150))
    assert fast.length_s < 0.75 * slow.length_s


def test_languages_with_different_rates_become_one(tmp_path):
    said = join([tone(0.5, 44100), tone(0.5, 22050)], gap_s=0.4)
    assert said.rate_hz == 44100
    assert said.length_s == pytest.approx(1.4, abs=0.001)


# --- of piper ---

PIPER = """
while [ $# -gt 0 ]; do
    case $1 in
        --model) model=$2 ;;
        --output_file) out=$2 ;;
        --length_scale) scale=$2 ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done
[ -f "$model.json" ] || { echo "no config for $model" >&2; exit 1; }
cat > "{folder}/text.txt"
echo "$scale" > "{folder}/scale.txt"
echo once >> "{folder}/runs.txt"
cp "{folder}/said.wav" "$out"
"""


@pytest.fixture
def piper(tmp_path, program):
    """Something that takes piper's options and gives a sound, as piper does."""
    (tmp_path / "said.wav").write_bytes(tone(0.6, 16000).wav)
    (tmp_path / "zh_CN-own-medium.onnx").touch()
    (tmp_path / "zh_CN-own-medium.onnx.json").write_text("{}")
    program("piper", PIPER.replace("{folder}", str(tmp_path)))
    return tmp_path


def test_piper_speaks_before_espeak_and_is_given_words(voice_of, piper):
    voice = voice_of(piper="zh_CN-own-medium.onnx", speed=125)
    said = voice.call("A012", 12, chimes=False, volume=100)
    assert said.length_s == pytest.approx(0.6, abs=0.001)
    assert (piper / "text.txt").read_text() == "请A零一二号到十二号窗口\n"
    assert (piper / "scale.txt").read_text() == "0.80\n"


def test_what_was_made_is_kept(voice_of, piper):
    for _ in range(3):
        voice_of(piper="zh_CN-own-medium.onnx").call("A012", 12, chimes=False, volume=100)
    assert (piper / "runs.txt").read_text().split() == ["once"]
    os.utime(piper / "zh_CN-own-medium.onnx", (1, 1))  # another voice under the same name
    voice_of(piper="zh_CN-own-medium.onnx").call("A012", 12, chimes=False, volume=100)
    assert len((piper / "runs.txt").read_text().split()) == 2


def test_a_chinese_voice_leaves_english_to_espeak(voice_of, piper):
    voice_of(piper="zh_CN-own-medium.onnx", languages=("en",)).call("A012", 3, chimes=False, volume=100)
    assert not (piper / "runs.txt").exists()


@pytest.mark.parametrize(
    "script", ["exit 1", "kill -9 $$", "echo nonsense > /dev/null", ": > ${6:-/dev/null}"]
)
def test_when_piper_fails_espeak_speaks(voice_of, piper, program, script):
    program("piper", script)
    said = voice_of(piper="zh_CN-own-medium.onnx").call("A012", 3, chimes=False, volume=100)
    assert said.length_s > 2


def test_a_program_that_hangs_is_killed_with_all_it_started(program, tmp_path):
    program("piper", f"sleep 60 & echo $! > {tmp_path}/child; sleep 60")
    begun_s = time.monotonic()
    with pytest.raises(VoiceFailed, match="was not ready within"):
        run(["piper"], b"", 0.5)
    assert time.monotonic() - begun_s < 3
    child = int((tmp_path / "child").read_text())
    until_s = time.monotonic() + 5
    while _runs(child):
        assert time.monotonic() < until_s
        time.sleep(0.01)


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_a_hall_where_nothing_speaks_says_what_to_install(voice_of, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceFailed, match="sudo apt-get install espeak-ng"):
        voice_of().call("A012", 3, chimes=True, volume=100)


def test_one_language_that_fails_does_not_silence_the_other(voice_of, clips, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    both = voice_of(clips="clips", languages=("zh", "en")).call("A012", 3, chimes=False, volume=100)
    chinese = voice_of(clips="clips").call("A012", 3, chimes=False, volume=100)
    assert both.samples == chinese.samples


# --- pages ---


def test_a_program_that_hangs_holds_its_slot_and_nothing_else(voice_of, program, monkeypatch):
    monkeypatch.setattr("kioskd.voice.programs.ESPEAK_S", 1.5)
    monkeypatch.setattr("kioskd.voice.voice.SLOT_S", 0.2)
    program("espeak-ng", "sleep 60")
    voice = voice_of()
    failures = []

    def ask(text):
        try:
            voice.text(text, "zh")
        except VoiceFailed as error:
            failures.append(type(error))

    threads = [threading.Thread(target=ask, args=(f"测试{n}",)) for n in range(6)]
    begun_s = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun_s < 5
    assert sorted(failures, key=str).count(VoiceBusy) == 4
    assert len(failures) == 6


def test_options_in_a_text_are_only_text(voice_of):
    """What is said comes on the program's standard input, never on its command line."""
    assert voice_of().text("-w /tmp/x; $(reboot) --help", "en").length_s > 0.5


# --- the cache ---


def test_the_cache_stays_small_and_drops_what_was_not_used(tmp_path):
    cache = WavCache(tmp_path / "cache", limit_bytes=10 * len(tone().wav))
    for number in range(30):
        cache.put(Utterance("zh", str(number)), "x", tone())
        os.utime(cache._file(Utterance("zh", str(number)), "x"), (number, number))
        cache.get(Utterance("zh", "0"), "x")
    files = list((tmp_path / "cache").iterdir())
    assert sum(file.stat().st_size for file in files) <= 10 * len(tone().wav)
    assert cache.get(Utterance("zh", "0"), "x") is not None
    assert cache.get(Utterance("zh", "1"), "x") is None
    assert cache.get(Utterance("zh", "29"), "x") is not None


def test_a_file_that_a_power_cut_spoilt_is_made_anew(tmp_path):
    cache = WavCache(tmp_path / "cache")
    utterance = Utterance("zh", "请稍候")
    cache.put(utterance, "x", tone())
    cache._file(utterance, "x").write_bytes(b"RIFF")
    assert cache.get(utterance, "x") is None
    assert not cache._file(utterance, "x").exists()


def test_a_full_or_forbidden_disk_only_makes_it_slower(tmp_path, voice_of):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert voice_of().text("请稍候", "zh").length_s > 0.3


def test_who_speaks_and_how_is_part_of_the_name(tmp_path):
    marks = {Espeak(100).mark, Espeak(120).mark, Piper("piper", tmp_path / "a.onnx", 100).mark}
    assert len(marks) == 3
