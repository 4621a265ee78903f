"""The driver of sound cards: one sound after another, none longer than its own length and a little."""

from __future__ import annotations

from drivers.alsa.options import SoundCardOptions
from kioskd.devices.driver import Driver
from kioskd.devices.errors import NoAnswer, PortError
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Kind
from kioskd.devices.sound import Sound
from kioskd.devices.sound_port import SoundPort

SLICE_S = 0.25
"""The longest single wait for a sound's end; in between the thread is seen to move."""


class SoundCard(Driver):
    """One sound card with a loudspeaker behind it."""

    kinds = frozenset({Kind.SPEAKER})
    schemes = frozenset({"alsa"})
    Options = SoundCardOptions
    options: SoundCardOptions
    _stuck: Reason | None = None

    @property
    def _port(self) -> SoundPort:
        port = self.link.port
        if not isinstance(port, SoundPort):
            raise PortError("port_missing", "a sound card needs an alsa: port")
        return port

    def probe(self) -> None:
        """Nothing is played: a card that hangs is found when it should speak."""
        self.link.fact("model", self._port.model or "unknown")
        self.poll()

    def poll(self) -> None:
        """Whether the card is still there, and whether it is muted."""
        muted = self._port.muted()
        reasons = [Reason("muted", muted)] if muted else []
        self.link.health(*reasons, *([self._stuck] if self._stuck else []))

    def play(self, sound: Sound) -> None:
        """Play it to its end, or stop it when it takes too long."""
        port = self._port
        until_s = self.link.now_s() + sound.length_s + self.options.late_s
        try:
            port.start(sound)
            while not port.ended(SLICE_S):
                if self.link.now_s() > until_s:
                    self._hangs(sound)
                self.link.pause(0)  # the daemon may be stopping
        finally:
            port.stop()
        self._stuck = None
        self.poll()

    def _hangs(self, sound: Sound) -> None:
        over_s = sound.length_s + self.options.late_s
        self._stuck = Reason("sound_stuck", f"{sound.length_s:.1f} s of sound did not end in {over_s:.1f} s")
        self.link.health(self._stuck)
        raise NoAnswer(f"the sound card hangs: {self._stuck.detail}")
