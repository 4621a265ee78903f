"""The emulated printer by itself: its clock and its cable are the test's, its bytes are written by hand."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from drivers.escpos.emulator import EmulatedPrinter
from kioskd.devices.profile_files import load_profile


class Cable:
    """The host's end of the wire, and a clock that moves when the test says so."""

    def __init__(self) -> None:
        self.heard = b""
        self.plugged = True
        self.held = False
        self.time_s = 100.0

    def send(self, data: bytes) -> None:
        self.heard += data

    def now_s(self) -> float:
        return self.time_s

    def unplug(self) -> None:
        self.plugged = False

    def plug(self) -> None:
        self.plugged = True

    def hold(self, held: bool) -> None:
        self.held = held


class Printer(EmulatedPrinter):
    """With what a test wants to know."""

    wire: Cable

    def pass_s(self, seconds: float) -> None:
        """Let time pass, a twentieth of a second at a time."""
        for _ in range(round(seconds * 20)):
            self.wire.time_s += 0.05
            self.tick()

    def answer(self, wire_bytes: str) -> str:
        """Send bytes, hex; what comes back at once."""
        self.wire.heard = b""
        self.received(bytes.fromhex(wire_bytes))
        return self.wire.heard.hex(" ").upper()

    @property
    def texts(self) -> list[str]:
        return [ticket["text"] for ticket in self.view()["tickets"]]


@pytest.fixture
def printer() -> Callable[..., Printer]:
    def make(profile: str = "escpos-80", **options: object) -> Printer:
        model = load_profile(profile)
        model = msgspec.structs.replace(model, options=model.options | options)
        return Printer(Cable(), model, None)

    return make


TICKET = b"A001\nline 2\nline 3\nline 4\nline 5\nline 6\n\x1dV\x00"


def test_paper_moves_at_its_own_speed(printer):
    it = printer()
    it.received(TICKET)
    it.pass_s(0.15)
    assert 1 <= len(it.texts[0].splitlines()) < 6
    assert it.view()["state"] == "printing"
    assert it.view()["tickets"] == [{"index": 0, "text": it.texts[0], "complete": False}]
    it.pass_s(1)
    assert it.view()["tickets"] == [
        {"index": 0, "text": "A001\nline 2\nline 3\nline 4\nline 5\nline 6", "complete": True}
    ]
    assert it.view()["state"] == "ready"


@pytest.mark.parametrize(
    ("actions", "answers"),
    [
        ([], ["12", "12", "12", "12"]),
        (["paper_low"], ["12", "12", "12", "1E"]),
        (["paper_out"], ["1A", "32", "12", "7E"]),
        (["cover_open"], ["1A", "16", "12", "12"]),
        (["feed_press"], ["5A", "1A", "12", "12"]),
        (["head_hot"], ["1A", "52", "52", "12"]),
        (["break"], ["1A", "52", "32", "12"]),
        (["paper_out", "paper_in"], ["12", "12", "12", "12"]),
    ],
)
def test_real_time_status_says_what_is_the_matter(printer, actions, answers):
    it = printer()
    for action in actions:
        it.act(action)
    assert [it.answer(f"10 04 0{n}") for n in range(1, 5)] == answers


def test_real_time_questions_are_answered_in_the_middle_of_a_picture(printer):
    it = printer()
    assert it.answer("1D 76 30 00 01 00 08 00 FF 10 04") == ""
    assert it.answer("01 FF FF FF FF") == "12"
    assert it.view()["tickets"][0]["text"] == "[8x8]"


def test_queued_questions_are_answered_once_all_before_them_is_printed(printer):
    it = printer()
    assert it.answer("41 0A 42 0A 43 0A  1D 28 48 06 00 30 30 61 62 63 64  1D 72 01") == ""
    it.pass_s(1)
    assert it.wire.heard.hex(" ").upper() == "37 22 61 62 63 64 00 00"


def test_a_model_that_cannot_confirm_says_nothing(printer):
    it = printer("escpos-58")
    assert it.answer("10 04 01  1D 28 48 06 00 30 30 61 62 63 64  1D 72 01  1D 49 43") == ""


def test_automatic_status_comes_when_something_changes(printer):
    it = printer("epson-tm-t82")
    assert it.answer("1D 61 0E") == "10 00 00 00"
    it.wire.heard = b""
    it.act("cover_open")
    it.act("cover_open")
    it.act("paper_out")
    assert it.wire.heard.hex(" ") == "38 00 00 00 38 00 0f 00"
    it.act("cover_close")
    it.act("paper_in")
    it.answer("1B 40")
    it.act("cover_open")
    assert it.wire.heard == b""


@pytest.mark.parametrize(("trouble", "help_"), [("paper_out", "paper_in"), ("cover_open", "cover_close")])
def test_what_arrives_while_it_is_off_line_is_printed_once_later(printer, trouble, help_):
    it = printer()
    it.act(trouble)
    it.received(TICKET)
    it.pass_s(5)
    assert it.texts == []
    assert it.view()["buffered_bytes"] == len(TICKET)
    it.act(help_)
    it.pass_s(2)
    assert it.texts == ["A001\nline 2\nline 3\nline 4\nline 5\nline 6"]


def test_paper_that_ends_in_the_middle_loses_no_line(printer):
    it = printer()
    it.act("paper_out_mid")
    it.received(TICKET)
    it.pass_s(2)
    assert it.texts == ["A001\nline 2\nline 3"]
    assert it.view()["faults"] == ["paper_out"]
    it.act("paper_in")
    it.pass_s(2)
    assert it.texts == ["A001\nline 2\nline 3\nline 4\nline 5\nline 6"]


def test_a_full_buffer_stops_the_host_until_half_of_it_is_free(printer):
    it = printer()
    it.act("cover_open")
    it.received(b"x\n" * 2000)
    assert not it.wire.held
    it.received(b"x\n" * 100)
    assert it.wire.held
    it.act("cover_close")
    it.pass_s(1)
    assert it.wire.held
    it.pass_s(130)
    assert not it.wire.held
    assert len(it.texts[0].splitlines()) == 2100


@pytest.mark.parametrize(("command", "rest"), [("10 05 01", "A001\nA002"), ("10 05 02", "")])
def test_a_jammed_cutter_waits_for_help_and_for_the_host(printer, command, rest):
    it = printer()
    it.act("cutter_jam")
    it.received(b"A001\n\x1dV\x00A002\n\x1dV\x00")
    it.pass_s(1)
    assert [it.answer(f"10 04 0{n}") for n in range(1, 4)] == ["1A", "52", "1E"]
    it.answer(command)
    it.pass_s(0.2)
    assert it.answer("10 04 03") == "1E"
    it.act("cutter_clear")
    assert it.answer("10 04 03") == "1E"
    it.answer("10 05 01")
    it.pass_s(1)
    assert it.answer("10 04 03") == "12"
    assert "\n".join(text for text in it.texts if it.view()["tickets"][0]["complete"]) == rest


def test_power_takes_all_that_is_not_on_paper(printer):
    it = printer()
    it.act("power_cut_mid")
    it.received(b"\x1c&" + TICKET)
    it.pass_s(2)
    assert not it.wire.plugged
    assert it.answer("10 04 01") == ""
    it.act("power_on")
    assert it.wire.plugged
    assert it.answer("10 04 01") == "12"
    it.received("号".encode("gbk") + b"\n\x1dV\x00")
    it.pass_s(2)
    assert it.texts == ["A001\nline 2\nline 3\n║┼"]


def test_power_that_blinks_leaves_the_cable_up(printer):
    it = printer()
    it.act("power_blink_mid")
    it.received(TICKET)
    it.pass_s(0.5)
    assert it.wire.plugged
    assert it.answer("10 04 01") == ""
    it.pass_s(2)
    assert it.answer("10 04 01") == "12"
    assert it.texts == ["A001\nline 2\nline 3"]


def test_it_answers_not_at_all_or_late(printer):
    it = printer()
    it.act("silent")
    assert it.answer("10 04 01") == ""
    it.act("late")
    assert it.answer("10 04 01") == ""
    it.pass_s(2.9)
    assert it.wire.heard == b""
    it.pass_s(0.2)
    assert it.wire.heard == b"\x12"
    it.act("answers")
    assert it.answer("10 04 01") == "12"


def test_it_takes_no_data_when_it_is_told_so(printer):
    it = printer()
    it.act("hold")
    assert it.wire.held
    it.act("take")
    assert not it.wire.held


def test_without_a_cutter_people_tear(printer):
    it = printer("escpos-58")
    it.received(b"A001\n")
    it.pass_s(0.5)
    assert not it.view()["tickets"][0]["complete"]
    it.received(b"\x1b@A002\n")
    it.pass_s(4)
    assert [(t["text"], t["complete"]) for t in it.view()["tickets"]] == [("A001", True), ("A002", True)]


def test_every_action_can_be_done_and_an_unknown_one_cannot(printer):
    it = printer()
    for action in it.actions():
        it.act(action.name)
    with pytest.raises(KeyError):
        it.act("explode")


def test_only_the_newest_tickets_are_shown_and_all_are_counted(printer):
    it = printer()
    it.received(b"".join(b"A%03d\n\x1dV\x00" % number for number in range(30)))
    it.pass_s(4)
    view = it.view()
    assert view["tickets_total"] == 30
    assert [ticket["index"] for ticket in view["tickets"]] == list(range(10, 30))
    assert it.picture(0) != it.picture(29) == it.picture()
    assert it.picture(30) is None
