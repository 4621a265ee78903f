"""Cards: somebody lays an identity card on a reader, and the hall has an offer for them for a short while.

The number becomes a keyed hash at once. What is kept in memory is that hash and the masked form; what goes on
to the hall is the hash.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from kioskd.devices.kinds import CardProblem, CardRead, CardRefused
from kioskd.floor.bindings import Bindings
from kioskd.floor.person_hash import PersonHash
from kioskd.hall.hall import Hall
from kioskd.hall.model import Greeting, Refused, Ticket, Timing
from kioskd.hall.plan import Priority

log = logging.getLogger(__name__)

OFFER_S = 120.0
"""How long an offer stands: long enough to find a matter, too short for the next person."""
MOST_ANSWERED = 200
MOST_WAITING = 20
"""Cards kept until the hall has looked at them; a reader that says more than that is broken."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a card. window: where the reader is; None is the kiosk. read_at: aware, in UTC.

    problem: why the card could not be used; then nothing else is known.
    """

    id: str
    window: int | None
    read_at: datetime
    masked: str = ""
    problem: CardProblem | None = None
    greeting: Greeting = Greeting()


class _Kept(msgspec.Struct):
    """An offer with what only this module may know. spent: the request that used its priority."""

    offer: Offer
    device: str
    person_hash: str
    until_s: float
    spent: str | None = None


class Cards:
    """The newest offer of each place: of every window with a reader, and of the kiosk."""

    def __init__(
        self, hall: Hall, bindings: Bindings, now_s: Callable[[], float], person_hash: PersonHash
    ) -> None:
        self._hall = hall
        self._bindings = bindings
        self._now_s = now_s
        self._hash = person_hash
        self._heard: queue.Queue[CardRead | CardRefused] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._kept: dict[int | None, _Kept] = {}
        self._answered: dict[str, Ticket] = {}
        """The latest tickets by the keys of their requests."""
        self._listeners: tuple[Callable[[int | None], None], ...] = ()
        self.dropped: Counter[str] = Counter()

    def hear(self, event: CardRead | CardRefused) -> None:
        """Take what a reader said. From the port's thread: never waits."""
        try:
            self._heard.put_nowait(event)
        except queue.Full:
            self.dropped["card_overrun"] += 1

    def subscribe(self, callback: Callable[[int | None], None]) -> None:
        """Hear that a place has another offer, or none any more. Told is the place, nothing else."""
        self._listeners += (callback,)

    def turn(self) -> None:
        """Look at all cards that were heard, and let go of offers whose time is over."""
        self._forget_late()
        while True:
            try:
                event = self._heard.get_nowait()
            except queue.Empty:
                return
            self._keep(event)

    def person_hash(self, number: str, service_day: str) -> str:
        """The hash by which a card of this number is recognised on that day."""
        return self._hash.of(number, service_day)

    # --- what the pages ask ---

    def offer(self, window: int | None) -> Offer | None:
        """The offer that stands at this place; None: no card was read lately."""
        with self._lock:
            kept = self._kept.get(window)
            return kept.offer if kept is not None and self._now_s() < kept.until_s else None

    def dismiss(self, offer_id: str) -> None:
        """The person is done or goes away: the offer is forgotten."""
        with self._lock:
            places = [place for place, kept in self._kept.items() if kept.offer.id == offer_id]
            for place in places:
                del self._kept[place]
        for place in places:
            self._tell(place)

    def check_in(self, offer_id: str, *, by: str) -> Ticket:
        """The ticket for the offered appointment. Raises Refused; asked again, the same ticket."""
        kept = self._find(offer_id)
        appointment = kept.offer.greeting.appointment
        if appointment is None:
            raise Refused("unknown_appointment")
        ticket = self._hall.people.check_in(appointment.id, kept.person_hash, by=by)
        greeting = msgspec.structs.replace(
            kept.offer.greeting,
            appointment=msgspec.structs.replace(appointment, ticket=ticket.id),
            timing=Timing.DONE,
        )
        kept.offer = msgspec.structs.replace(kept.offer, greeting=greeting)
        return ticket

    def take_ticket(self, offer_id: str, matter: str, *, key: str | None) -> Ticket:
        """A ticket for whoever laid the card there, with the priority of age once where the card gives it.

        key: the idempotency key of the request; the same request may come again. Raises Refused.
        """
        with self._lock:
            answered = self._answered.get(key) if key else None
        if answered is not None:
            return self._again(answered, matter)
        kept = self._find(offer_id)
        request = key or secrets.token_hex(8)
        with self._lock:
            newly_spent = kept.spent is None
            kept.spent = kept.spent or request
            has_priority = kept.offer.greeting.priority and kept.spent == request
        try:
            ticket = self._hall.issue(
                matter,
                priority=Priority.PRIORITY if has_priority else Priority.ORDINARY,
                key=key,
                by=f"device:{kept.device}",
            )
        except Exception:
            with self._lock:
                kept.spent = None if newly_spent else kept.spent
            raise
        if key:
            with self._lock:
                self._answered[key] = ticket
                while len(self._answered) > MOST_ANSWERED:
                    self._answered.pop(next(iter(self._answered)))
        return ticket

    def _again(self, answered: Ticket, matter: str) -> Ticket:
        """A request whose answer was lost: its ticket stands, though its offer may have gone meanwhile."""
        if answered.matter != matter:
            raise Refused("key_reused")
        return self._hall.ticket(answered.id)

    # --- inside ---

    def _find(self, offer_id: str) -> _Kept:
        with self._lock:
            for kept in self._kept.values():
                if secrets.compare_digest(kept.offer.id, offer_id) and self._now_s() < kept.until_s:
                    return kept
        raise Refused("card_gone")

    def _keep(self, event: CardRead | CardRefused) -> None:
        window = self._bindings.window_of(event.device)
        person_hash, masked, greeting = "", "", Greeting()
        problem = event.problem if isinstance(event, CardRefused) else None
        if isinstance(event, CardRead):
            person_hash = self._hash.of(event.card.number, self._hall.people.today())
            masked = event.card.masked
            greeting = self._hall.people.greet(person_hash, event.card.born)
        offer = Offer(
            id=secrets.token_urlsafe(12),
            window=window,
            read_at=self._hall.clock.now(),
            masked=masked,
            problem=problem,
            greeting=greeting,
        )
        with self._lock:
            self._kept[window] = _Kept(offer, event.device, person_hash, self._now_s() + OFFER_S)
        log.info("%s: %s", event.device, f"a card was refused ({problem})" if problem else "a card was read")
        self._tell(window)

    def _forget_late(self) -> None:
        with self._lock:
            late = [place for place, kept in self._kept.items() if self._now_s() >= kept.until_s]
            for place in late:
                del self._kept[place]
        for place in late:
            self._tell(place)

    def _tell(self, window: int | None) -> None:
        for callback in self._listeners:
            try:
                callback(window)
            except Exception:
                log.exception("a listener to cards failed")
