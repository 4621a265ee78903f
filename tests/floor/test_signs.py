"""What each window's displays say."""

import pytest

from kioskd.devices.kinds import SignState
from kioskd.floor.signs import sign_of


@pytest.fixture
def called(hall):
    ticket = hall.issue("note")
    hall.call_next(1)
    return ticket


def test_an_open_window_welcomes_people(hall):
    assert sign_of(hall.window(1)).state is SignState.WELCOME
    assert sign_of(hall.window(1)).text == "欢迎光临"


def test_a_called_ticket_is_asked_to_its_window(hall, called):
    sign = sign_of(hall.window(1))
    assert (sign.state, sign.number, sign.text) == (SignState.CALL, "A001", "请A001到1号窗口")
    assert (sign.letter, sign.digits, sign.window) == ("A", "001", 1)


def test_a_served_ticket_stays_on_the_sign(hall, called):
    hall.start(1)
    sign = sign_of(hall.window(1))
    assert (sign.state, sign.number) == (SignState.SERVING, "A001")


def test_a_paused_and_a_closed_window_say_so(hall):
    hall.pause(1, "")
    assert (sign_of(hall.window(1)).state, sign_of(hall.window(1)).text) == (SignState.PAUSED, "暂停服务")
    hall.close(2)
    assert (sign_of(hall.window(2)).state, sign_of(hall.window(2)).text) == (SignState.CLOSED, "停止服务")


def test_it_counts_whom_the_window_may_still_call(hall):
    hall.issue("note")
    hall.issue("card")
    assert [sign_of(hall.window(window)).waiting for window in (1, 2)] == [2, 1]
