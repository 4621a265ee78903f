"""What people complain of in other programs' printing, one test a complaint; the numbers are public issues.

Those that need the queue are in tests/floor/test_printing.py and tests/e2e/test_printer_troubles.py.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from kioskd.devices.errors import NothingSent, PortError, PrintUnknown
from kioskd.devices.health import State
from kioskd.devices.kinds import Document, PrintEnd, Text
from kioskd.devices.ports import open_port
from kioskd.devices.test_page import print_test_page
from kioskd.devices.testing import until

WAIT_S = 20


def test_python_escpos_190_269_281_491_678_novosga_159_chinese_is_no_question_mark_and_no_garbage(bench):
    """Chinese came out as `?` or garbage; a Chinese character was counted as one column."""
    said = (
        "号票：张三，请到３号窗口！",
        "《办事指南》“社保卡”（申领）—…·￥％",
        "，。、；：？！",
        "Mixed 中英 text 123",
        "龘喆玥",
    )
    printer = bench().ready()
    assert printer.print(Document(tuple(map(Text, said)))).result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == ["\n".join(said)]


class Watched:
    """A port that notes which thread touches it."""

    def __init__(self, port, touched) -> None:
        self._port = port
        self._touched = touched

    @property
    def character_s(self) -> float:
        return self._port.character_s

    def fileno(self) -> int:
        return self._port.fileno()

    def read(self) -> bytes:
        self._touched.append(("read", threading.current_thread()))
        return self._port.read()

    def write(self, data: bytes) -> int:
        self._touched.append(("write", threading.current_thread()))
        return self._port.write(data)

    def close(self) -> None:
        self._touched.append(("close", threading.current_thread()))
        self._port.close()


def test_odoo_244031_pywebdriver_96_only_one_thread_ever_touches_a_printer(bench, ticket):
    """`Errno 16` and garbage: two threads on one USB device, a status asked during a print."""
    touched: list[tuple[str, threading.Thread]] = []
    printer = bench(opener=lambda uri, settings: Watched(open_port(uri, settings), touched)).ready()
    ends = []

    def somebody(number: int) -> None:
        ends.append(printer.print(ticket(f"A{number:03}")))
        printer.health()
        ends.append(print_test_page(printer.printer))

    crowd = [threading.Thread(target=somebody, args=(number,)) for number in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert [end.result(60) for end in ends] == [PrintEnd.PRINTED] * 8
    assert {operation for operation, _ in touched} >= {"read", "write"}
    assert len({thread for _, thread in touched}) == 1
    assert len(printer.paper()) == 8


def test_odoo_249819_another_process_cannot_open_the_port_while_we_hold_it(bench, ticket, ticket_text):
    """A scan, a maker's tool or a second daemon in the middle of a print: refused, and the paper is clean."""
    printer = bench(profile="escpos-80", write_s=2.0).ready()
    end = printer.print(ticket("A001"))
    place = printer.real_place()
    intruder = (
        "import sys\n"
        "from kioskd.devices.errors import PortError\n"
        "from kioskd.devices.port_uri import parse_port\n"
        "from kioskd.devices.ports import open_port\n"
        "from kioskd.devices.profiles import PortSettings\n"
        "try:\n"
        "    open_port(parse_port(sys.argv[1]), PortSettings()).write(b'garbage')\n"
        "except PortError as error:\n"
        "    print(error.reason)\n"
    )
    said = subprocess.run([sys.executable, "-c", intruder, place], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "busy"
    assert end.result(WAIT_S) is PrintEnd.PRINTED
    assert printer.paper() == [ticket_text("A001")]


def test_ha_escpos_printer_no_status_question_stands_inside_a_ticket(bench, ticket):
    """A status probe collided with a print."""
    printer = bench(poll_s=0.01).ready()
    sent: list[bytes] = []
    end_of_tap = printer.printer.tap(lambda tapped: tapped.direction == "sent" and sent.append(tapped.data))
    data = printer.printer.render(ticket("A001"))
    ends = [printer.print(ticket("A001")) for _ in range(3)]
    assert [end.result(WAIT_S) for end in ends] == [PrintEnd.PRINTED] * 3
    end_of_tap()
    assert b"".join(sent).count(data) == 3  # each in one piece, no DLE EOT within


@pytest.mark.parametrize("trouble", ["cover_open", "hold"])
def test_odoo_247055_an_open_cover_does_not_block_for_ever(bench, ticket, trouble):
    """`write` blocked for ever and stopped everything: here health is told, and nobody else waits."""
    printer = bench(write_s=0.5).ready()
    printer.act(trouble)
    end = printer.print(ticket("A001"))
    until(lambda: printer.health().state is not State.ONLINE, what="its trouble to be told")
    before_s = time.monotonic()
    printer.health()
    second = printer.print(ticket("A002"))
    assert time.monotonic() - before_s < 0.5  # whoever orders paper does not wait for it
    assert not second.done() or isinstance(second.exception(), NothingSent)
    printer.act({"cover_open": "cover_close", "hold": "take"}[trouble])
    end.exception(WAIT_S)
    second.exception(WAIT_S)


def test_odoo_249511_five_seconds_are_seconds():
    """A timeout of 5 was taken for milliseconds: options carry their unit, and their defaults are sane."""
    from drivers.escpos.options import EscposOptions

    times = [name for name in EscposOptions.__struct_fields__ if name.endswith("_s")]
    assert {"answer_s", "late_s", "write_s", "confirm_s", "recover_every_s"} == set(times)
    assert all(0.5 <= getattr(EscposOptions(), name) <= 60 for name in times)


def test_odoo_225678_what_may_be_on_paper_is_never_sent_again_by_itself(bench, ticket):
    """A timeout's fallback printed twice, its mend swallowed the retry: unknown is an end of its own."""
    printer = bench(impatient=True).ready()
    printer.act("silent")
    printer.expect(State.OFFLINE, "no_answer")
    with pytest.raises(PrintUnknown, match="look at the paper"):
        printer.print(ticket("A001")).result(WAIT_S)
    printer.act("answers")
    printer.ready()
    assert printer.print(ticket("A002")).result(WAIT_S) is PrintEnd.PRINTED
    assert ["A001" in text for text in printer.paper()] == [True, False]


def test_odoo_223525_a_status_that_cannot_be_read_does_not_block_printing(bench, ticket, ticket_text):
    printer = bench(impatient=True, confirm="none")
    printer.act("silent")
    printer.expect(State.OFFLINE, "no_answer")
    assert printer.print(ticket("A001")).result(WAIT_S) is PrintEnd.SENT
    until(lambda: printer.paper() == [ticket_text("A001")], what="the paper")


@pytest.mark.parametrize("gone", ["power_off", "silent"])
def test_jackqchen_an_unplugged_printer_is_not_paper_fine(bench, gone):
    printer = bench(impatient=True).ready()
    assert printer.health().facts["paper"] == "ok"
    printer.act(gone)
    until(lambda: printer.health().state is State.OFFLINE, what="it to be missed")
    assert printer.health().facts.get("paper", "unknown") == "unknown"


def test_octoprint_3846_4985_a_printer_that_comes_back_is_met_again(bench, ticket):
    printer = bench().ready()
    for number in range(3):
        printer.emulators.unplug("kiosk")
        until(lambda: printer.health().state is State.OFFLINE, what="it to be gone")
        printer.emulators.plug("kiosk")
        printer.ready()
        assert printer.print(ticket(f"A{number:03}")).result(WAIT_S) is PrintEnd.PRINTED


def test_octoprint_294_a_missing_permission_is_called_that(bench):
    def refused(uri, settings):
        raise PortError("permission_denied", f"{uri}: add the user to the group lp")

    printer = bench(opener=refused, opens=False)
    printer.expect(State.FAULT, "permission_denied")
    assert "lp" in printer.health().reasons[0].detail
