"""A morning in the hall: the floor's threads between a real hall and real ports, with tiny drivers."""

import os
import tty

import pytest

from kioskd.devices.driver import Driver
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Kind, PrintEnd
from kioskd.devices.profiles import Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until
from kioskd.floor.floor import Floor, FloorSettings
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.model import PaperState, TicketState
from kioskd.hall.store import Store


class TextPrinter(Driver):
    """Prints lines of text. The printer says k when they are on paper, o without paper, i with it again."""

    kinds = frozenset({Kind.PRINTER})
    confirmed = None

    def received(self, data):
        for byte in data.decode():
            if byte in "oi":
                self.link.health(*([Reason("paper_out")] if byte == "o" else []))
            if byte == "k":
                self.confirmed = True

    def render(self, document):
        return ("\n".join(str(block) for block in document.blocks) + "\n\f").encode()

    def print(self, job):
        self.confirmed = None
        job.on_first_byte()
        self.link.write(job.data)
        self.link.wait(lambda: self.confirmed, timeout_s=60)
        return PrintEnd.PRINTED


class TextWindow(Driver):
    """Strip, pad and evaluator in one, at an address: `1 call A001 0` lights it, `1 key call` is a press."""

    kinds = frozenset({Kind.DISPLAY, Kind.KEYPAD, Kind.EVALUATOR})
    unfinished = ""

    def show(self, sign):
        self.link.write(f"{self.address} {sign.state} {sign.number} {sign.waiting}\n".encode())

    def signal(self, signal):
        self.link.write(f"{self.address} {signal}\n".encode())

    def received(self, data):
        *lines, self.unfinished = (self.unfinished + data.decode()).split("\n")
        for address, what, value in (line.split() for line in lines):
            if int(address) == self.address:
                self.link.pressed(value) if what == "key" else self.link.rated(int(value))


DRIVERS = {"printer": TextPrinter, "window": TextWindow}


class Cable:
    """The devices' end of a pseudo-terminal."""

    def __init__(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.text = ""

    def heard(self):
        """All that arrived here, from the first byte on."""
        try:
            while data := os.read(self.master, 65536):
                self.text += data.decode()
        except BlockingIOError:
            pass
        return self.text

    def waits_for(self, text):
        until(lambda: text in self.heard(), timeout_s=20, what=f"{text!r} on the wire, heard {self.text!r}")

    def say(self, text):
        os.write(self.master, text.encode())

    def close(self):
        os.close(self.master)
        os.close(self.slave)


class Building:
    """The hall with its printer's cable and the line that its two windows share."""

    def __init__(self, hall, store, layout, paper, line):
        self.hall = hall
        self.journal = PaperJournal(store)
        self.layout = layout
        self.paper = paper
        self.line = line

    def start(self):
        """A daemon comes up."""
        ports = [
            PortSpec(name="paper", at=f"serial:{os.ttyname(self.paper.slave)}"),
            PortSpec(name="line", at=f"serial:{os.ttyname(self.line.slave)}"),
        ]
        devices = [
            DeviceSpec(name="printer", title="", profile=self.profile("printer"), port="paper"),
            DeviceSpec(name="desk-1", title="", profile=self.profile("window"), port="line", address=1),
            DeviceSpec(name="desk-2", title="", profile=self.profile("window"), port="line", address=2),
        ]
        self.supervisor = Supervisor(ports, devices, pace=QUICK, find=DRIVERS.__getitem__)
        settings = FloorSettings(windows={"desk-1": 1, "desk-2": 2}, layout=self.layout)
        self.floor = Floor(self.hall, self.journal, self.supervisor, settings)
        self.supervisor.start()
        self.floor.start()

    def stop(self):
        """It goes down in order."""
        self.floor.stop()
        self.supervisor.stop(timeout_s=20)

    def profile(self, driver):
        return Profile(name=driver, title=driver, driver=driver, kinds=DRIVERS[driver].kinds)

    def paper_state(self, ticket):
        return self.journal.jobs(ticket.id)[-1].state

    def expect_paper(self, ticket, state, detail=""):
        def so():
            job = self.journal.jobs(ticket.id)[-1]
            return (job.state, job.detail) == (state, detail)

        until(so, timeout_s=20, what=f"paper {state} {detail}: {self.journal.jobs(ticket.id)[-1]}")


@pytest.fixture
def building(hall, store, layout):
    building = Building(hall, store, layout, Cable(), Cable())
    building.start()
    yield building
    building.stop()
    building.paper.close()
    building.line.close()


def test_a_ticket_is_taken_printed_called_served_and_rated(building, hall):
    ticket = hall.issue("card")
    building.paper.waits_for("B001")
    building.paper.waits_for("\f")
    building.paper.say("k")
    building.expect_paper(ticket, PaperState.PRINTED)
    building.line.waits_for("1 welcome  1\n")
    building.line.waits_for("2 welcome  1\n")

    building.line.say("2 key call\n")
    building.line.waits_for("2 call B001 0\n")
    building.line.say("2 key invite_rating\n")
    building.line.waits_for("2 invite_rating\n")
    building.line.say("2 rate 5\n")
    until(lambda: hall.ticket(ticket.id).rating == 5, timeout_s=20)
    assert building.line.heard().count("invite_rating") == 1
    assert "beep" not in building.line.heard()


def test_what_a_clerk_does_on_a_page_shows_on_the_strips_too(building, hall):
    building.line.waits_for("1 welcome")
    hall.pause(1, "")
    building.line.waits_for("1 paused")
    hall.resume(1)
    hall.issue("note")
    hall.call_next(1)
    building.line.waits_for("1 call A001 0\n")
    hall.invite_rating(1, finish_current=True)
    building.line.waits_for("1 invite_rating\n")


def test_another_process_that_changes_the_store_is_followed_too(building, plan, clock, store):
    building.line.waits_for("1 welcome")
    other = Store(store.path)
    Hall(other, plan, clock).pause(1)
    building.line.waits_for("1 paused")
    other.close()


def test_a_refused_key_is_answered_by_a_beep(building):
    building.line.say("2 key call\n")
    building.line.waits_for("2 beep\n")
    assert building.floor.dropped() == {"refused": 1}
    assert "1 beep" not in building.line.heard()


def test_paper_out_in_the_middle_of_a_ticket_and_back(building, hall):
    ticket = hall.issue("card")
    building.paper.waits_for("\f")
    building.paper.say("o")
    building.expect_paper(ticket, PaperState.SENDING, "paper_out")
    assert building.floor.printers()[0].health().reasons[0].code == "paper_out"
    building.paper.say("i")
    building.expect_paper(ticket, PaperState.SENDING)
    building.paper.say("k")
    building.expect_paper(ticket, PaperState.PRINTED)
    assert building.paper.heard().count("\f") == 1


def test_a_reprint_is_ordered_through_the_floor_and_marked(building, hall):
    ticket = hall.issue("card")
    building.paper.waits_for("\f")
    building.paper.say("k")
    building.expect_paper(ticket, PaperState.PRINTED)
    building.floor.reprint(ticket.id, by="clerk")
    building.paper.waits_for("补打")
    building.paper.say("k")
    building.expect_paper(ticket, PaperState.PRINTED)


def test_a_daemon_that_stops_while_it_prints_lets_the_ticket_end(building, hall):
    ticket = hall.issue("card")
    building.paper.waits_for("\f")
    building.paper.say("k")
    building.floor.stop()
    assert building.paper_state(ticket) is PaperState.PRINTED


def test_a_restart_resumes_everything_and_prints_nothing_twice(building, hall):
    unclear = hall.issue("card")
    building.paper.waits_for("\f")
    building.paper.say("o")
    building.expect_paper(unclear, PaperState.SENDING, "paper_out")
    waiting = hall.issue("card")
    building.line.say("2 key call\n")
    building.line.waits_for("2 call B001 1\n")
    building.stop()
    building.start()
    building.expect_paper(unclear, PaperState.UNKNOWN, "contact_lost")
    until(lambda: building.line.heard().count("2 call B001 1\n") == 2, timeout_s=20, what="the sign again")
    until(lambda: building.paper.heard().count("\f") == 2, timeout_s=20, what="the second ticket")
    building.paper.say("k")
    building.expect_paper(waiting, PaperState.PRINTED)
    assert hall.ticket(unclear.id).state is TicketState.CALLED


def test_the_pages_may_ask_what_a_window_shows(building, hall):
    hall.issue("note")
    hall.call_next(1)
    assert building.floor.sign(1).text == "请A001到1号窗口"
