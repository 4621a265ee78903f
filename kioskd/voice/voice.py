"""A hall's voice: recorded clips where it has them, else piper, else espeak-ng; made once, then kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kioskd.devices.sound import Sound
from kioskd.voice.cache import WavCache
from kioskd.voice.clips import ClipFolder
from kioskd.voice.errors import VoiceBusy, VoiceFailed
from kioskd.voice.programs import INSTALL_ESPEAK, Espeak, Piper, Source
from kioskd.voice.sentences import Speaker, Utterance, builtin_sentences, read_sentences
from kioskd.voice.shaping import at_volume, chime, join
from kioskd.voice.table import Language, VoiceTable

log = logging.getLogger(__name__)

LANGUAGE_GAP_S = 0.4
"""The silence between a call in one language and the same in the other."""
SLOTS = 2
"""So many utterances of pages are made at once: a program that hangs holds one of them, and nothing else."""
SLOT_S = 4.0
"""How long a page waits for a slot."""


class Voice:
    """Any thread may use it. It takes as long as its programs' deadlines: never call it where that matters.

    base: the hall file's folder. cache: where what was made is kept.
    """

    def __init__(self, table: VoiceTable, base: Path, cache: Path) -> None:
        """Raises Mistakes when the hall's own sentences cannot be read."""
        self.table = table
        sentences = read_sentences(base / table.sentences) if table.sentences else builtin_sentences()
        self.speaker = Speaker(sentences, table.one)
        self.clips = ClipFolder(base / table.clips) if table.clips else None
        self._programs: list[Source] = [Espeak(table.speed)]
        if table.piper:
            self._programs.insert(0, Piper(table.piper_program, base / table.piper, table.speed))
        self._cache = WavCache(cache)
        self._slots = threading.BoundedSemaphore(SLOTS)
        self._told: set[str] = set()

    def call(self, number: str, window: int, *, chimes: bool, volume: int) -> Sound:
        """One time of a call, in all of the hall's languages; with its chime. volume: in percent.

        Raises VoiceFailed when nothing here can say it in any of them.
        """
        spoken = []
        failures = []
        for language in self.table.languages:
            try:
                spoken.append(self._say(self.speaker.call(number, window, language)))
            except VoiceFailed as error:
                failures.append(error)
        if not spoken:
            raise failures[0]
        said = join(spoken, gap_s=LANGUAGE_GAP_S)
        if chimes and self.table.chime:
            said = join([self.chime(said.rate_hz), said], rate_hz=said.rate_hz)
        return at_volume(said, volume)

    def call_for_page(self, number: str, window: int, *, volume: int) -> Sound:
        """The same for a page, of which only a few are worked for at once. Raises VoiceBusy, VoiceFailed."""
        with self._slot():
            return self.call(number, window, chimes=True, volume=volume)

    def text(self, text: str, language: Language) -> Sound:
        """Any text, at its own height. Raises VoiceFailed; VoiceBusy when too many ask at once."""
        with self._slot():
            return self._say(self.speaker.text(text, language))

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=SLOT_S):
            raise VoiceBusy("other texts are being spoken for: ask again in a moment")
        try:
            yield
        finally:
            self._slots.release()

    def at(self, sound: Sound, volume: int) -> Sound:
        """A sound at so many percent."""
        return at_volume(sound, volume)

    def chime(self, rate_hz: int = 22050) -> Sound:
        """The hall's own chime, or the built-in one at this rate."""
        return (self.clips.chime() if self.clips else None) or chime(rate_hz)

    def _say(self, utterance: Utterance) -> Sound:
        if self.clips and (sound := self.clips.sound(utterance, gap_s=self.table.clip_gap_s)):
            return sound
        if self.clips and utterance.parts:
            self._tell_once(f"clips are missing for calls in {utterance.language}: see `kioskd voice check`")
        why = f"nothing here speaks {utterance.language}: {INSTALL_ESPEAK}"
        for program in self._programs:
            if not program.speaks(utterance):
                continue
            sound = self._cache.get(utterance, program.mark)
            if sound is not None:
                return sound
            try:
                sound = program.sound(utterance)
            except VoiceFailed as error:
                why = str(error)
                self._tell_once(why)
                continue
            self._cache.put(utterance, program.mark, sound)
            return sound
        raise VoiceFailed(why)

    def _tell_once(self, what: str) -> None:
        """The log is told of each trouble once, not with every call."""
        if what not in self._told and len(self._told) < 100:
            self._told.add(what)
            log.warning("voice: %s", what)
