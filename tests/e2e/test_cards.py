"""Cards in the whole demo, with all that can be logged: tickets come of them, and no trace of a person."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.sdt.samples import samples
from kioskd.demo.show import BOOKED_NAME, BOOKED_NUMBER
from tests.e2e.conftest import RunningHall

pytestmark = pytest.mark.e2e

CHATTY = (
    "import logging; logging.basicConfig(level=logging.DEBUG, format='%(name)s %(message)s');"
    "from kioskd.cli import main; main()"
)
CONTACT = {
    "purpose": "rating_report",
    "name": "联系样例",
    "phone": "13911112222",
    "certificate_type": "111",
    "certificate_no": "110105194912310" + "02X",
}


class ChattyHall(RunningHall):
    """The demo hall with everything logged."""

    def command(self) -> list[str]:
        return [sys.executable, "-c", CHATTY, *super().command()[3:]]


@pytest.fixture
def hall(tmp_path: Path) -> Any:
    hall = ChattyHall(tmp_path)
    hall.start()
    yield hall
    hall.stop()
    hall.emulators.stop()


def kept(folder: Path) -> bytes:
    """Every byte of every file in the state directory."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_morning_with_cards_leaves_no_trace_of_anybody(
    hall: ChattyHall, eventually: Callable[..., Any], tmp_path: Path
) -> None:
    watch = subprocess.Popen(
        [
            *(sys.executable, "-m", "kioskd", "device", "watch", "card-reader"),
            *("--seconds", "20", "--state", str(hall.state)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def lay(card: str) -> Any:
        """Lay another card there; its offer."""
        before = (hall.get("card")["offer"] or {"id": ""})["id"]
        hall.emulators.act("card-reader", "take_away")
        sent = hall.health("card-reader")["counters"]["sent_bytes"]
        searches = 60  # some more searches, so that the reader sees it gone
        eventually(
            lambda: hall.health("card-reader")["counters"]["sent_bytes"] > sent + searches, "it is taken away"
        )
        hall.emulators.act("card-reader", f"lay_{card}")
        return eventually(
            lambda: (offer := hall.get("card")["offer"]) and offer["id"] != before and offer,
            f"{card} is read",
        )

    # the card is read, the appointment checked in, age gives priority, the others are told
    offer = lay("booked")
    assert offer["masked"] == "王** 660***********4567"
    ticket = hall.post("card/check-in", {"offer": offer["id"]})
    assert ticket["priority"] == "appointment"
    offer = lay("elder")
    assert offer["priority"]
    elder = hall.post("tickets", {"matter": "GA-02", "card": offer["id"]})
    assert elder["priority"] == "priority"
    assert lay("foreigner")["problem"] == "unsupported_card"
    assert lay("damaged")["problem"] == "unreadable"
    eventually(lambda: hall.paper_with(ticket["number"]), "the ticket of the check-in is printed")

    # a booking with a wrong number, and a contact for an export
    wrong = {"matter": "GA-02", "at": "2099-01-01T09:00:00+08:00", "certificate_no": "660102199606151237"}
    assert hall.api("POST", "/api/v1/appointments", wrong).status == 422
    hall.post(f"tickets/{elder['id']}/contact", CONTACT)
    assert hall.get(f"tickets/{elder['id']}/contact?purpose=rating_report")["phone"] == CONTACT["phone"]

    watched = watch.communicate(timeout=60)[0]
    assert " bytes, not shown)" in watched
    assert "AA AA AA 96 69" not in watched
    hall.stop()

    left = kept(hall.state)
    log = (hall.state / "daemon.log").read_text(encoding="utf-8", errors="replace")
    assert "card-reader: a card was read" in log
    for sample in samples().values():
        for secret in (sample.whole_number, sample.number[6:14], sample.name, sample.address):
            for encoding in ("utf-8", "utf-16-le"):
                assert not secret or secret.encode(encoding) not in left, secret
            assert not secret or secret not in watched
    assert wrong["certificate_no"].encode() not in left
    for secret in (CONTACT["name"], CONTACT["phone"], CONTACT["certificate_no"]):
        assert secret not in log
    assert stat.S_IMODE((hall.state / "person.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((hall.state / "hall.db").stat().st_mode) == 0o600


def test_the_demos_appointment_is_for_the_card_beside_its_reader() -> None:
    assert (samples()["booked"].name, samples()["booked"].whole_number) == (BOOKED_NAME, BOOKED_NUMBER)
