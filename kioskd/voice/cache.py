"""WAVs that were made, by the hash of what is said and who says it, in a folder that stays small."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from kioskd.devices.sound import Sound, read_sound
from kioskd.voice.sentences import Utterance

LIMIT_BYTES = 64 * 2**20
"""Some 400 sentences. The ones that were not used for longest go."""
TRIM_TO = 0.8


class WavCache:
    """Any thread, and any process, may use it: files appear whole or not at all."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def get(self, utterance: Utterance, mark: str) -> Sound | None:
        """What was made before. A file that a power cut spoilt is taken away."""
        file = self._file(utterance, mark)
        try:
            sound = read_sound(file.read_bytes())
        except OSError:
            return None
        except ValueError:
            file.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            os.utime(file)
        return sound

    def put(self, utterance: Utterance, mark: str, sound: Sound) -> None:
        """Keep it. A disk that takes nothing more only makes it slower the next time."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as draft:
                draft.write(sound.wav)
            Path(draft.name).replace(self._file(utterance, mark))
            self._trim()

    def _file(self, utterance: Utterance, mark: str) -> Path:
        what = msgspec.json.encode([mark, utterance.language, utterance.text])
        return self._folder / f"{hashlib.sha256(what).hexdigest()}.wav"

    def _trim(self) -> None:
        files = []
        for file in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process trims as well
                files.append((file.stat(), file))
        total = sum(found.st_size for found, _ in files)
        if total <= self._limit_bytes:
            return
        for found, file in sorted(files, key=lambda pair: pair[0].st_mtime_ns):
            if total <= self._limit_bytes * TRIM_TO:
                return
            file.unlink(missing_ok=True)
            total -= found.st_size
