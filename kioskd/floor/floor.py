"""The floor: a hall event becomes paper and light, a key press becomes a hall command."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

import msgspec

from kioskd.devices.kinds import (
    CardRead,
    CardRefused,
    DeviceEvent,
    Document,
    HealthChanged,
    KeyPressed,
    Rated,
    Sign,
)
from kioskd.devices.supervisor import Device, Supervisor
from kioskd.floor.bindings import Bindings
from kioskd.floor.cards import Cards
from kioskd.floor.displays import Displays
from kioskd.floor.facts import notice_facts, ticket_facts
from kioskd.floor.keys import Keys
from kioskd.floor.layout import Layout, layout_text
from kioskd.floor.news import News
from kioskd.floor.papers import NOTICE
from kioskd.floor.person_hash import SECRET_BYTES, PersonHash
from kioskd.floor.printing import Printing
from kioskd.floor.signs import sign_of
from kioskd.floor.speaking import Mouth, Speaking
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PrintJobView, Ticket
from kioskd.voice.voice import Voice
from kioskd.worker import Worker

EVENTS_S = 0.5
"""How long the wait for the hall's events may take, and so what it adds to stopping."""
RETRY_S = 1.0
"""How often printing looks at a printer that took nothing, besides when it is woken."""
BEAT_S = 10.0
"""How often the other followers look even when nothing woke them."""
PAPER_MAY_TAKE_S = 1.5
"""How long stopping waits for the ticket that is being printed."""


class FloorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the hall file says about the floor.

    windows: device name → the window it belongs to; a device without one is the kiosk's.
    layout: the ticket's; notice: that of what to bring for a matter.
    keys: what [keys] changes of the default commands, key → command.
    double_press_s: two presses of one key within so many seconds are one. person_secret: what persons' hashes
    are keyed with; one of its own where nobody gives it.
    """

    windows: dict[str, int]
    layout: Layout
    notice: Layout = msgspec.field(default_factory=lambda: Layout(layout_text("notice"), NOTICE))
    keys: dict[str, str] = {}
    double_press_s: float = 3.0
    person_secret: bytes = msgspec.field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES))

    def __repr__(self) -> str:
        return f"<FloorSettings of {len(self.windows)} devices at windows>"


class Floor:
    """Threads with one job each between a hall and its devices: paper, displays, keys, cards, news, voice."""

    def __init__(
        self,
        hall: Hall,
        journal: PaperJournal,
        supervisor: Supervisor,
        settings: FloorSettings,
        voice: Voice | None = None,
    ) -> None:
        self._hall = hall
        self._layout = settings.layout
        self._notice = settings.notice
        self._supervisor = supervisor
        self._bindings = Bindings(supervisor.devices.values(), settings.windows)
        self._displays = Displays(hall, self._bindings)
        self._news = News(hall, self._bindings)
        self.speaking = Speaking(hall, self._bindings, voice) if voice else None
        self._keys = Keys(
            hall, self._bindings, time.monotonic, keys=settings.keys, double_press_s=settings.double_press_s
        )
        self.cards = Cards(hall, self._bindings, time.monotonic, PersonHash(settings.person_secret))
        self._printing = Printing(
            hall,
            journal,
            self._bindings.ticket_printers(),
            self._document,
            time.monotonic,
            lambda: self._printing_worker.wake(),
        )
        self._printing_worker = Worker("floor-printing", self._printing.turn, beat_s=RETRY_S)
        self._displays_worker = Worker("floor-displays", self._displays.turn, beat_s=BEAT_S)
        self._news_worker = Worker("floor-news", self._news.turn, beat_s=BEAT_S)
        self._voice_worker = Worker("floor-voice", self._hear_calls, beat_s=BEAT_S)
        self._keys_worker = Worker("floor-keys", self._keys.turn, beat_s=BEAT_S)
        self._cards_worker = Worker("floor-cards", self.cards.turn, beat_s=BEAT_S)
        self._events_worker = Worker("floor-events", self._wait_for_events, beat_s=0.0)
        self._event = 0
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Settle what the last run left, then begin to follow; before or after the supervisor starts."""
        self._printing.recover()
        self._unsubscribe = self._supervisor.subscribe(self._device_said)
        for worker in self._workers:
            worker.start()
        for mouth in self._mouths:
            mouth.start()

    def stop(self) -> None:
        """Stop following. Paper that is not out by then is written down by the next start, as unknown."""
        self._unsubscribe()
        for worker in self._workers:
            worker.stop()
        for mouth in self._mouths:
            mouth.stop()
        self._printing.finish(PAPER_MAY_TAKE_S)

    # --- what the pages may ask and order ---

    def reprint(self, ticket_id: int, *, by: str = "") -> Ticket:
        """Print the ticket again, marked 补打. Raises Refused or NotFound."""
        return self._hall.reprint(ticket_id, by=by)

    def sign(self, window: int) -> Sign:
        """What the displays of this window show, or would. Raises NotFound."""
        return sign_of(self._hall.window(window))

    def window_of(self, device: str) -> int | None:
        """The window a device belongs to, if any."""
        return self._bindings.window_of(device)

    def printers(self) -> list[Device]:
        """The printers that print the tickets."""
        return self._bindings.ticket_printers()

    def dropped(self) -> Mapping[str, int]:
        """What people pressed that changed nothing, counted by why."""
        return {**self._keys.dropped, **self.cards.dropped}

    def has_card_reader(self) -> bool:
        """Whether the kiosk has a reader for identity cards."""
        return bool(self._bindings.kiosk_card_readers())

    # --- the threads ---

    def _hear_calls(self) -> None:
        if self._mouths:
            assert self.speaking is not None
            self.speaking.turn()

    @property
    def _mouths(self) -> list[Mouth]:
        return self.speaking.mouths if self.speaking else []

    def _document(self, job: PrintJobView, ticket: Ticket | None) -> Document:
        if ticket is None:
            return self._notice.document(notice_facts(job))
        return self._layout.document(ticket_facts(job, ticket, self._hall.plan))

    @property
    def _workers(self) -> tuple[Worker, ...]:
        return (
            self._printing_worker,
            self._displays_worker,
            self._news_worker,
            self._voice_worker,
            self._keys_worker,
            self._cards_worker,
            self._events_worker,
        )

    def _wait_for_events(self) -> None:
        """Wait until the hall changes, then wake those who follow it."""
        newest = self._hall.store.wait(self._event, EVENTS_S)
        if newest == self._event:
            return
        self._event = newest
        for worker in (self._printing_worker, self._displays_worker, self._news_worker, self._voice_worker):
            worker.wake()

    def _device_said(self, event: DeviceEvent) -> None:
        """On a port's thread: leave it to the one whose job it is."""
        if isinstance(event, HealthChanged):
            self._printing.health_changed(event.device)
            self._printing_worker.wake()
        elif isinstance(event, KeyPressed | Rated):
            self._keys.hear(event)
            self._keys_worker.wake()
        elif isinstance(event, CardRead | CardRefused):
            self.cards.hear(event)
            self._cards_worker.wake()
