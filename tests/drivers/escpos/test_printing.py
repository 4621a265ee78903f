"""From a document to paper and back to an answer, over a real pseudo-terminal, in good days and bad."""

from __future__ import annotations

import pytest

from kioskd.devices.errors import NothingSent, PrintUnknown
from kioskd.devices.health import State
from kioskd.devices.kinds import Document, PrintEnd, QrCode, Text
from kioskd.devices.profile_files import builtin_profiles, find_profiles, load_profile
from kioskd.devices.testing import until

WAIT_S = 20


def test_a_ticket_comes_out_and_is_confirmed(bench, ticket, ticket_text):
    printer = bench().ready()
    assert printer.print(ticket("A012")).result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == [ticket_text("A012")]
    assert printer.view()["tickets"][0]["complete"]
    assert printer.view()["not_understood"] == {}
    assert printer.health().facts["paper"] == "ok"


@pytest.mark.parametrize("at", ["emulator:", "emulator:tcp"])
def test_tickets_do_not_mix(bench, ticket, ticket_text, at):
    printer = bench(at=at).ready()
    ends = [printer.print(ticket(f"A{n:03}")) for n in range(1, 6)]
    assert [end.result(WAIT_S) for end in ends] == [PrintEnd.PRINTED] * 5
    assert printer.paper() == [ticket_text(f"A{n:03}") for n in range(1, 6)]


PRINTERS = sorted(
    name for name, file in find_profiles().items() if file.parent == builtin_profiles() / "printers"
)


@pytest.mark.parametrize("profile", PRINTERS)
def test_every_model_ends_as_well_as_it_can(bench, ticket, profile):
    confirms = load_profile(profile).options["confirm"] != "none"
    printer = bench(profile).ready()
    assert printer.print(ticket("B007")).result(WAIT_S) is (PrintEnd.PRINTED if confirms else PrintEnd.SENT)
    until(lambda: printer.paper() and printer.view()["tickets"][0]["complete"], what="the paper to be torn")
    assert printer.paper()[0].splitlines()[:3] == ["朝阳镇便民服务中心", "B007", "社保卡申领"]
    assert printer.view()["not_understood"] == {}


def test_a_model_that_says_nothing_is_neither_fine_nor_broken(bench):
    printer = bench("escpos-58").ready()
    assert printer.health().facts["paper"] == "not supported"


def test_an_epson_says_who_it_is(bench):
    printer = bench("epson-tm-t82").ready()
    until(lambda: printer.health().facts.get("firmware") == "1.0", what="its firmware")
    assert printer.health().facts["model"] == "epson-tm-t82"


@pytest.mark.parametrize("profile", ["escpos-80", "hprt-tp80"])
@pytest.mark.parametrize(
    ("trouble", "help_", "state", "reason"),
    [
        ("paper_out_mid", "paper_in", State.FAULT, "paper_out"),
        ("paper_out", "paper_in", State.FAULT, "paper_out"),
        ("cover_open", "cover_close", State.FAULT, "cover_open"),
        ("cutter_jam", "cutter_clear", State.FAULT, "cutter_jam"),
        ("head_hot", "head_cool", State.FAULT, "print_head_hot"),
        ("break", "repair", State.FAULT, "printer_error"),
        ("feed_press", "feed_release", State.DEGRADED, "feed_pressed"),
    ],
)
def test_a_fault_is_told_waited_for_and_forgotten(
    bench, ticket, ticket_text, profile, trouble, help_, state, reason
):
    printer = bench(profile).ready()
    printer.act(trouble)
    end = printer.print(ticket("A001"))
    printer.expect(state, reason)
    assert not end.done()
    printer.act(help_)
    assert end.result(WAIT_S) is PrintEnd.PRINTED
    printer.expect(State.ONLINE)
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == [ticket_text("A001"), ticket_text("A002")]


def test_a_fault_outlasts_every_deadline(bench, ticket, ticket_text):
    printer = bench(confirm_s=1.0).ready()
    printer.act("paper_out_mid")
    end = printer.print(ticket("A001"))
    printer.expect(State.FAULT, "paper_out")
    with pytest.raises(TimeoutError):
        end.result(2.5)
    printer.act("paper_in")
    assert end.result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == [ticket_text("A001")]


def test_paper_running_low_is_told_while_it_prints_on(bench, ticket):
    printer = bench().ready()
    printer.act("paper_low")
    printer.expect(State.DEGRADED, "paper_low")
    assert printer.health().facts["paper"] == "low"
    assert printer.print(ticket("A001")).result(WAIT_S) is PrintEnd.PRINTED


def test_a_jam_with_a_model_that_forgets_the_rest_is_unknown(bench, ticket):
    printer = bench(impatient=True, recover="clear").ready()
    printer.act("cutter_jam")
    end = printer.print(ticket("A001"))
    printer.expect(State.FAULT, "cutter_jam")
    printer.act("cutter_clear")
    with pytest.raises(PrintUnknown):
        end.result(WAIT_S)
    printer.expect(State.ONLINE)


def test_the_port_lost_in_the_middle_is_unknown_and_printing_resumes(bench, ticket):
    printer = bench().ready()
    printer.act("power_cut_mid")
    with pytest.raises(PrintUnknown, match="look at the paper"):
        printer.print(ticket("A001")).result(WAIT_S)
    until(lambda: printer.health().state is State.OFFLINE, what="it to be gone")
    printer.act("power_on")
    printer.ready()
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED
    papers = "\n".join(printer.paper())
    assert papers.count("A001") == 1
    assert papers.count("A002") == 1


def test_power_that_blinks_while_the_cable_stays_is_unknown(bench, ticket):
    printer = bench(impatient=True).ready()
    printer.act("power_blink_mid")
    with pytest.raises(PrintUnknown, match="no fault reported"):
        printer.print(ticket("A001")).result(WAIT_S)
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED


def test_fences_lost_with_the_power_do_not_spoil_later_tickets(bench, ticket):
    printer = bench("xprinter-xp-80", impatient=True).ready()
    printer.act("power_blink_mid")
    with pytest.raises(PrintUnknown):
        printer.print(ticket("A001")).result(WAIT_S)
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED


def test_silence_is_unknown_and_offline_but_printing_is_tried(bench, ticket):
    printer = bench(impatient=True).ready()
    printer.act("silent")
    printer.expect(State.OFFLINE, "no_answer")
    assert printer.health().facts["paper"] == "unknown"
    with pytest.raises(PrintUnknown):
        printer.print(ticket("A001")).result(WAIT_S)
    assert "A001" in printer.paper()[0]
    printer.act("answers")
    printer.ready()
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED


def test_a_late_answer_is_no_other_answer(bench, ticket, ticket_text):
    printer = bench(answer_s=0.3, late_s=5.0, confirm_s=10.0).ready()
    printer.act("late")
    assert printer.print(ticket("A001")).result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == [ticket_text("A001")]
    assert printer.health().counters.get("unexpected_status", 0) == 0


def test_nothing_is_sent_to_a_port_that_is_not_there(bench, ticket):
    printer = bench().ready()
    printer.emulators.unplug("kiosk")
    until(lambda: printer.health().state is State.OFFLINE, what="it to be gone")
    with pytest.raises(NothingSent):
        printer.print(ticket("A001")).result(WAIT_S)
    printer.emulators.plug("kiosk")
    printer.ready()
    assert printer.print(ticket("A001")).result(WAIT_S) is PrintEnd.PRINTED


def test_pictures_larger_than_the_buffer_survive_an_empty_roll(bench):
    printer = bench(qr="raster", confirm_s=20.0).ready()
    printer.act("paper_out_mid")
    lines = [f"第{n}行" for n in range(5)]
    codes = (QrCode("https://hall.example/" + "x" * 150, 8),) * 2
    end = printer.print(Document((*map(Text, lines), *codes)))
    until(lambda: printer.view()["buffered_bytes"] >= 4096, what="its buffer to be full")
    printer.act("paper_in")
    assert end.result(WAIT_S) is PrintEnd.PRINTED
    assert [line for line in printer.paper()[0].splitlines() if "行" in line] == lines
    printer.expect(State.ONLINE)


def test_a_held_printer_is_waited_for(bench, ticket, ticket_text):
    printer = bench(write_s=0.2).ready()
    printer.act("hold")
    end = printer.print(ticket("A001"))
    until(lambda: printer.health().state is not State.ONLINE, what="trouble to be told")
    printer.act("take")
    assert end.exception(WAIT_S) is None or isinstance(end.exception(), NothingSent)
    printer.ready()
    assert printer.paper() in ([], [ticket_text("A001")])


def test_stopping_while_a_ticket_waits_for_paper_is_unknown(bench, ticket):
    printer = bench().ready()
    printer.act("paper_out_mid")
    end = printer.print(ticket("A001"))
    printer.expect(State.FAULT, "paper_out")
    printer.stop_daemon()
    with pytest.raises(PrintUnknown, match="stopped"):
        end.result(WAIT_S)


def test_a_journal_that_cannot_be_written_stops_the_ticket_before_its_first_byte(bench, ticket):
    printer = bench().ready()

    def disk_full() -> None:
        raise OSError("disk full")

    with pytest.raises(NothingSent):
        printer.print(ticket("A001"), on_first_byte=disk_full).result(WAIT_S)
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED
    assert len(printer.paper()) == 1
