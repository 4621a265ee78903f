"""What the web room reaches of the others, handed to every route."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app

from web.search import Search
from web.signs_seen import SignsSeen

if TYPE_CHECKING:
    from kioskd.devices.emulator_client import EmulatorClient
    from kioskd.devices.supervisor import Supervisor
    from kioskd.documents.desk import DocumentDesk
    from kioskd.floor.floor import Floor
    from kioskd.hall.hall import Hall
    from kioskd.hall.journal import PaperJournal
    from kioskd.voice.voice import Voice
    from web.doors import Doors
    from web.events import LiveEvents
    from web.queue_now import QueueNow
    from web.showing import Showing


@dataclass(frozen=True)
class Rooms:
    """The hall, its paper journal, the floor and the devices, and this room's own doors and live events."""

    hall: Hall
    journal: PaperJournal
    floor: Floor
    supervisor: Supervisor
    doors: Doors
    live: LiveEvents
    queue_now: QueueNow
    showing: Showing
    emulators: EmulatorClient | None = None
    documents: DocumentDesk | None = None
    search: Search = field(default_factory=Search)
    voice: Voice | None = None
    signs_seen: SignsSeen = field(default_factory=SignsSeen)


def rooms() -> Rooms:
    """The rooms of the app that handles the present request."""
    found: Rooms = current_app.extensions["kioskd"]
    return found
