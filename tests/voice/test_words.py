"""What is said, word by word: numbers, windows, whole sentences, and the phonemes that come of them."""

import re
import subprocess

import pytest

from kioskd.reading import Mistakes
from kioskd.voice.programs import Espeak
from kioskd.voice.sentences import Speaker, builtin_sentences, read_sentences
from kioskd.voice.spoken import figures_zh, number_zh, pinyin, reading, spell_zh


def speaker(one="yi"):
    return Speaker(builtin_sentences(), one)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "零"), (1, "一"), (2, "二"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一"), (100, "一百"),
     (105, "一百零五"), (110, "一百一十"), (112, "一百一十二"), (255, "二百五十五")],
)  # fmt: skip
def test_windows_are_counted_as_people_count(number, said):
    assert number_zh(number) == said


def test_figures_are_read_one_by_one():
    assert figures_zh("0127") == "零一二七"
    assert figures_zh("0110", "yao") == "零幺幺零"


def test_a_call_in_chinese_is_joined_of_single_parts():
    call = speaker().call("A012", 12, "zh")
    assert call.parts == ("请", "A", "零", "一", "二", "号", "到", "十", "二", "号", "窗口")
    assert call.text == "请A零一二号到十二号窗口"


def test_yao_is_for_the_ticket_and_not_for_the_window():
    assert speaker("yao").call("A011", 1, "zh").text == "请A零幺幺号到一号窗口"


def test_a_call_in_english_names_letters_and_figures():
    call = speaker().call("AB012", 12, "en")
    assert call.parts == ("ticket", "A", "B", "0", "1", "2", "please go to window", "12")
    assert call.text == "ticket A, B, 0 1 2 please go to window 12"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("前面还有3人", "前面还有三人"),
        ("共100元", "共一百元"),
        ("5个工作日", "五个工作日"),
        ("A012", "A零一二"),
        ("b7", "B七"),
        ("电话05551234", "电话零五五五一二三四"),
        ("2026年", "二零二六年"),
        ("没有数字", "没有数字"),
    ],
)
def test_text_is_spelt_so_that_nobody_makes_another_number_of_it(text, said):
    assert spell_zh(text) == said


def test_text_becomes_pinyin_with_pauses_and_without_what_nobody_can_say():
    assert pinyin("请稍候，银行办理。") == "qing3 shao1 hou4 , yin2 hang2 ban4 li3 ."
    assert pinyin("<b>\x00☃</b>") == "bi4 bi4"
    assert pinyin("") == ""


def test_every_letter_has_a_reading_of_its_own():
    letters = reading().letters
    assert sorted(letters) == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert len(set(letters.values())) == 26
    assert all(re.fullmatch(r"([a-zü]+[1-5] ?)+", said) for said in letters.values())


# --- the phonemes: read from espeak-ng itself ---

FIGURES = {
    "0": "l'iN", "1": "j'i", "2": "'@r", "3": "s'an", "4": "s'i[", "5": "w'u",
    "6": "l'iou", "7": "tS;h'i", "8": "p'A", "9": "tS;'iou",
}  # fmt: skip
"""Without their tones: of several third tones in a row the first rise, as they should."""


def phonemes(utterance):
    """What espeak-ng says it would speak, word by word."""
    espeak = Espeak(100)
    done = subprocess.run(
        ["espeak-ng", "-q", "-x", *espeak.arguments(utterance)],
        input=espeak._text(utterance),
        capture_output=True,
        text=True,
        check=True,
    )
    return [word for word in re.split(r"[\s_|]+", done.stdout) if word]


@pytest.mark.parametrize("number", ["A012", "B345", "C678", "D900", "Z111", "Q222"])
def test_a_chinese_call_has_no_english_in_it_and_each_figure_stands_alone(number):
    call = speaker().call(number, 3, "zh")
    said = phonemes(call)
    assert not [word for word in said if "(en)" in word or "(" in word], said
    letter = len(reading().letters[number[0]].split())
    assert len(said) == 1 + letter + 3 + 1 + 1 + 1 + 1 + 2  # 请, the letter, its figures, 号 到 三 号 窗口
    figures = [re.sub(r"\d", "", word) for word in said[1 + letter : 4 + letter]]
    assert figures == [FIGURES[digit] for digit in number[1:]]


def test_every_figure_sounds_the_same_wherever_it_stands():
    for digit, sound in FIGURES.items():
        said = phonemes(speaker().call(f"A{digit * 3}", 3, "zh"))[2:5]
        assert [re.sub(r"\d", "", word) for word in said] == [sound] * 3


def test_the_voice_for_characters_would_speak_english():
    """Why pinyin: should a later espeak-ng read characters well, this test says so."""
    done = subprocess.run(
        ["espeak-ng", "-q", "-x", "-v", "cmn", "请到窗口"], capture_output=True, text=True, check=True
    )
    assert "(en)" in done.stdout


def test_an_english_call_reads_the_letter_and_each_figure():
    said = phonemes(speaker().call("A012", 3, "en"))
    assert said[:5] == ["t'IkI2t", "'eI", "z'i@roU", "w'0n", "t'u:"]
    assert said[-1] == "Tr'i:"


# --- a hall's own sentences ---


def test_a_hall_has_its_own_sentences(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        '[call]\nzh = ["{number}", "号", "请到", "{window}", "号窗口"]\nen = ["{number}", "now"]\n'
    )
    call = Speaker(read_sentences(file), "yi").call("A012", 3, "zh")
    assert call.text == "A零一二号请到三号窗口"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("[call]\nzh = []\nen = ['{number}']", [""]),
        ("[call]\nzh = ['请', '{nummer}']\nen = ['hi']", ["call.zh[1]", "call.zh", "call.en"]),
        ("[call]\nzh = ['{number}', '到{window}']\nen = ['{number}']", ["call.zh[1]"]),
        ("[cal]\nzh = []", ["cal", "call"]),
        ("[call", [""]),
    ],
)
def test_all_mistakes_of_such_a_file_are_told_at_once(tmp_path, text, mistakes):
    file = tmp_path / "own.toml"
    file.write_text(text)
    with pytest.raises(Mistakes) as wrong:
        read_sentences(file)
    assert [mistake.key for mistake in wrong.value.mistakes] == mistakes
