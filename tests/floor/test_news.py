"""An invitation to rate reaches the window's evaluators once, in time or not at all."""

import pytest

from kioskd.devices.kinds import Kind, Signal
from kioskd.floor.bindings import Bindings
from kioskd.floor.news import STALE_AFTER_S, News


@pytest.fixture
def evaluator(device):
    return device("evaluator-1", Kind.EVALUATOR)


@pytest.fixture
def bindings(device, evaluator, pad):
    elsewhere = device("evaluator-2", Kind.EVALUATOR)
    return Bindings([evaluator, elsewhere, pad], {"evaluator-1": 1, "pad-1": 1, "evaluator-2": 2})


@pytest.fixture
def news(hall, bindings):
    news = News(hall, bindings)
    news.turn()
    return news


def invite(hall):
    """Window 1 serves somebody and asks for a rating."""
    hall.issue("note")
    hall.call_next(1)
    hall.invite_rating(1, finish_current=True)


def test_the_windows_evaluator_is_asked_once_whoever_invited(news, hall, evaluator, bindings, pad):
    invite(hall)
    news.turn()
    news.turn()
    assert evaluator.signals == [Signal.INVITE_RATING]
    assert bindings.device("evaluator-2").signals == []
    assert pad.signals == []


def test_a_pad_with_rating_keys_is_an_evaluator_too(hall, device):
    both = device("pad-1", Kind.KEYPAD, Kind.EVALUATOR)
    news = News(hall, Bindings([both], {"pad-1": 1}))
    news.turn()
    invite(hall)
    news.turn()
    assert both.signals == [Signal.INVITE_RATING]


def test_a_restart_does_not_repeat_it(news, hall, evaluator, bindings):
    invite(hall)
    news.turn()
    News(hall, bindings).turn()
    assert evaluator.signals == [Signal.INVITE_RATING]


def test_a_restart_a_moment_later_still_says_it(news, hall, evaluator, bindings, clock):
    invite(hall)
    clock.pass_s(STALE_AFTER_S - 1)
    News(hall, bindings).turn()
    assert evaluator.signals == [Signal.INVITE_RATING]


def test_old_news_is_dropped(news, hall, evaluator, bindings, clock):
    invite(hall)
    clock.pass_s(STALE_AFTER_S + 1)
    News(hall, bindings).turn()
    news.turn()
    assert evaluator.signals == []


def test_one_that_is_new_to_the_hall_starts_at_the_present(hall, evaluator, bindings):
    invite(hall)
    News(hall, bindings).turn()
    assert evaluator.signals == []
