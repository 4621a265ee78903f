"""The JSON API's routes about the voice: the sound of a call for a screen, a text for a technician."""

from __future__ import annotations

from flask import Response

from kioskd.devices.sound import Sound
from kioskd.floor.speaking import SPOKEN, volume_now
from kioskd.voice.errors import VoiceBusy, VoiceFailed
from kioskd.voice.voice import Voice
from web.declare import Call, Declarations
from web.problems import BadField, Problem
from web.rooms import Rooms
from web.shapes_voice import SaidBy, SayText

voice = Declarations()

KEPT_S = 60
"""How long a browser may keep the sound of a call: several screens of one computer play the same."""


@voice.route("GET", "/calls/{event}/sound", scope="read", content="audio/wav")
def sound_of_call(call: Call, event: int) -> Response:
    """The sound of a call, by the event that told it: a WAV, at the volume of the hour.

    Once, with its chime. 204 while the hall is silent. 410 when the call is older than the hall's
    `late_after_s`: a screen that was asleep does not shout it.
    """
    house = call.rooms
    spoken = voice_of(house)
    found = next(iter(house.hall.events(event - 1, 1)), None)
    if found is None or found.id != event or found.type not in SPOKEN:
        raise Problem(404, "not_found")
    assert found.ticket is not None
    assert found.window is not None
    age_s = (house.hall.clock.now() - found.at).total_seconds()
    if age_s > spoken.table.late_after_s:
        raise Problem(410, "call_is_old")
    volume = volume_now(house.hall, spoken)
    if volume == 0:
        return Response(status=204)
    number = house.hall.ticket(found.ticket).number
    try:
        return wav(spoken.call_for_page(number, found.window, volume=volume))
    except VoiceFailed as error:
        raise no_voice(error) from error


@voice.route("POST", "/voice/say", scope="devices", status=202)
def say(call: Call, body: SayText) -> SaidBy:
    """Have the hall's loudspeakers say a text, or the call of a number, once, behind what waits."""
    house = call.rooms
    spoken = voice_of(house)
    text = body.text
    if body.ticket:
        text = spoken.speaker.call(body.ticket, body.window, body.language).text
    if not text.strip():
        raise Problem(422, "wrong_fields", mistakes=(BadField("text", "is missing, and so is ticket"),))
    speaking = house.floor.speaking
    return SaidBy(tuple(speaking.say(text, body.language)) if speaking else ())


def voice_of(house: Rooms) -> Voice:
    """The hall's voice. Raises Problem 503 where there is none."""
    if house.voice is None:
        raise Problem(503, "no_voice")
    return house.voice


def no_voice(error: VoiceFailed) -> Problem:
    """Nothing here could say it, or not just now."""
    if isinstance(error, VoiceBusy):
        return Problem(503, "voice_busy", headers={"Retry-After": "2"})
    return Problem(503, "no_voice")


def wav(sound: Sound) -> Response:
    """A sound for a page."""
    return Response(
        sound.wav, content_type="audio/wav", headers={"Cache-Control": f"private, max-age={KEPT_S}"}
    )
