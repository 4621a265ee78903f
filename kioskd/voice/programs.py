"""Programs that speak, each a child with a deadline: piper, with the operator's own voice, and espeak-ng.

Source: espeak-ng(1); piper's own --help (the text comes on its standard input, one line an utterance).
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

from kioskd.devices.sound import Sound, read_sound
from kioskd.voice.errors import VoiceFailed
from kioskd.voice.sentences import Utterance

ESPEAK_S = 5.0
PIPER_S = 12.0
"""A neural voice needs its time on a slow computer, and is loaded anew for each sentence that is not kept."""
KILLED_S = 0.5
LARGEST_BYTES = 16 * 2**20
FILE_BYTES = 256 * 2**20
"""No program may write a larger file; espeak-ng's sound library takes 64 MiB of memory as one."""
ESPEAK_VOICES = {"zh": "cmn-latn-pinyin", "en": "en"}
WORDS_A_MINUTE = {"zh": 150, "en": 150}
"""espeak-ng's -s at a speed of 100 percent: a little slower than its own 175, halls echo."""
INSTALL_ESPEAK = "sudo apt-get install espeak-ng"


class Source(Protocol):
    """Somebody who can say an utterance."""

    @property
    def mark(self) -> str:
        """What tells its sounds from others', for the cache."""

    def speaks(self, utterance: Utterance) -> bool:
        """Whether it is here, and knows the language."""

    def sound(self, utterance: Utterance) -> Sound:
        """The sound. Raises VoiceFailed."""


class Espeak:
    """espeak-ng: robotic, small, for both languages. speed: in percent."""

    def __init__(self, speed: int) -> None:
        self._speed = speed

    @property
    def mark(self) -> str:
        """The voice and its speed."""
        return f"espeak-ng {self._speed}"

    def speaks(self, utterance: Utterance) -> bool:
        """Whether it is installed."""
        return shutil.which("espeak-ng") is not None

    def sound(self, utterance: Utterance) -> Sound:
        """The sound. Raises VoiceFailed."""
        return _spoken(["espeak-ng", *self.arguments(utterance)], self._text(utterance), "-w", ESPEAK_S)

    def arguments(self, utterance: Utterance) -> list[str]:
        """How it is called for this utterance; the text is its standard input."""
        words_a_minute = WORDS_A_MINUTE[utterance.language] * self._speed // 100
        # Some 80 % of its own height: at full height it is cut off at the top.
        return ["-v", ESPEAK_VOICES[utterance.language], "-s", str(words_a_minute), "-a", "80", "--stdin"]

    @staticmethod
    def _text(utterance: Utterance) -> str:
        return utterance.pinyin if utterance.language == "zh" else utterance.text


class Piper:
    """piper with the operator's own voice, for the language of that voice."""

    def __init__(self, program: str, model: Path, speed: int) -> None:
        self._program = program
        self._model = model
        self._speed = speed

    @property
    def mark(self) -> str:
        """The voice's file, and its speed."""
        try:
            found = self._model.stat()
        except OSError:
            return f"piper {self._model}"
        return f"piper {self._model} {found.st_mtime_ns} {found.st_size} {self._speed}"

    def speaks(self, utterance: Utterance) -> bool:
        """Whether program and voice are here, and the voice's name says this language: zh_CN-…, en_US-…."""
        language = "en" if self._model.name.lower().startswith("en") else "zh"
        return (
            utterance.language == language
            and self._model.is_file()
            and shutil.which(self._program) is not None
        )

    def sound(self, utterance: Utterance) -> Sound:
        """The sound. Raises VoiceFailed."""
        slowness = f"{100 / self._speed:.2f}"
        command = [self._program, "--model", str(self._model), "--length_scale", slowness]
        return _spoken(command, utterance.text, "--output_file", PIPER_S)


def _spoken(command: list[str], text: str, output: str, deadline_s: float) -> Sound:
    """What the program makes of a line of text, in a file that it is told with the option `output`."""
    line = " ".join(text.split()) + "\n"
    with tempfile.TemporaryDirectory(prefix="kioskd-voice-") as folder:
        target = Path(folder) / "said.wav"
        run([*command, output, str(target)], line.encode(), deadline_s)
        try:
            if target.stat().st_size > LARGEST_BYTES:
                raise VoiceFailed(f"{command[0]} made more than {LARGEST_BYTES // 2**20} MiB")
            return read_sound(target.read_bytes())
        except (OSError, ValueError) as error:
            raise VoiceFailed(f"{command[0]} made no sound: {error}") from error


def run(command: list[str], data: bytes, deadline_s: float) -> None:
    """Run a program with this on its standard input. Raises VoiceFailed when it fails, or takes too long."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as complaints:
        file.write(data)
        file.seek(0)
        try:
            child = subprocess.Popen(  # noqa: S603 - no shell; what is said comes on the standard input
                command,
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
            )
        except OSError as error:
            raise VoiceFailed(f"{command[0]} cannot be run: {error.strerror}") from error
        _bound(child)
        try:
            code = child.wait(deadline_s)
        except subprocess.TimeoutExpired:
            _kill(child)
            raise VoiceFailed(f"{command[0]} was not ready within {deadline_s:g} s") from None
        if code != 0:
            complaints.seek(0)
            lines = complaints.read(2000).decode("utf-8", "replace").strip().splitlines()
            raise VoiceFailed(f"{command[0]} failed: {lines[-1] if lines else f'exit code {code}'}")


def _bound(child: subprocess.Popen[bytes]) -> None:
    """It may not fill the disk."""
    try:
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    except OSError:  # it has ended already
        return


def _kill(child: subprocess.Popen[bytes]) -> None:
    """It, and what it has started. One that hangs in the kernel is not waited for."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(KILLED_S)
    except (OSError, subprocess.TimeoutExpired):
        return
