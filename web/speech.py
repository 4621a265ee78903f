"""The pages that speak: any short text as a sound, for the kiosk's voice mode; whether the board speaks."""

from __future__ import annotations

import threading
import time
from collections import deque

from flask import Blueprint, Response, request

from kioskd.voice.errors import VoiceFailed
from kioskd.voice.table import VoiceTable
from web.api_voice import no_voice, voice_of, wav
from web.problems import BadField, Problem
from web.rooms import rooms
from web.shapes_voice import LONGEST_TEXT

speech = Blueprint("speech", __name__)

OFTEN, PERIOD_S = 40, 20.0
"""So many texts in so many seconds, of all pages together: a quick person asks for two a second."""


class Rate:
    """Counts what was asked lately. Any thread."""

    def __init__(self) -> None:
        self._asked_s: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, now_s: float) -> float:
        """Take one; 0, or how many seconds to wait for it."""
        with self._lock:
            while self._asked_s and now_s - self._asked_s[0] > PERIOD_S:
                self._asked_s.popleft()
            if len(self._asked_s) >= OFTEN:
                return PERIOD_S - (now_s - self._asked_s[0])
            self._asked_s.append(now_s)
            return 0.0


rate = Rate()


@speech.get("/speech")
def say() -> Response:
    """The text `text` in the language `language` (zh or en) as a WAV; for our own pages alone."""
    house = rooms()
    house.doors.admit("read")
    text, language = request.args.get("text", ""), request.args.get("language", "zh")
    mistakes = []
    if not text.strip() or len(text) > LONGEST_TEXT:
        mistakes.append(BadField("text", f"is 1 to {LONGEST_TEXT} characters long"))
    if language not in ("zh", "en"):
        mistakes.append(BadField("language", "is zh or en"))
    if mistakes:
        raise Problem(422, "wrong_fields", mistakes=tuple(mistakes))
    spoken = voice_of(house)
    if wait_s := rate.take(time.monotonic()):
        raise Problem(429, "voice_busy", headers={"Retry-After": str(int(wait_s) + 1)})
    try:
        return wav(spoken.text(text, "en" if language == "en" else "zh"))
    except VoiceFailed as error:
        raise no_voice(error) from error


def board_voice() -> VoiceTable | None:
    """How the board's page speaks; None: it does not. ?voice=1 or 0 decides for one screen."""
    house = rooms()
    if house.voice is None:
        return None
    asked = request.args.get("voice", "1" if house.voice.table.board else "0")
    return house.voice.table if asked == "1" else None
