"""The driver's own words on the wire: the test plays the printer."""

from __future__ import annotations

import time

import msgspec
import pytest

from drivers.escpos.driver import EscposPrinter
from drivers.escpos.options import EscposOptions
from kioskd.devices.errors import NoAnswer, NothingSent, PortError, PrintUnknown, Stopping, WriteTimeout
from kioskd.devices.health import State
from kioskd.devices.kinds import PrintEnd, PrintJob
from kioskd.devices.profile_files import load_profile
from kioskd.devices.profiles import Timing
from kioskd.devices.testing import Conversation, until

JOB = b"\x1b@A012\n\x1dV\x00"


def talk(profile: str = "escpos-80", poll_s: float = 60.0, **options: object) -> Conversation:
    model = msgspec.structs.replace(load_profile(profile), timing=Timing(poll_s=poll_s))
    return Conversation(EscposPrinter, profile=model, options={"answer_s": 5.0} | options)


def job(mark: int = 1, on_first_byte=lambda: None) -> PrintJob:
    return PrintJob(JOB, mark, on_first_byte)


def meet(conversation: Conversation) -> None:
    for question in ("10 04 01", "10 04 02", "10 04 03", "10 04 04"):
        conversation.expect(question)
        conversation.device("12")
    conversation.expect_state(State.ONLINE)


def test_a_confirmed_ticket_on_the_wire():
    with talk() as wire:
        meet(wire)
        end = wire.host(lambda device: device.print(job(mark=0)))
        wire.expect(JOB.hex())
        wire.expect("1D 28 48 06 00 30 30 20 20 20 20  1D 72 01")
        wire.device("37 22 20 20 20 20 00 00")
        assert end.result(10) is PrintEnd.PRINTED


def test_a_firmware_without_gs_h_confirms_by_the_fence():
    with talk() as wire:
        meet(wire)
        end = wire.host(lambda device: device.print(job()))
        wire.expect(JOB.hex() + "1D 28 48 06 00 30 30 20 20 20 21  1D 72 01")
        wire.device("00")
        assert end.result(10) is PrintEnd.PRINTED


def test_a_late_answer_to_an_earlier_ticket_does_not_confirm_the_next():
    with talk(status="none", confirm="fence", confirm_s=0.5) as wire:
        first = wire.host(lambda device: device.print(job(mark=1)))
        wire.expect(JOB.hex() + "1D 72 01")
        with pytest.raises(PrintUnknown):
            first.result(10)
        second = wire.host(lambda device: device.print(job(mark=2)))
        wire.expect(JOB.hex() + "1D 72 01")
        wire.device("00")  # the first ticket's answer, at last; the second ticket is not on paper yet
        with pytest.raises(TimeoutError):
            second.result(0.2)
        wire.device("00")
        assert second.result(10) is PrintEnd.PRINTED


TROUBLES = [
    ("12 12 12 1E", "10 00 03 00", State.DEGRADED, "paper_low"),
    ("1A 32 12 7E", "18 00 0F 00", State.FAULT, "paper_out"),
    ("1A 16 12 12", "38 00 00 00", State.FAULT, "cover_open"),
    ("1A 52 1A 12", "18 08 00 00", State.FAULT, "cutter_jam"),
    ("1A 52 52 12", "18 40 00 00", State.FAULT, "print_head_hot"),
]
"""Answers to DLE EOT 1 to 4, automatic status back, and what health makes of either."""


@pytest.mark.parametrize(("answers", "_packet", "state", "reason"), TROUBLES)
def test_each_trouble_is_a_reason_when_it_is_asked(answers, _packet, state, reason):
    with talk() as wire:
        for n, answer in enumerate(answers.split(), 1):
            wire.expect(f"10 04 {n:02}")
            wire.device(answer)
        wire.expect_state(state, reason)


@pytest.mark.parametrize(("_answers", "packet", "state", "reason"), TROUBLES)
def test_each_trouble_is_a_reason_when_it_is_told_and_ends_when_that_is_told(_answers, packet, state, reason):
    with talk("hprt-tp80") as wire:
        meet(wire)
        wire.expect("1D 61 0E")
        wire.device(packet)
        wire.expect_state(state, reason)
        wire.device("10 00 00 00")
        wire.expect_state(State.ONLINE)


def test_a_firmware_that_lacks_gs_h_is_known_by_its_silence():
    """The profile hopes for GS ( H; the fence behind it is answered alone, and confirms."""
    with talk() as wire:
        meet(wire)
        assert wire.handle.health().facts["GS ( H"] == "unknown"
        end = wire.host(lambda device: device.print(job(mark=0)))
        wire.expect(JOB.hex() + "1D 28 48 06 00 30 30 20 20 20 20  1D 72 01")
        wire.device("00")
        assert end.result(10) is PrintEnd.PRINTED
        facts = wire.handle.health().facts
        assert (facts["GS ( H"], facts["GS r 1"]) == ("no", "yes")


def test_what_it_answers_to_is_a_fact_of_its_health():
    with talk("epson-tm-t82") as wire:
        meet(wire)
        wire.expect("1D 61 0E  1D 49 43  1D 49 41")
        wire.device(b"\x10\x00\x00\x00")
        until(lambda: wire.handle.health().facts["GS a"] == "yes", what="automatic status")
        facts = wire.handle.health().facts
        assert [facts[f"DLE EOT {n}"] for n in (1, 2, 3, 4)] == ["yes"] * 4
        assert (facts["GS I"], facts["GS ( H"]) == ("unknown", "unknown")


def test_a_mark_that_comes_while_it_is_looked_at_for_the_last_time_counts():
    with talk(confirm_s=0.5) as wire:
        meet(wire)
        end = wire.host(lambda device: device.print(job(mark=0)))
        wire.expect(JOB.hex() + "1D 28 48 06 00 30 30 20 20 20 20  1D 72 01")
        for look in (1, 2):
            wire.expect("10 04 01")
            if look == 2:
                time.sleep(1.0)  # past confirm_s
                wire.device("37 22 20 20 20 20 00 00")
            wire.device("12")
            for question in ("10 04 02", "10 04 03", "10 04 04"):
                wire.expect(question)
                wire.device("12")
        assert end.result(10) is PrintEnd.PRINTED


def test_another_tickets_mark_confirms_nothing():
    with talk(confirm_s=0.6, answer_s=0.2, late_s=0.2) as wire:
        meet(wire)
        end = wire.host(lambda device: device.print(job(mark=2)))
        wire.expect(JOB.hex() + "1D 28 48 06 00 30 30 20 20 20 22  1D 72 01")
        wire.device("37 22 20 20 20 21 00 00")
        with pytest.raises(PrintUnknown, match="look at the paper"):
            end.result(10)


def test_an_epson_is_asked_its_name_and_told_to_report():
    with talk("epson-tm-t82") as wire:
        meet(wire)
        wire.expect("1D 61 0E  1D 49 43  1D 49 41")
        wire.device(b"\x10\x00\x00\x00_TM-T82III\x00_2.04 ESC/POS\x1b\x00")
        wire.device(b"_2.04\x00")
        until(lambda: wire.handle.health().facts.get("firmware") == "2.04", what="the firmware")
        assert wire.handle.health().facts["model"] == "TM-T82III"
        wire.device("38 00 0F 00")
        wire.expect_state(State.FAULT, "cover_open", "paper_out")


def test_health_says_how_rare_characters_come_out(monkeypatch):
    with talk() as wire:
        meet(wire)
        assert wire.handle.health().facts["rare_characters"] == "drawn (Noto Sans Mono CJK SC)"
    monkeypatch.setattr("drivers.escpos.fonts.font_name", lambda: "")
    with talk() as wire:
        meet(wire)
        assert "fonts-noto-cjk" in wire.handle.health().facts["rare_characters"]


def test_a_question_is_not_asked_while_another_waits_for_a_late_answer():
    with talk(answer_s=0.1, late_s=30.0) as wire:
        wire.expect("10 04 01")
        wire.expect_state(State.OFFLINE, "no_answer")
        wire.expect_nothing(for_s=0.5)
        wire.device("12")
        wire.expect("10 04 01")


def test_a_printer_that_answers_only_once_it_has_printed_is_not_called_gone():
    with talk(answer_s=0.2, late_s=30.0) as wire:
        meet(wire)
        end = wire.host(lambda device: device.print(job(mark=0)))
        wire.expect(JOB.hex() + "1D 28 48 06 00 30 30 20 20 20 20  1D 72 01")
        wire.expect("10 04 01")
        time.sleep(1.5)  # it prints, and two more looks find that it has not answered yet
        assert wire.handle.health().state is State.ONLINE
        wire.device("12")
        wire.device("37 22 20 20 20 20 00 00")
        assert end.result(10) is PrintEnd.PRINTED


def test_a_question_the_firmware_does_not_know_is_dropped():
    with talk(poll_s=0.05, answer_s=1.0, late_s=1.0) as wire:
        for question in ("10 04 01", "10 04 02", "10 04 03"):
            wire.expect(question)
            wire.device("12")
        wire.expect("10 04 04")
        for question in ("10 04 01", "10 04 02", "10 04 03"):
            wire.expect(question)
            wire.device("12")
        wire.expect("10 04 04")
        for question in ("10 04 01", "10 04 02", "10 04 03", "10 04 01"):
            wire.expect(question)
            wire.device("12")
        wire.expect_state(State.ONLINE)
        assert wire.handle.health().facts["paper"] == "not supported"


def test_recovery_is_tried_only_with_the_cover_closed():
    with talk(poll_s=0.05, recover_every_s=30.0) as wire:
        for question, answer in (
            ("10 04 01", "1A"),
            ("10 04 02", "56"),
            ("10 04 03", "1E"),
            ("10 04 04", "12"),
        ):
            wire.expect(question)
            wire.device(answer)
        wire.expect_state(State.FAULT, "cover_open", "cutter_jam")
        for question, answer in (
            ("10 04 01", "1A"),
            ("10 04 02", "52"),
            ("10 04 03", "1E"),
            ("10 04 04", "12"),
        ):
            wire.expect(question)
            wire.device(answer)
        wire.expect("10 05 01")
        wire.expect("10 04 01")


def test_noise_is_counted_and_harms_nothing():
    with talk() as wire:
        meet(wire)
        wire.device("FF FE 12 5F 01 37 FF")
        until(lambda: wire.handle.health().counters.get("unexpected_bytes", 0) >= 5, what="the count")
        assert wire.handle.health().counters["unexpected_status"] == 1
        wire.expect_state(State.ONLINE)


class Cable:
    """A link whose port does as the test says: each write takes so many bytes, or raises."""

    def __init__(self, *writes: int | Exception) -> None:
        self.writes = list(writes)
        self.sent = b""
        self.history: list[tuple[str, ...]] = []

    def write(self, data: bytes, *, timeout_s: float = 2.0) -> None:
        step = self.writes.pop(0) if self.writes else len(data)
        if isinstance(step, Exception):
            raise step
        self.sent += data[:step]
        if step < len(data):
            raise WriteTimeout(step, "full")

    def wait(self, until, *, timeout_s: float):
        raise NoAnswer("nobody there")

    def now_s(self) -> float:
        return 0.0

    def health(self, *reasons) -> None:
        self.history.append(tuple(reason.code for reason in reasons))

    def fact(self, name: str, value: str) -> None:
        pass

    def count(self, counter: str) -> None:
        pass


def send(cable: Cable, **options: object) -> PrintEnd:
    facts = {"status": "none", "confirm": "none"} | options
    return EscposPrinter(cable, load_profile("escpos-58"), EscposOptions(**facts), None).print(job())


def test_a_port_that_takes_nothing_leaves_the_ticket_unsent():
    cable = Cable(0)
    with pytest.raises(NothingSent, match="takes no data"):
        send(cable)
    assert cable.history == [("not_taking_data",)]


@pytest.mark.parametrize("error", [PortError("port_lost", "gone"), Stopping("stopping")])
def test_a_port_lost_before_the_text_leaves_the_ticket_unsent(error):
    with pytest.raises(NothingSent):
        send(Cable(error))


@pytest.mark.parametrize("error", [PortError("port_lost", "gone"), Stopping("stopping")])
def test_a_port_lost_after_the_first_bytes_leaves_it_unknown(error):
    with pytest.raises(PrintUnknown, match="look at the paper"):
        send(Cable(2, error))


def test_a_printer_that_stops_taking_bytes_gets_the_rest_later_and_each_byte_once():
    cable = Cable(1, 1, 3, 0, 0, 2)
    assert send(cable) is PrintEnd.SENT
    assert cable.sent == JOB
    assert cable.history == [("not_taking_data",), ("not_taking_data",), ()]


def test_the_journal_is_written_before_the_first_byte():
    cable = Cable()

    def written() -> None:
        assert cable.sent == b""
        raise OSError("disk full")

    printer = EscposPrinter(cable, load_profile("escpos-58"), EscposOptions(), None)
    with pytest.raises(OSError, match="disk full"):
        printer.print(job(on_first_byte=written))
    assert cable.sent == b""
