"""Cards on a reader: an offer for a short while, at its place, for the person who is there."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from kioskd.devices.cards import Card, CardType
from kioskd.devices.kinds import CardProblem, CardRead, CardRefused, Kind
from kioskd.floor.bindings import Bindings
from kioskd.floor.cards import OFFER_S, Cards
from kioskd.floor.person_hash import PersonHash
from kioskd.hall.model import NotFound, Refused, Timing
from kioskd.hall.plan import Priority


def card(number, name="王样例"):
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return Card(type=CardType.IDENTITY, name=name, number=number, born=born)


WANG = card("660102198809204567")
ZHAO = card("66010219510308001X", "赵样例")


@pytest.fixture
def told():
    return []


@pytest.fixture
def cards(hall, clock, device, told):
    readers = [device("kiosk", Kind.CARD_READER), device("desk", Kind.CARD_READER)]
    cards = Cards(hall, Bindings(readers, {"desk": 2}), clock.monotonic_s, PersonHash(b"s" * 32))
    cards.subscribe(told.append)
    return cards


@pytest.fixture
def lay(cards):
    def lay(card, reader="kiosk"):
        cards.hear(CardRead(reader, card))
        cards.turn()
        return cards.offer(None if reader == "kiosk" else 2)

    return lay


@pytest.fixture
def booked(hall, cards, clock):
    return hall.people.book(
        "card",
        clock.now() + timedelta(minutes=30),
        person_hash=cards.person_hash(WANG.number, hall.people.today()),
        masked=WANG.masked,
    )


def test_an_appointment_is_offered_and_checked_in(hall, cards, lay, booked, told):
    offer = lay(WANG)
    assert offer.masked == "王** 660***********4567"
    assert (offer.greeting.appointment.id, offer.greeting.timing) == (booked.id, Timing.NOW)
    assert told == [None]
    ticket = cards.check_in(offer.id, by="page:kiosk")
    assert ticket.priority is Priority.APPOINTMENT
    assert cards.check_in(offer.id, by="page:kiosk") == ticket
    assert cards.offer(None).greeting.timing is Timing.DONE


def test_read_at_two_places_it_is_one_ticket(hall, cards, lay, booked):
    at_the_kiosk, at_the_desk = lay(WANG), lay(WANG, "desk")
    first = cards.check_in(at_the_kiosk.id, by="page:kiosk")
    assert cards.check_in(at_the_desk.id, by="page:kiosk") == first
    assert len(hall.queue().waiting) == 1


def test_age_gives_priority_once(hall, cards, lay):
    offer = lay(ZHAO)
    assert offer.greeting.priority
    first = cards.take_ticket(offer.id, "note", key="wish")
    assert cards.take_ticket(offer.id, "note", key="wish") == first
    second = cards.take_ticket(offer.id, "note", key="another wish")
    assert (first.priority, second.priority) == (Priority.PRIORITY, Priority.ORDINARY)
    issued = [event.by for event in hall.events(0) if event.type == "ticket_issued"]
    assert issued == ["device:kiosk", "device:kiosk"]


def test_with_neither_the_ticket_is_an_ordinary_one(cards, lay):
    offer = lay(WANG)
    assert (offer.greeting.appointment, offer.greeting.priority) == (None, False)
    assert cards.take_ticket(offer.id, "note", key=None).priority is Priority.ORDINARY
    with pytest.raises(Refused, match="unknown_appointment"):
        cards.check_in(offer.id, by="")


def test_a_card_that_cannot_be_used_is_told(cards):
    cards.hear(CardRefused("kiosk", CardProblem.UNSUPPORTED))
    cards.turn()
    offer = cards.offer(None)
    assert (offer.problem, offer.masked, offer.greeting.priority) == (CardProblem.UNSUPPORTED, "", False)


def test_each_place_has_its_own_offer(cards, lay, told):
    lay(WANG)
    lay(ZHAO, "desk")
    assert cards.offer(None).masked.startswith("王")
    assert cards.offer(2).masked.startswith("赵")
    assert told == [None, 2]


def test_the_next_card_takes_the_place_of_the_one_before(cards, lay):
    first = lay(ZHAO)
    lay(WANG)
    with pytest.raises(Refused, match="card_gone"):
        cards.take_ticket(first.id, "note", key=None)


def test_an_offer_is_gone_after_its_time_or_when_it_is_dismissed(cards, lay, clock, told):
    offer = lay(ZHAO)
    clock.pass_s(OFFER_S)
    assert cards.offer(None) is None
    with pytest.raises(Refused, match="card_gone"):
        cards.take_ticket(offer.id, "note", key=None)
    cards.turn()
    offer = lay(ZHAO)
    cards.dismiss(offer.id)
    assert cards.offer(None) is None
    assert told == [None, None, None, None]


def test_a_reader_gone_mad_does_not_fill_the_memory(cards):
    for _ in range(500):
        cards.hear(CardRefused("kiosk", CardProblem.UNREADABLE))
    assert cards.dropped["card_overrun"] == 480


def test_a_listener_that_fails_does_not_keep_others_from_hearing(cards, lay, told, caplog):
    def fails(window):
        raise RuntimeError

    cards.subscribe(fails)
    cards.subscribe(told.append)
    assert lay(WANG) is not None
    assert told == [None, None]
    assert "a listener to cards failed" in caplog.text


def test_the_number_is_nowhere_afterwards(hall, cards, lay, booked, store, caplog):
    caplog.set_level(logging.DEBUG)
    offer = lay(WANG)
    cards.check_in(offer.id, by="page:kiosk")
    with store.read() as snapshot:
        tables = [row[0] for row in snapshot.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = "".join(repr([tuple(row) for row in snapshot.all(f"SELECT * FROM {name}")]) for name in tables)
    files = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    told = caplog.text + kept + repr(offer) + repr(vars(cards))
    for secret in (WANG.number, WANG.number[6:14], "王样例"):
        assert secret not in told
        assert secret.encode() not in files
    assert WANG.masked in kept


def test_the_priority_of_age_is_for_one_ticket_though_many_ask_at_once(hall, cards, lay):
    offer = lay(ZHAO)
    assert offer.greeting.priority
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda key: cards.take_ticket(offer.id, "card", key=f"tap {key}"), range(8)))
    assert [ticket.priority for ticket in taken].count(Priority.PRIORITY) == 1


def test_a_refused_ticket_does_not_use_the_priority_up(hall, cards, lay):
    offer = lay(ZHAO)
    with pytest.raises(NotFound):
        cards.take_ticket(offer.id, "no such matter", key="first")
    assert cards.take_ticket(offer.id, "card", key="second").priority is Priority.PRIORITY


def test_a_request_whose_answer_was_lost_gets_its_ticket_though_the_offer_has_gone(hall, cards, lay):
    offer = lay(ZHAO)
    taken = cards.take_ticket(offer.id, "card", key="tap")
    lay(WANG)
    assert cards.take_ticket(offer.id, "card", key="tap").id == taken.id
    with pytest.raises(Refused, match="key_reused"):
        cards.take_ticket(offer.id, "permit", key="tap")
    with pytest.raises(Refused, match="card_gone"):
        cards.take_ticket(offer.id, "card", key="another tap")
