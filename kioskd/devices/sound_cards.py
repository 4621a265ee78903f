"""The sound cards of this computer, as the kernel lists them, and what of them is muted. Plays nothing.

Source: the Linux kernel's documents on /proc/asound; amixer(1) of alsa-utils.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec

PROC = Path("/proc/asound")
NODES = Path("/dev/snd")
HEARD_CONTROLS = ("Master", "PCM", "Speaker", "Headphone", "Line Out", "Front")
"""The controls of a mixer that stand between a sound and a loudspeaker."""
MIXER_S = 0.8


class SoundCard(msgspec.Struct, frozen=True):
    """One card. number, id: the kernel's names of it, either may stand after CARD=. title: for people."""

    number: int
    id: str
    title: str

    @property
    def at(self) -> str:
        """The port to write in the hall file: by name, since numbers change with what is plugged in."""
        return f"alsa:plughw:CARD={self.id}"


def sound_cards(proc: Path = PROC) -> tuple[SoundCard, ...]:
    """Every card that can play."""
    try:
        text = (proc / "cards").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    found = re.findall(r"^ *(\d+) \[(\S+) *\]: (.*)$", text, re.MULTILINE)
    cards = (SoundCard(int(number), id_, title.strip()) for number, id_, title in found)
    return tuple(card for card in cards if any((proc / f"card{card.number}").glob("pcm*p")))


def named_card(pcm: str) -> str:
    """The card that an ALSA name names, by number or id; empty when it names none, as `default` does."""
    arguments = pcm.partition(":")[2]
    by_key = re.search(r"(?:^|,)CARD=([^,]+)", arguments)
    first = arguments.split(",")[0]
    return by_key[1] if by_key else first if pcm.startswith(("hw:", "plughw:")) else ""


def nodes_of(card: SoundCard, folder: Path = NODES) -> list[Path]:
    """The device files that playing on this card opens."""
    return [*folder.glob(f"controlC{card.number}"), *folder.glob(f"pcmC{card.number}D*p")]


def muted_controls(card: SoundCard) -> str:
    """Which of its controls are off or at nothing; empty when none is, or nobody can say."""
    if shutil.which("amixer") is None:
        return ""
    mixer = subprocess.Popen(  # noqa: S603 - no shell, our own words
        ["amixer", "-c", str(card.number), "scontents"],  # noqa: S607 - wherever it is installed
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C"},
    )
    try:
        text = mixer.communicate(timeout=MIXER_S)[0]
    except subprocess.TimeoutExpired:  # a card that hangs: no waiting for the end of what hangs with it
        mixer.kill()
        return ""
    return muted_in(text.decode("utf-8", "replace"))


def muted_in(text: str) -> str:
    """The same, of what `amixer scontents` printed."""
    found = []
    for name, body in re.findall(r"^Simple mixer control '([^']+)',\d+\n((?:  .*\n?)*)", text, re.MULTILINE):
        switches = re.findall(r"\[(on|off)\]", body)
        volumes = re.findall(r"Playback .*?\[(\d+)%\]", body)
        if name not in HEARD_CONTROLS or "Playback" not in body:
            continue
        if switches and "on" not in switches:
            found.append(f"{name} is off")
        elif volumes and not any(int(volume) for volume in volumes):
            found.append(f"{name} is at 0 %")
    return ", ".join(found)
