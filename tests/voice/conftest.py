"""A folder of clips, each a tone of a length of its own, and programs in the place of others."""

import os
from functools import cache

import pytest

from kioskd.devices.sound import make_sound, note, packed
from kioskd.voice.table import VoiceTable
from kioskd.voice.voice import Voice

RATE_HZ = 44100
CLIPS = ["qing", "hao", "dao", "chuangkou", "shi", "bai", "yao", "A", "B", *map(str, range(10))]


@cache
def tone(length_s=0.4, rate_hz=RATE_HZ, pitch_hz=500):
    return make_sound(packed(note(pitch_hz, length_s, rate_hz)), rate_hz)


@pytest.fixture
def clips(tmp_path):
    """As a hall records them: 44.1 kHz, three to five tenths of a second each."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for place, name in enumerate(CLIPS):
        (folder / f"{name}.wav").write_bytes(tone(0.3 + 0.01 * place).wav)
    return folder


@pytest.fixture
def voice_of(tmp_path):
    def make(**table):
        return Voice(VoiceTable(**table), tmp_path, tmp_path / "cache")

    return make


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a script in the place of a program; it is found before the real one."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def put(name, script):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return put
