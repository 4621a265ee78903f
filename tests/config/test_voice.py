"""[voice] of the hall file: what it asks for must be there, and every mistake is told."""

import pytest

VOICE = """
[voice]
languages = ["zh", "en"]
clips = "clips"
piper = "zh_CN-own.onnx"
sentences = "sentences.toml"
[[voice.hours]]
begins = 12:00:00
ends = 13:30:00
volume = 30
"""
SENTENCES = '[call]\nzh = ["{number}"]\nen = ["{number}"]\n'


@pytest.fixture
def speaking(hall):
    """A hall with everything that its voice needs."""
    (hall.folder / "clips").mkdir()
    for name in ("zh_CN-own.onnx", "zh_CN-own.onnx.json"):
        (hall.folder / name).touch()
    (hall.folder / "sentences.toml").write_text(SENTENCES, encoding="utf-8")
    hall.add(VOICE)
    return hall


def test_a_voice_that_is_all_there_is_good(speaking):
    voice = speaking.load().voice
    assert voice.languages == ("zh", "en")
    assert voice.hours[0].volume == 30


def test_a_hall_that_says_nothing_of_a_voice_has_one(hall):
    assert hall.load().voice.times == 2


SPOILED = {
    "no folder": ('clips = "clips"', 'clips = "clip"', "voice.clips", "there is no folder"),
    "no voice": ("zh_CN-own.onnx", "zh_CN-our.onnx", "voice.piper", "there is no file"),
    "no sentences": ('"sentences.toml"', '"sentence.toml"', "", "cannot be read"),
    "a language twice": ('["zh", "en"]', '["zh", "zh"]', "voice.languages", "twice"),
    "another language": ('["zh", "en"]', '["zh", "de"]', "voice.languages[1]", "de"),
    "hours of nothing": ("ends = 13:30:00", "ends = 12:00:00", "voice.hours[0]", "that is never"),
    "too loud": ("volume = 30", "volume = 130", "voice.hours[0].volume", "100"),
    "an unknown key": ('clips = "clips"', 'clip = "clips"', "voice.clip", "did you mean 'clips'?"),
}


@pytest.mark.parametrize(("old", "new", "key", "problem"), SPOILED.values(), ids=SPOILED)
def test_a_mistake_is_told_by_its_key(speaking, old, new, key, problem):
    speaking.change(old, new)
    told = [(one.key, f"{one.problem} {one.hint}") for one in speaking.mistakes()]
    assert [one for one in told if one[0] == key and problem in one[1]], told


def test_all_of_them_are_told_at_once(speaking):
    (speaking.folder / "sentences.toml").write_text('[call]\nzh = ["请"]\nen = ["{who}"]\n', encoding="utf-8")
    for old, new in (('clips = "clips"', 'clips = "clip"'), ("ends = 13:30:00", "ends = 12:00:00")):
        speaking.change(old, new)
    keys = {one.key for one in speaking.mistakes()}
    assert keys == {"voice.clips", "voice.hours[0]", "call.zh", "call.en", "call.en[0]"}


def test_a_sound_card_on_a_serial_port_is_refused(hall):
    hall.add('\n[[devices]]\nname = "speaker"\nprofile = "sound-card"\nport = "serial:/dev/ttyS0"\n')
    [told] = [one for one in hall.mistakes() if one.key == "devices[4].port (speaker)"]
    assert "it is attached by alsa:" in told.hint
