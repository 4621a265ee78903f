"""What a hall has recorded: a folder of WAVs, one a part of the sentence, joined to a call."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from kioskd.devices.sound import Sound, read_sound, unpacked
from kioskd.voice.sentences import Utterance
from kioskd.voice.shaping import join, mono_at
from kioskd.voice.spoken import reading
from kioskd.voice.table import Language

CHIME = "chime"
LONGEST_CLIP_S = 5.0
LARGEST_BYTES = 4 * 2**20
FAINT = 1500
"""A clip whose loudest sample is below this (of 32768) is hardly heard."""
CUT_OFF = 32767
CUT_OFF_SAMPLES = 30
"""So many samples at the very top, and the clip was recorded too loud."""
QUIET = 500
SILENCE_S = 0.35
"""Longer silences at the ends make a call limp."""


class ClipFolder:
    """A folder of clips: Chinese ones in it, English ones in its folder `en`. A changed file is read anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, tuple[tuple[int, int], Sound]] = {}
        self._listed: dict[Path, tuple[int, dict[str, Path]]] = {}

    def sound(self, utterance: Utterance, *, gap_s: float) -> Sound | None:
        """The clips of its parts, joined; None when one is missing or bad.

        Somebody else says all of it then: two voices in one sentence are worse than a robot's.
        """
        if not utterance.parts:
            return None
        clips = [self.clip(part, utterance.language) for part in utterance.parts]
        found = [clip for clip in clips if clip is not None]
        return join(found, gap_s=gap_s) if len(found) == len(clips) else None

    def chime(self) -> Sound | None:
        """The hall's own chime, if it has one."""
        return self.clip(CHIME, "zh")

    def clip(self, part: str, language: Language) -> Sound | None:
        """One clip; None when it is missing or bad (`check` says which)."""
        file = self.file(part, language)
        if file is None:
            return None
        try:
            found = file.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            kept = self._read.get(file)
            if kept is None or kept[0] != stamp:
                kept = self._read[file] = (stamp, read_clip(file))
            return kept[1]
        except (OSError, ValueError):
            return None

    def file(self, part: str, language: Language) -> Path | None:
        """The file of a clip, by any of its names, in large or small letters."""
        files = self._files(self.folder / "en" if language == "en" else self.folder)
        names = (f"{name}.wav".casefold() for name in clip_names(part))
        return next((files[name] for name in names if name in files), None)

    def _files(self, folder: Path) -> dict[str, Path]:
        """The folder's files by their names in small letters, listed again when it changed."""
        try:
            stamp = folder.stat().st_mtime_ns
            if self._listed.get(folder, (0, {}))[0] != stamp:
                self._listed[folder] = stamp, {file.name.casefold(): file for file in folder.iterdir()}
            return self._listed[folder][1]
        except OSError:
            return {}


def clip_names(part: str) -> tuple[str, ...]:
    """What the file of a part may be called, without .wav, the usual name first."""
    plain = reading().clip_names.get(part)
    slug = re.sub(r"\W+", "-", part.lower()).strip("-")
    names = (plain, slug, part) if " " in part else (plain, part, slug)
    return tuple(dict.fromkeys(name for name in names if name and "/" not in name))


def read_clip(file: Path) -> Sound:
    """A clip. Raises OSError, or ValueError saying what is wrong with it."""
    if file.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it has more than {LARGEST_BYTES // 2**20} MiB")
    sound = read_sound(file.read_bytes())
    if sound.length_s > LONGEST_CLIP_S:
        raise ValueError(f"it lasts {sound.length_s:.1f} s: a clip is one word, {LONGEST_CLIP_S:g} s at most")
    return sound


class ClipFinding(msgspec.Struct, frozen=True):
    """What is the matter with a clip. missing, bad: the next voice says the sentence; look: it is used."""

    verdict: str
    part: str
    name: str
    what: str


def check_clips(clips: ClipFolder, wanted: dict[Language, list[str]]) -> list[ClipFinding]:
    """All that is wrong with a folder, for a hall that needs these parts."""
    findings, sounds = [], {}
    for language, parts in wanted.items():
        for part in parts:
            name = f"{'en/' if language == 'en' else ''}{clip_names(part)[0]}.wav"
            file = clips.file(part, language)
            if file is None:
                findings.append(ClipFinding("missing", part, name, "is not there"))
                continue
            name = str(file.relative_to(clips.folder))
            try:
                sound = sounds[name] = read_clip(file)
            except (OSError, ValueError) as error:
                findings.append(ClipFinding("bad", part, name, str(error)))
                continue
            findings += [ClipFinding("look", part, name, what) for what in _doubts(sound)]
    rates = [sound.rate_hz for sound in sounds.values()]
    for name, sound in sounds.items():
        usual_hz = max(rates, key=rates.count)
        if sound.rate_hz != usual_hz:
            what = f"has {sound.rate_hz} samples a second, the others {usual_hz}: it is brought to theirs"
            findings.append(ClipFinding("look", "", name, what))
    return findings


def _doubts(sound: Sound) -> list[str]:
    """What a listener would complain of."""
    values = unpacked(mono_at(sound, sound.rate_hz))
    loudest = max(map(abs, values))
    if loudest < FAINT:
        return ["is hardly heard: record it louder, or nearer"]
    doubts = []
    if sum(abs(value) >= CUT_OFF for value in values) >= CUT_OFF_SAMPLES:
        doubts.append("is cut off at the top: record it less loud")
    begins = next(at for at, value in enumerate(values) if abs(value) > QUIET)
    ends = len(values) - next(at for at, value in enumerate(reversed(values)) if abs(value) > QUIET)
    for silent, where in ((begins, "begins"), (len(values) - ends, "ends")):
        if silent / sound.rate_hz > SILENCE_S:
            doubts.append(f"{where} with {silent / sound.rate_hz:.1f} s of silence: cut it away")
    return doubts
