"""A printer on the bench: real driver, real supervisor, pseudo-terminal, emulated printer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import msgspec
import pytest

from drivers.escpos.driver import EscposPrinter
from drivers.escpos.emulator import EmulatedPrinter
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.emulator_host import EmulatorHost
from kioskd.devices.health import Health, State
from kioskd.devices.kinds import Document, Pair, PrintEnd, PrintJob, QrCode, Rule, Text
from kioskd.devices.port_uri import PortUri
from kioskd.devices.ports import Port, open_port
from kioskd.devices.profile_files import load_profile
from kioskd.devices.profiles import PortSettings, Timing
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until

PATIENT = {"answer_s": 2.0, "late_s": 2.0, "write_s": 0.5, "confirm_s": 6.0, "recover_every_s": 0.3}
"""Deadlines that a slow machine keeps when the printer does answer."""
IMPATIENT = {"answer_s": 0.3, "late_s": 0.3, "confirm_s": 1.0}
"""Deadlines for a printer that will not answer."""


class QuickPrinter(EmulatedPrinter):
    """The emulated printer for the impatient."""

    line_s = 0.004
    late_s = 1.0
    blink_s = 0.3
    tear_after_s = 0.2


class Bench:
    """One printer at work. Leave it as a context manager."""

    def __init__(
        self,
        folder: Path,
        profile: str,
        *,
        at: str = "emulator:",
        impatient: bool = False,
        poll_s: float = 0.2,
        opener: Callable[[PortUri, PortSettings], Port] = open_port,
        opens: bool = True,
        **options: Any,
    ):
        """opener: what opens the port; opens: whether it will. options: of the printer and its driver."""
        self._opens = opens
        self._folder = folder
        model = msgspec.structs.replace(load_profile(profile), timing=Timing(poll_s=poll_s))
        port = PortSpec(name="kiosk", at=at, settings=PortSettings(baud=115200))
        printer = DeviceSpec(
            name="printer",
            title="",
            profile=model,
            port="kiosk",
            options=PATIENT | (IMPATIENT if impatient else {}) | options,
        )
        folder.mkdir()
        self._host = EmulatorHost([port], [printer], folder, find=lambda _: QuickPrinter)
        self._host_thread = threading.Thread(target=self._host.run)
        self._supervisor = Supervisor(
            [port], [printer], folder, pace=QUICK, find=lambda _: EscposPrinter, opener=opener
        )
        self.printer = self._supervisor.devices["printer"]
        self.emulators = EmulatorClient(folder)
        self._jobs = 0

    def __enter__(self) -> Self:
        self._host_thread.start()
        self._supervisor.start()
        if self._opens:
            until(lambda: self.printer.health().counters.get("opened"), what="the port to open")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_daemon()
        self._host.stop()
        self._host_thread.join()

    def stop_daemon(self) -> None:
        """Stop the daemon's side; the printer stays."""
        self._supervisor.stop(timeout_s=10)

    def ready(self) -> Self:
        """Wait until the printer was met."""
        self.expect(State.ONLINE)
        return self

    def real_place(self) -> str:
        """Where the emulated port really is now, such as serial:/dev/pts/7."""
        return (self._folder / "kiosk.uri").read_text("utf-8").strip()

    def act(self, action: str) -> None:
        """Do something to the printer."""
        self.emulators.act("printer", action)

    def print(self, document: Document, on_first_byte: Callable[[], None] = lambda: None) -> Future[PrintEnd]:
        """Render a document and order it printed."""
        self._jobs += 1
        data = self.printer.render(document)
        return self.printer.print(PrintJob(data, mark=self._jobs, on_first_byte=on_first_byte))

    def view(self) -> dict[str, Any]:
        """What stands before the printer."""
        view: dict[str, Any] = self.emulators.list()[0]["view"]
        return view

    def paper(self) -> list[str]:
        """The texts of all pieces of paper, a piece under way last."""
        return [ticket["text"] for ticket in self.view()["tickets"]]

    def health(self) -> Health:
        """The printer's health as the hall sees it."""
        return self.printer.health()

    def expect(self, state: State, *reasons: str) -> None:
        """The health comes to be this, for exactly these reasons."""

        def so() -> bool:
            health = self.health()
            return health.state == state and {reason.code for reason in health.reasons} == set(reasons)

        until(so, what=f"{state} {reasons}, it is {self.health()}")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Put a printer of a profile on the bench."""
    opened: list[Bench] = []

    def put(profile: str = "escpos-80", **options: Any) -> Bench:
        opened.append(Bench(tmp_path / f"emulators-{len(opened)}", profile, **options).__enter__())
        return opened[-1]

    yield put
    for one in opened:
        one.__exit__()


@pytest.fixture
def ticket() -> Callable[[str], Document]:
    """A citizen's ticket with this number."""

    def make(number: str) -> Document:
        return Document(
            (
                Text("朝阳镇便民服务中心", align="center", bold=True),
                Text(number, align="center", width=4, height=4),
                Text("社保卡申领", align="center", width=2, height=2),
                Rule(),
                Pair("前面等候", "3 人"),
                Text("请备好：身份证原件、户口本。"),
                QrCode("https://hall.example/t/abcdEFGH12345678"),
            )
        )

    return make


@pytest.fixture
def ticket_text() -> Callable[[str], str]:
    """What the paper says of such a ticket on 80 mm."""

    def make(number: str) -> str:
        return "\n".join(
            (
                "朝阳镇便民服务中心",
                number,
                "社保卡申领",
                "-" * 48,
                "前面等候" + " " * 36 + "3 人",
                "请备好：身份证原件、户口本。",
                "[QR https://hall.example/t/abcdEFGH12345678]",
            )
        )

    return make
