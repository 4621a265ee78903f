"""Calls are heard one after another, in time or not at all; a loudspeaker that hangs delays nobody."""

import threading
import time
from concurrent.futures import Future
from datetime import UTC, datetime
from datetime import time as at

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kioskd.devices.errors import NoAnswer
from kioskd.devices.kinds import Kind
from kioskd.devices.sound import make_sound, note, packed
from kioskd.floor.bindings import Bindings
from kioskd.floor.news import STALE_AFTER_S
from kioskd.floor.speaking import CROWD, Mouth, Saying, Speaking
from kioskd.hall.hall import Hall
from kioskd.hall.plan import Hours
from kioskd.voice.table import VoiceTable, VolumeHours
from kioskd.voice.voice import Voice

RATE_HZ = 8000
PATIENCE_S = 10.0


class Loudspeaker:
    """A speaker's handle as the floor knows it. It plays at once, unless it is told to hang or to fail."""

    def __init__(self, name="speaker"):
        self.name = name
        self.kinds = frozenset({Kind.SPEAKER})
        self.played = []
        self.playing = None
        self.hangs = False
        self.fails = False

    def play(self, sound):
        assert self.playing is None or self.playing.done(), "a sound was begun before the last one ended"
        self.playing = future = Future()
        if self.fails:
            future.set_exception(NoAnswer("no card"))
            return future
        self.played.append(sound)
        if not self.hangs:
            future.set_result(None)
        return future


@pytest.fixture
def speaker():
    return Loudspeaker()


@pytest.fixture
def clips(tmp_path):
    """A clip of a length of its own for each part, so that a call is known by how long it is."""
    folder = tmp_path / "clips"
    folder.mkdir()
    names = ["qing", "hao", "dao", "chuangkou", "chime", "A", "B", *map(str, range(10))]
    for place, name in enumerate(names):
        sound = make_sound(packed(note(300 + 40 * place, 0.02 + 0.001 * place, RATE_HZ)), RATE_HZ)
        (folder / f"{name}.wav").write_bytes(sound.wav)
    return folder


@pytest.fixture
def voice_of(tmp_path, clips):
    def make(**table):
        table = {"clips": "clips", "gap_s": 0, "clip_gap_s": 0, "times": 1, "chime": False, **table}
        return Voice(VoiceTable(**table), tmp_path, tmp_path / "cache")

    return make


@pytest.fixture
def voice(voice_of):
    return voice_of()


class Hearing:
    """The follower with its loudspeakers, a turn at a time: no threads."""

    def __init__(self, hall, clock, voice, *speakers, windows=None):
        self.speaking = Speaking(hall, Bindings(speakers, windows or {}), voice, clock.monotonic_s)
        self.speaking.turn()

    def turn(self):
        self.speaking.turn()
        for mouth in self.speaking.mouths:
            mouth.turn()


@pytest.fixture
def hearing(hall, clock, voice, speaker):
    return Hearing(hall, clock, voice, speaker)


def call(hall, window=1, matter="note"):
    hall.issue(matter)
    return hall.call_next(window)


def length(voice, number, window):
    return pytest.approx(voice.call(number, window, chimes=False, volume=100).length_s)


def test_a_call_is_heard_with_its_number_and_its_window(hall, hearing, speaker, voice):
    call(hall)
    hearing.turn()
    assert [sound.length_s for sound in speaker.played] == [length(voice, "A001", 1)]


def test_a_recall_is_heard_too(hall, hearing, speaker, clock):
    call(hall)
    hearing.turn()
    clock.pass_s(hall.plan.rules.recall_spacing_s)
    hall.recall(1)
    hearing.turn()
    assert len(speaker.played) == 2


def test_other_events_are_not_spoken(hall, hearing, speaker):
    hall.issue("note")
    hall.pause(1)
    hall.resume(1)
    hearing.turn()
    assert speaker.played == []


def test_calls_are_heard_in_the_order_in_which_they_came(hall, hearing, speaker, voice):
    call(hall, 1, "note")
    call(hall, 2, "card")
    hearing.turn()
    assert [sound.length_s for sound in speaker.played] == [
        length(voice, "A001", 1),
        length(voice, "B001", 2),
    ]


def test_a_call_is_repeated_as_often_as_the_hall_says_with_one_chime(hall, clock, voice_of, speaker):
    voice = voice_of(times=3, chime=True)
    hearing = Hearing(hall, clock, voice, speaker)
    call(hall)
    hearing.turn()
    plain = voice.call("A001", 1, chimes=False, volume=100).length_s
    chime = voice.chime(RATE_HZ).length_s
    assert [s.length_s for s in speaker.played] == pytest.approx([chime + plain, plain, plain])


def test_repeats_are_dropped_for_those_who_wait_and_come_back_when_they_are_few(
    hall, clock, voice_of, speaker
):
    voice = voice_of(times=2)
    hearing = Hearing(hall, clock, voice, speaker)
    mouth = hearing.speaking.mouths[0]
    for _ in range(CROWD + 1):
        hearing.speaking.say("测试", "zh")
    ticket = call(hall)
    hearing.speaking.turn()
    assert len(mouth._queue) == CROWD + 2
    mouth._queue.rotate(1)  # the call first, the others behind it
    hearing.turn()
    said = [sound.length_s for sound in speaker.played]
    assert said.count(length(voice, ticket.number, 1)) == 1
    call_alone = Hearing(hall, clock, voice, other := Loudspeaker())
    clock.pass_s(10)
    hall.recall(1)
    call_alone.turn()
    assert len(other.played) == 2


def test_a_citizen_who_has_come_is_not_called_again(hall, clock, voice_of, speaker):
    hearing = Hearing(hall, clock, voice_of(times=3), speaker)
    call(hall)
    play = speaker.play

    def comes_at_the_first_word(sound):
        if not speaker.played:
            hall.start(1)
        return play(sound)

    speaker.play = comes_at_the_first_word
    hearing.turn()
    assert len(speaker.played) == 1


@pytest.mark.parametrize("undo", ["start", "no_show", "hold"])
def test_a_call_that_is_over_before_its_turn_is_not_heard(hall, hearing, speaker, undo):
    call(hall)
    getattr(hall, undo)(1)
    hearing.turn()
    assert speaker.played == []
    assert hearing.speaking.mouths[0].dropped == {"gone": 1}


def test_two_calls_of_one_ticket_that_wait_are_one(hall, hearing, speaker, clock):
    call(hall)
    hearing.speaking.turn()
    clock.pass_s(6)
    hall.recall(1)
    hearing.turn()
    assert len(speaker.played) == 1


def test_a_restart_neither_repeats_a_call_nor_shouts_an_old_one(hall, clock, voice, speaker, hearing):
    call(hall)
    hearing.turn()
    Hearing(hall, clock, voice, speaker).turn()
    assert len(speaker.played) == 1
    hall.no_show(1)
    call(hall)
    clock.pass_s(STALE_AFTER_S + 1)
    after = Hearing(hall, clock, voice, speaker)
    after.turn()
    assert len(speaker.played) == 1


def test_a_restart_a_moment_later_still_says_it(hall, clock, voice, speaker, hearing):
    call(hall)
    clock.pass_s(STALE_AFTER_S - 1)
    Hearing(hall, clock, voice, speaker).turn()
    assert len(speaker.played) == 1


def test_a_call_that_waited_too_long_for_its_turn_is_not_shouted(hall, clock, voice, speaker, hearing):
    call(hall)
    hearing.speaking.turn()
    clock.pass_s(voice.table.late_after_s + 1)
    hearing.turn()
    assert speaker.played == []
    assert hearing.speaking.mouths[0].dropped == {"late": 1}


def test_a_loudspeaker_at_a_window_says_that_windows_calls_only(hall, clock, voice, speaker):
    at_two = Loudspeaker("speaker-2")
    hearing = Hearing(hall, clock, voice, speaker, at_two, windows={"speaker-2": 2})
    call(hall, 1, "note")
    call(hall, 2, "card")
    hearing.turn()
    assert (len(speaker.played), len(at_two.played)) == (2, 1)


def test_a_loudspeaker_that_fails_loses_its_call_and_takes_the_next(hall, hearing, speaker):
    speaker.fails = True
    call(hall, 1, "note")
    hearing.turn()
    speaker.fails = False
    call(hall, 2, "card")
    hearing.turn()
    assert len(speaker.played) == 1
    assert hearing.speaking.mouths[0].dropped == {"unheard": 1}


def loudest(sound):
    return max(memoryview(sound.samples).cast("h"))


def test_it_is_quiet_at_noon_and_silent_when_the_hall_says_so(hall, clock, voice_of, speaker):
    """It is 09:30 in Shanghai."""
    voice = voice_of(
        volume=100,
        hours=(
            VolumeHours(begins=at(12, 0), ends=at(13, 30), volume=25),
            VolumeHours(begins=at(18, 0), ends=at(6, 0), volume=0),
        ),
    )
    hearing = Hearing(hall, clock, voice, speaker)
    for hours in (0, 3, 6):  # 09:30, 12:30, 18:30
        clock.pass_s(3600 * hours)
        call(hall)
        hearing.turn()
        hall.no_show(1)
    assert len(speaker.played) == 2
    assert loudest(speaker.played[1]) == pytest.approx(loudest(speaker.played[0]) / 4, abs=2)
    assert hearing.speaking.mouths[0].dropped == {"silent": 1}


def test_a_hall_that_wants_it_is_silent_outside_its_hours(store, plan, clock, voice_of, speaker):
    morning = (Hours(opens=at(8, 0), closes=at(12, 0)),)
    hall = Hall(store, msgspec.structs.replace(plan, hours=morning), clock)
    hall.open(1)
    hearing = Hearing(hall, clock, voice_of(silent_when_closed=True), speaker)
    hall.issue("note")
    hall.issue("note")
    hall.call_next(1)
    hearing.turn()
    assert len(speaker.played) == 1
    clock.pass_s(3 * 3600)
    hall.no_show(1)
    hall.call_next(1)
    hearing.turn()
    assert len(speaker.played) == 1


def test_a_hall_with_nothing_that_speaks_still_chimes(hall, clock, voice_of, speaker, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = voice_of(clips="", times=2)
    hearing = Hearing(hall, clock, voice, speaker)
    call(hall)
    hearing.turn()
    assert [sound.length_s for sound in speaker.played] == [voice.chime().length_s]


def test_a_second_call_during_the_first_waits_for_its_end_on_a_thread_of_its_own(hall, clock, voice, speaker):
    speaker.hangs = True  # its sounds end when the test says so
    speaking = Speaking(hall, Bindings([speaker], {}), voice, clock.monotonic_s)
    speaking.turn()
    mouth = speaking.mouths[0]
    mouth.start()
    call(hall, 1, "note")
    speaking.turn()
    wait_for(lambda: len(speaker.played) == 1)
    call(hall, 2, "card")
    speaking.turn()
    time.sleep(0.3)
    assert len(speaker.played) == 1
    speaker.playing.set_result(None)
    wait_for(lambda: len(speaker.played) == 2)
    mouth.stop()


def test_a_loudspeaker_that_hangs_delays_neither_the_others_nor_the_calls_nor_the_end(hall, clock, voice):
    stuck, well = Loudspeaker("stuck"), Loudspeaker("well")
    stuck.hangs = True
    speaking = Speaking(hall, Bindings([stuck, well], {}), voice, clock.monotonic_s)
    speaking.turn()
    for mouth in speaking.mouths:
        mouth.start()
    for window, matter in ((1, "note"), (2, "card")):
        begun_s = time.monotonic()
        call(hall, window, matter)
        speaking.turn()
        assert time.monotonic() - begun_s < 1
    wait_for(lambda: len(well.played) == 2)
    assert len(stuck.played) == 1
    begun_s = time.monotonic()
    for mouth in speaking.mouths:
        mouth.stop()
    assert time.monotonic() - begun_s < 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_however_calls_come_no_two_are_heard_at_once_and_none_is_lost(tmp_path_factory, offers):
    """Several threads offer; the loudspeaker itself fails the test when a sound is begun during another."""
    voice = Voice(VoiceTable(gap_s=0), tmp_path_factory.getbasetemp(), tmp_path_factory.getbasetemp() / "c")
    tone = make_sound(packed(note(440, 0.01, RATE_HZ)), RATE_HZ)
    voice.text = lambda text, language: tone
    speaker = Loudspeaker()
    slow = speaker.play

    def play(sound):
        speaker.hangs = True
        future = slow(sound)
        threading.Timer(0.002, lambda: future.set_result(None)).start()
        return future

    speaker.play = play
    mouth = Mouth(SilentHall(), speaker, None, voice, time.monotonic)
    mouth.start()
    threads = [
        threading.Thread(
            target=lambda n=n: [mouth.offer(Saying("好", "zh", time.monotonic())) for _ in range(n)]
        )
        for n in offers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for(lambda: len(speaker.played) == sum(offers))
    mouth.stop()
    assert not mouth.dropped


class SilentHall:
    """What a mouth asks of a hall for its volume: the time."""

    class clock:  # noqa: N801
        @staticmethod
        def now():
            return datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    class plan:  # noqa: N801
        timezone = "Asia/Shanghai"


def wait_for(condition):
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.005)
