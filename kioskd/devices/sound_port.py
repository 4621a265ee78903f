"""A sound card's port: sounds go in whole, and their end is waited for, offered to the driver by `link.port`.

Two ends have this interface: a card that ALSA knows (`sound_alsa`) and an emulated one behind TCP
(`sound_emulated`).
"""

from __future__ import annotations

import abc

from kioskd.devices.port_uri import PortUri
from kioskd.devices.quiet_port import QuietPort
from kioskd.devices.sound import Sound


class SoundPort(QuietPort, abc.ABC):
    """An open sound card. Every method raises PortError when the card is gone or another program has it.

    None of them may last longer than a second.
    """

    model: str = ""
    """What the card calls itself."""

    @abc.abstractmethod
    def start(self, sound: Sound) -> None:
        """Begin to play."""

    @abc.abstractmethod
    def ended(self, timeout_s: float) -> bool:
        """Whether the sound has been played to its end; waits for that at most so long."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Stop playing what is not at its end; that nothing plays is no mistake."""

    @abc.abstractmethod
    def muted(self) -> str:
        """What of the card is muted, in a few words; empty when nothing is, or nobody can say.

        Finds out, too, whether the card is still there.
        """


def open_sound(uri: PortUri) -> SoundPort:
    """The sound card at an `alsa:` place: ALSA's name of it, or `tcp:HOST:PORT` of an emulated one.

    Raises PortError: port_missing, permission_denied, busy, library_missing, stuck.
    """
    if uri.place.startswith("tcp:"):
        from kioskd.devices.sound_emulated import EmulatedSound

        return EmulatedSound(uri.place)
    from kioskd.devices.sound_alsa import AlsaSound

    return AlsaSound(uri.place)
