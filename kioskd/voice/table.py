"""[voice] of the hall file: how calls are spoken, how loud at which hour, and where the sound comes from."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Language = Literal["zh", "en"]
Percent = Annotated[int, Meta(ge=0, le=100)]


class VolumeHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[voice.hours]]: another volume from `begins` until `ends`, such as at noon; 0 is silent."""

    begins: time
    ends: time
    """Before `begins`: the next morning's."""
    volume: Percent

    def hold(self, at: time) -> bool:
        """Whether they are now."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


class VoiceTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[voice]."""

    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=2)] = ("zh",)
    """In which languages a call is spoken, in this order."""
    times: Annotated[int, Meta(ge=1, le=5)] = 2
    """How often a call is spoken; once only while others wait to be spoken."""
    gap_s: Annotated[float, Meta(ge=0, le=10)] = 1.0
    """The silence between two times, in seconds."""
    chime: bool = True
    """Whether a chime goes before it."""
    speed: Annotated[int, Meta(ge=50, le=200)] = 100
    """How fast piper and espeak-ng speak, in percent; clips are as they were recorded."""
    volume: Percent = 80
    """How loud, in percent of the samples' full height, at every hour that no [[voice.hours]] names."""
    hours: tuple[VolumeHours, ...] = ()
    silent_when_closed: bool = False
    """Whether nothing is spoken outside the hall's [[hours]]. Those who hold a ticket then wait unheard."""
    one: Literal["yi", "yao"] = "yi"
    """How the figure 1 of a ticket's number is read."""
    late_after_s: Annotated[float, Meta(ge=5, le=120)] = 30.0
    """A call that could not be begun by then is not spoken any more; the board shows it all the same."""
    clips: str = ""
    """A folder of recorded clips, from the hall file's own folder."""
    clip_gap_s: Annotated[float, Meta(ge=0, le=1)] = 0.02
    """The silence between two clips, in seconds."""
    piper: str = ""
    """A voice of piper: the .onnx file, with its .onnx.json beside it."""
    piper_program: str = "piper"
    sentences: str = ""
    """A file with the hall's own sentences, in place of the built-in ones."""
    board: bool = False
    """Whether the board's page speaks too, for screens with loudspeakers; /board?voice=1 does so anyway."""

    def volume_at(self, local: datetime) -> int:
        """The volume in percent at this local time. Of hours that overlap, the quietest count."""
        return min((hours.volume for hours in self.hours if hours.hold(local.time())), default=self.volume)
