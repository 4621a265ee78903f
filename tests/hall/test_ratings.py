"""One service, one rating, voluntary and in time."""

import pytest

from kioskd.hall.model import TicketState


def test_a_citizen_rates_once(hall, served, refused):
    hall.issue("note")
    ticket = served(1)
    assert not hall.window(1).rating_invited
    hall.invite_rating(1)
    assert hall.window(1).rating_invited
    assert hall.rate_at(1, 5, "evaluator").rating == 5
    assert not hall.window(1).rating_invited
    assert refused("already_rated", hall.rate_at, 1, 1, "evaluator") == {"number": "A001"}
    refused("already_rated", hall.rate, ticket.id, 1, "phone")
    refused("already_rated", hall.invite_rating, 1)
    assert hall.ticket(ticket.id).rating == 5


def test_an_invitation_is_not_needed(hall, served):
    hall.issue("note")
    assert hall.rate(served(1).id, 2, "phone").rating == 2


def test_a_rating_has_its_time(hall, clock, served, refused):
    hall.issue("note")
    ticket = served(1)
    hall.invite_rating(1)
    clock.pass_min(30)
    assert hall.window(1).rating_invited
    clock.pass_min(0.1)
    assert not hall.window(1).rating_invited
    assert refused("rating_too_late", hall.rate, ticket.id, 5, "phone")["within_min"] == 30
    refused("rating_too_late", hall.invite_rating, 1)


def test_a_clock_set_back_does_not_take_the_rating_away(hall, clock, served):
    hall.issue("note")
    ticket = served(1)
    clock.pass_min(-100)
    assert hall.rate(ticket.id, 4, "phone").rating == 4


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_are_five_levels(hall, served, refused, level):
    hall.issue("note")
    refused("wrong_level", hall.rate, served(1).id, level, "api")


def test_what_is_not_done_cannot_be_rated(hall, refused):
    ticket = hall.issue("note")
    refused("not_finished", hall.rate, ticket.id, 5, "phone")
    refused("nothing_to_rate", hall.rate_at, 1, 5, "evaluator")
    refused("nothing_to_rate", hall.invite_rating, 1)


def test_a_pad_without_a_finish_key_finishes_by_inviting(hall):
    ticket = hall.issue("note")
    hall.call_next(1)
    assert hall.invite_rating(1, finish_current=True).id == ticket.id
    assert hall.ticket(ticket.id).state is TicketState.DONE
    assert hall.rate_at(1, 3, "evaluator").id == ticket.id


def test_the_next_citizen_s_key_is_not_taken_for_the_last_one_s(hall, served, refused):
    hall.issue("note")
    hall.issue("note")
    last = served(1)
    hall.call_next(1)
    hall.start(1)
    assert refused("serving_another", hall.rate_at, 1, 1, "evaluator") == {"window": 1, "number": "A002"}
    assert hall.rate(last.id, 5, "phone").rating == 5


def test_a_rating_key_ends_the_service_of_a_ticket_that_was_only_called(hall):
    """A pad with no other key than "call": the citizen's answer says that the service is over."""
    ticket = hall.issue("note")
    hall.call_next(1)
    rated = hall.rate_at(1, 4, "evaluator")
    assert (rated.id, rated.state, rated.rating) == (ticket.id, TicketState.DONE, 4)
    assert hall.window(1).ticket is None


def test_a_second_press_does_not_end_the_next_citizen_s_visit(hall, served, refused):
    hall.issue("note")
    following = hall.issue("note")
    served(1)
    hall.rate_at(1, 5, "evaluator")
    hall.call_next(1)
    refused("already_rated", hall.rate_at, 1, 4, "evaluator")
    assert hall.ticket(following.id).state is TicketState.CALLED


def test_who_was_asked_may_still_answer_when_the_next_is_called(hall, clock, served):
    hall.issue("note")
    following = hall.issue("note")
    last = served(1)
    hall.invite_rating(1)
    hall.call_next(1)
    clock.pass_min(2)
    assert hall.rate_at(1, 5, "evaluator").id == last.id
    assert hall.ticket(following.id).state is TicketState.CALLED
    assert hall.rate_at(1, 4, "evaluator").id == following.id


def test_who_went_without_answering_leaves_the_keys_to_the_next(hall, clock, served):
    hall.issue("note")
    following = hall.issue("note")
    served(1)
    hall.call_next(1)
    clock.pass_min(2)
    assert hall.rate_at(1, 2, "evaluator").id == following.id


def test_the_last_one_may_still_rate_while_the_next_is_on_the_way(hall, served):
    hall.issue("note")
    hall.issue("note")
    last = served(1)
    hall.call_next(1)
    assert hall.rate_at(1, 5, "evaluator").id == last.id


def test_the_rating_says_who_served(hall, store, served):
    hall.sign_in(2, "wang")
    hall.issue("card")
    served(2)
    hall.sign_out(2)
    hall.rate_at(2, 4, "evaluator")
    with store.read() as snapshot:
        rating = dict(snapshot.one("SELECT * FROM ratings"))
    assert {
        name: rating[name] for name in ("ticket", "level", "channel", "window", "clerk", "service_day")
    } == {
        "ticket": 1,
        "level": 4,
        "channel": "evaluator",
        "window": 2,
        "clerk": "wang",
        "service_day": "2026-03-02",
    }
