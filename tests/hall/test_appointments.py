"""Appointments: booked for a hash, met at the door, checked in once. And the priority of age."""

import threading
from datetime import date, datetime

import msgspec
import pytest

from kioskd.hall.events import read_events, replay
from kioskd.hall.hall import Hall
from kioskd.hall.model import AppointmentState, Timing
from kioskd.hall.plan import Priority
from kioskd.hall.store import Store
from tests.hall.conftest import SHANGHAI, rows

YOUNG = date(1996, 6, 15)


def at(local):
    return datetime.fromisoformat(f"2026-03-{local}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def people(hall):
    return hall.people


@pytest.fixture
def booked(people):
    """Somebody, known as "w", has an appointment at 10:30 today."""
    return people.book("card", at("02 10:30"), person_hash="w", masked="王* 660***********4567", by="portal")


def test_an_appointment_is_checked_in_into_a_ticket_of_its_class(hall, people, booked, clock):
    clock.set("2026-03-02 10:00")
    greeting = people.greet("w", YOUNG)
    assert (greeting.appointment.id, greeting.timing) == (booked.id, Timing.NOW)
    ticket = people.check_in(booked.id, "w", by="reader")
    assert (ticket.number, ticket.matter, ticket.priority) == ("B101", "card", Priority.APPOINTMENT)
    assert hall.paper_state(ticket.id) == "queued"
    (kept,) = people.appointments()
    assert (kept.state, kept.ticket) == (AppointmentState.CHECKED_IN, ticket.id)
    greeting = people.greet("w", YOUNG)
    assert (greeting.timing, greeting.appointment.ticket) == (Timing.DONE, ticket.id)


def test_checked_in_again_it_is_the_same_ticket(people, booked, store):
    first = people.check_in(booked.id, "w")
    events = store.last_event()
    assert people.check_in(booked.id, "w") == first
    assert store.last_event() == events


def test_two_kiosks_and_many_reads_give_one_ticket(hall, people, booked, store, plan, clock):
    other_kiosk = Hall(Store(store.path), plan, clock)
    start, given = threading.Barrier(12), []

    def read(kiosk):
        start.wait()
        given.append(kiosk.people.check_in(booked.id, "w").id)

    threads = [threading.Thread(target=read, args=(one,)) for one in (hall, other_kiosk) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other_kiosk.store.close()
    assert len(given) == 12
    assert len(set(given)) == 1
    assert len(hall.queue().waiting) == 1


@pytest.mark.parametrize(
    ("now", "timing", "code"),
    [
        ("09:29", Timing.EARLY, "appointment_early"),
        ("09:30", Timing.NOW, None),
        ("11:00", Timing.NOW, None),
        ("11:01", Timing.LATE, "appointment_late"),
    ],
)
def test_a_check_in_counts_from_an_hour_before_to_half_an_hour_after(
    people, booked, clock, refused, now, timing, code
):
    clock.set(f"2026-03-02 {now}")
    assert people.greet("w", YOUNG).timing == timing
    if code is None:
        people.check_in(booked.id, "w")
    else:
        assert refused(code, people.check_in, booked.id, "w") == {"at": "10:30", "from_": "09:30"}


def test_of_two_appointments_the_one_that_can_be_checked_in_is_met_first(people, clock):
    people.book("note", at("02 10:00"), person_hash="w", masked="")
    later = people.book("card", at("02 11:30"), person_hash="w", masked="")
    clock.set("2026-03-02 10:45")  # the first one's time is over
    assert people.greet("w", YOUNG).appointment.id == later.id


def test_another_person_can_neither_meet_nor_use_it(people, booked, refused):
    assert people.greet("somebody else", YOUNG).appointment is None
    refused("unknown_appointment", people.check_in, booked.id, "somebody else")
    refused("unknown_appointment", people.check_in, booked.id + 1, "w")


def test_a_closed_line_refuses_and_the_appointment_stays_booked(hall, people, booked, refused):
    for _ in range(4):  # all that the line gives in a day
        hall.issue("card")
    refused("line_full", people.check_in, booked.id, "w")
    assert people.appointments()[0].state == "booked"


def test_what_cannot_be_booked(people, booked, refused):
    refused("appointment_in_the_past", people.book, "card", at("02 09:00"), person_hash="w", masked="")
    refused("appointment_exists", people.book, "card", at("02 15:00"), person_hash="w", masked="")
    refused("unknown_matter", people.book, "nothing", at("02 15:00"), person_hash="w", masked="")


def test_a_cancelled_appointment_is_forgotten_at_once(people, booked, refused):
    assert people.cancel_appointment(booked.id).state == "cancelled"
    (kept,) = people.appointments()
    assert kept.masked == ""
    assert people.greet("w", YOUNG).appointment is None
    refused("unknown_appointment", people.check_in, booked.id, "w")
    refused("appointment_over", people.cancel_appointment, booked.id)


def test_whoever_does_not_come_has_missed_it_and_is_forgotten_a_day_later(hall, people, booked, clock, store):
    clock.set("2026-03-02 18:31")  # wound up
    hall.tick()
    assert people.appointments("2026-03-02")[0].state == "missed"
    clock.set("2026-03-03 18:31")
    hall.tick()
    hall.tick()
    assert people.appointments("2026-03-02")[0].masked == ""
    assert rows(store, "appointments")[0][4:6] == ("", "")


def test_a_day_opened_by_a_wrong_clock_makes_nobody_miss_an_appointment(hall, people, clock):
    tomorrow = people.book("card", at("03 10:30"), person_hash="w", masked="王*")
    clock.set("2037-01-01 10:00")
    hall.confirm_day()
    assert people.appointments("2026-03-03")[0].state == "missed"
    hall.withdraw_day()
    clock.set("2026-03-03 10:00")
    hall.tick()
    assert people.check_in(tomorrow.id, "w").number == "B101"


def test_the_events_tell_no_person_and_still_lead_to_the_same_table(people, booked, store, tmp_path):
    people.cancel_appointment(people.book("note", at("04 09:00"), person_hash="x", masked="赵*").id)
    people.check_in(booked.id, "w")
    with store.read() as snapshot:
        told = repr([event.data for event in read_events(snapshot, 0, 1000)])
    assert "王*" not in told
    assert "'w'" not in told
    again = Store(tmp_path / "again.db")
    replay(store, again)
    without_person = [row[:4] + row[6:] for row in rows(store, "appointments")]
    assert [row[:4] + row[6:] for row in rows(again, "appointments")] == without_person
    again.close()


# --- age ---


@pytest.mark.parametrize(
    ("born", "has_priority"),
    [(date(1956, 3, 2), True), (date(1956, 3, 3), False), (date(1940, 12, 31), True), (YOUNG, False)],
)
def test_priority_from_the_seventieth_birthday_on(people, born, has_priority):
    assert people.greet("anybody", born).priority is has_priority


def test_born_on_a_leap_day_is_older_on_the_first_of_march(hall, plan, clock):
    clock.set("2026-02-28 10:00")
    hall.tick()
    people = Hall(hall.store, plan, clock).people
    assert people.today() == "2026-03-02"  # a clock that went back opens no earlier day
    assert people.greet("x", date(1956, 2, 29)).priority


def test_the_age_may_be_another_or_none(store, plan, clock):
    for age, expected in ((30, False), (29, True), (0, False)):
        rules = msgspec.structs.replace(plan.rules, priority_age=age)
        hall = Hall(store, msgspec.structs.replace(plan, rules=rules), clock)
        assert hall.people.greet("x", YOUNG).priority is expected
