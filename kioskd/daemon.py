"""The composition root: from a checked hall file to a running hall, and back down in order."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kioskd.certificate import examine_certificate
from kioskd.config import HallFile
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.supervisor import Supervisor
from kioskd.documents.desk import DocumentDesk
from kioskd.documents.folder import Folder
from kioskd.emulators import find_or_start, needs_emulators, until_ready
from kioskd.floor.floor import Floor, FloorSettings
from kioskd.floor.layout import Layout, layout_text
from kioskd.floor.papers import NOTICE
from kioskd.floor.person_hash import kept_secret
from kioskd.hall.clock import SystemClock
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.store import Store, StoreFailed
from kioskd.notify import notify, watchdog_s
from kioskd.staff.lockout import LockRules
from kioskd.staff.sessions import SessionRules
from kioskd.staff.sign_in import Staff, StaffRules
from kioskd.state import StateDirectory
from kioskd.uplink.uplink import Uplink
from kioskd.voice.voice import Voice

log = logging.getLogger(__name__)

TICK_S = 1.0
"""How often the hall is asked what is due by the clock."""


class Daemon:
    """One hall at work: `start()`, then `run()` until told to end, then `stop()`, which undoes each step."""

    def __init__(
        self,
        hall_file: HallFile,
        state: Path,
        *,
        port: int | None = None,
        before_opening: Callable[[Hall], None] = lambda hall: None,
    ) -> None:
        """before_opening: what must have been done when the first page can be asked for."""
        self.hall_file = hall_file
        self._before_opening = before_opening
        self.state = StateDirectory(state)
        self._port = hall_file.web.port if port is None else port
        self.emulators: EmulatorClient | None = None
        self._stopping = threading.Event()
        self._undo: list[Callable[[], Any]] = []

    def start(self) -> None:
        """Bring the hall up. What was started is stopped again when a later step fails.

        Raises StateBusy, StoreFailed, DeviceError (emulators), OSError (the web port is taken).
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        """Everything is made while the emulators come up; the pages are opened last."""
        self.state.lock()
        self._undo.append(self.state.unlock)
        self.emulators = self._emulators()
        self.store = Store(self.state.database)
        self._undo.append(self.store.close)
        self.hall = Hall(self.store, self.hall_file.plan, SystemClock())
        self.supervisor = Supervisor(
            self.hall_file.ports, self.hall_file.devices, emulator_dir=self.state.emulators
        )
        journal = PaperJournal(self.store)
        self.voice = Voice(self.hall_file.voice, self.hall_file.path.parent, self.state.voice)
        self.floor = Floor(self.hall, journal, self.supervisor, self._floor_settings(), self.voice)
        self.documents = DocumentDesk(
            self.hall,
            Folder(self.state.documents),
            keep_days=self.hall_file.documents.retention_days,
        )
        self.staff = Staff(self.store, self.hall.clock.now, _staff_rules(self.hall_file))
        app = self._app(journal)
        if self.emulators is not None:
            until_ready(self.emulators, self.state.emulators)
        self.supervisor.start()
        self._undo.append(self.supervisor.stop)
        self.floor.start()
        self._undo.append(self.floor.stop)
        self._start_uplink()
        self._before_opening(self.hall)
        self._open(app)
        log.info("open at %s, state in %s", self.url, self.state.path)

    def _start_uplink(self) -> None:
        """Report ratings, where the hall file says to whom. What is in the way there keeps no citizen out."""
        settings = self.hall_file.uplink
        if not settings.url:
            return
        try:
            uplink = Uplink(self.hall, settings, self.hall_file.uplink_fields, self.hall_file.path.parent)
        except (OSError, UnicodeDecodeError) as error:
            log.error("no rating is reported until `kioskd check` finds nothing: %s", error)
            return
        uplink.start()
        self._undo.append(uplink.stop)

    def _emulators(self) -> EmulatorClient | None:
        if not needs_emulators(self.hall_file):
            return None
        return find_or_start(self.hall_file, self.state.path, self.state.emulators)

    def _floor_settings(self) -> FloorSettings:
        printing, folder = self.hall_file.printing, self.hall_file.path.parent
        return FloorSettings(
            windows=self.hall_file.windows_of,
            layout=Layout(layout_text(printing.layout, folder)),
            notice=Layout(layout_text(printing.notice, folder), NOTICE),
            keys=self.hall_file.keys,
            person_secret=kept_secret(self.state.person_secret),
        )

    def _app(self, journal: PaperJournal) -> Any:
        from web.app import create_app  # Flask takes a while: let the emulators come up meanwhile
        from web.showing import Showing

        return create_app(
            self.hall,
            journal,
            self.floor,
            self.supervisor,
            settings=self.hall_file.web,
            emulators=self.emulators,
            documents=self.documents,
            staff=self.staff,
            voice=self.voice,
            showing=Showing(self.hall_file.board.messages, self.hall_file.photos),
            limits=self.hall_file.limits,
        )

    def _open(self, app: Any) -> None:
        from web.control import ControlServer
        from web.server import serve

        control = ControlServer(app, self.state.control)
        self._undo.append(control.stop)
        control.start()
        self._server = serve(app, self.hall_file.web.bind, self._port, tls=self._tls())
        self._undo.append(self._server.stop)
        self._undo.append(app.close)  # live streams end first: the server waits for them

    def _tls(self) -> Any:
        """Where TLS is spoken and by which certificate; None for a hall without one."""
        from web.server import Tls

        if self.hall_file.certificate is None:
            return None
        certificate, key = self.hall_file.certificate
        if worry := examine_certificate(certificate, key).worry(datetime.now(UTC)):
            log.warning("the certificate %s %s", certificate, worry)
        return Tls(port=self.hall_file.web.tls_port, certificate=certificate, key=key)

    @property
    def url(self) -> str:
        """Where the pages are."""
        host = self.hall_file.web.bind
        return f"http://{f'[{host}]' if ':' in host else host}:{self._server.port}"

    def run(self) -> None:
        """Keep the clock, feed the watchdog, and return when somebody says `end`."""
        notify("READY=1", f"STATUS=open at {self.url}")
        heart = Heart(self.store, self.supervisor)
        while not self._stopping.wait(TICK_S):
            self._tick()
            heart.turn()
        notify("STOPPING=1")

    def _tick(self) -> None:
        try:
            self.hall.tick()
            self.documents.tick()
            self.staff.tick(may_forget=lambda: self.hall.day_to_confirm() is None)
        except (StoreFailed, OSError) as error:  # a full disk ends; the hall must still be there then
            log.error("the hall could not look at its clock: %s", error)

    def end(self) -> None:
        """Make `run` return, soon. May be called from a signal handler or another thread."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop what was started, the newest first: nothing new comes in, then the rest is put down."""
        self.end()
        while self._undo:
            try:
                self._undo.pop()()
            except Exception:
                log.exception("a part did not stop in order")


def _staff_rules(hall_file: HallFile) -> StaffRules:
    table = hall_file.staff
    return StaffRules(
        sessions=SessionRules(
            idle=timedelta(minutes=table.idle_min), oldest=timedelta(hours=table.session_hours)
        ),
        locks=LockRules(
            account_attempts=table.attempts,
            address_attempts=4 * table.attempts,
            lock=timedelta(minutes=table.lock_min),
        ),
        audit_days=table.audit_days,
    )


class Heart:
    """Feeds systemd's watchdog while the store commits and the supervisor turns; never gated on a device."""

    def __init__(self, store: Store, supervisor: Supervisor) -> None:
        self._store = store
        self._supervisor = supervisor
        period_s = watchdog_s()
        self._every_s = None if period_s is None else period_s / 3
        self._next_s = time.monotonic()

    def turn(self) -> None:
        """Feed the watchdog when it is due and all is well."""
        if self._every_s is None or time.monotonic() < self._next_s:
            return
        self._next_s = time.monotonic() + self._every_s
        try:
            self._store.beat()
        except StoreFailed as error:
            log.error("the watchdog is not fed: %s", error)
            return
        if self._supervisor.turning():
            notify("WATCHDOG=1")
        else:
            log.error("the watchdog is not fed: the supervisor does not turn")


def end_on_signals(daemon: Daemon) -> None:
    """SIGTERM and SIGINT end the daemon in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: daemon.end())
