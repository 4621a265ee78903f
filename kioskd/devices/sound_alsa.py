"""A real sound card, played on by `aplay` of alsa-utils: a child that can be killed when the card hangs.

Source: aplay(1). A library in our own process could not be given up: a write to a card that hangs does not
come back.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from typing import IO

from kioskd.devices.errors import PortError
from kioskd.devices.port_errors import lost, permission_text
from kioskd.devices.sound import Sound
from kioskd.devices.sound_cards import SoundCard, muted_controls, named_card, nodes_of, sound_cards
from kioskd.devices.sound_port import SoundPort

KILLED_S = 0.5
"""How long a killed player may take to go."""
INSTALL = "sudo apt-get install alsa-utils"

_hanging: dict[str, subprocess.Popen[bytes]] = {}
"""Players that could not be killed, by ALSA's name of their card: they hang in the kernel."""


class AlsaSound(SoundPort):
    """One card by its ALSA name, such as default or plughw:CARD=PCH."""

    def __init__(self, pcm: str) -> None:
        self._pcm = pcm
        self._player: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        program = shutil.which("aplay")
        if program is None:
            raise PortError("library_missing", f"aplay is not installed: {INSTALL}")
        self._program = program
        self._raise_if_hanging()
        self._card = self._find()
        if self._card is None:
            there = ", ".join(card.id for card in sound_cards()) or "none at all"
            raise PortError(
                "port_missing",
                f"there is no sound card {named_card(pcm) or ''} for alsa:{pcm}; there is: {there}",
            )
        for node in nodes_of(self._card):
            if not os.access(node, os.R_OK | os.W_OK):
                raise PortError("permission_denied", permission_text(str(node)))
        self.model = self._card.title
        super().__init__()

    def start(self, sound: Sound) -> None:
        """Begin to play. The player reads a file by its descriptor: no pipe that fills, no name to guess."""
        self.stop()
        self._raise_if_hanging()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - read when the player has ended
        with tempfile.TemporaryFile() as file:
            file.write(sound.wav)
            file.seek(0)
            self._player = subprocess.Popen(  # noqa: S603 - no shell, a name that was checked
                [self._program, "--quiet", "--device", self._pcm, "--file-type", "wav", "-"],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
            )

    def ended(self, timeout_s: float) -> bool:
        """Whether the player has ended well. Raises PortError for what it complained of."""
        if self._player is None:
            return True
        try:
            code = self._player.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        self._player = None
        if code != 0:
            raise self._error(self._complaint())
        return True

    def stop(self) -> None:
        """Kill the player. One that cannot be killed hangs in the kernel, and is remembered."""
        player, self._player = self._player, None
        if player is None or player.poll() is not None:
            return
        player.kill()
        try:
            player.wait(KILLED_S)
        except subprocess.TimeoutExpired:
            _hanging[self._pcm] = player

    def muted(self) -> str:
        """Which of the card's controls are muted."""
        if self._find() is None:
            raise lost(f"alsa:{self._pcm}")
        assert self._card is not None
        return muted_controls(self._card)

    def close(self) -> None:
        """Let go of it."""
        self.stop()
        if self._complaints is not None:
            self._complaints.close()
        super().close()

    def _find(self) -> SoundCard | None:
        wanted = named_card(self._pcm)
        cards = sound_cards()
        return next((card for card in cards if wanted in ("", card.id, str(card.number))), None)

    def _raise_if_hanging(self) -> None:
        player = _hanging.get(self._pcm)
        if player is None:
            return
        if player.poll() is None:
            raise PortError("stuck", f"the player on alsa:{self._pcm} hangs in the kernel")
        del _hanging[self._pcm]

    def _complaint(self) -> str:
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read(2000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _error(self, complaint: str) -> PortError:
        """What the player's last words mean, by the texts of strerror(3)."""
        if "busy" in complaint:
            who = "see `fuser -v /dev/snd/*`"
            return PortError("busy", f"alsa:{self._pcm} is used by another program: {who}")
        if "Permission denied" in complaint:
            nodes = nodes_of(self._card) if self._card else []
            return PortError("permission_denied", permission_text(str(nodes[0] if nodes else "/dev/snd")))
        if "No such" in complaint:
            return lost(f"alsa:{self._pcm}")
        return PortError("port_lost", f"alsa:{self._pcm} could not be played on: {complaint}")
