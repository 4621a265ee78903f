"""The whole daemon as a hall has it: its own process, real pseudo-terminals, real HTTP, a real browser."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.hall.clock import SystemClock
from kioskd.hall.store import Store
from kioskd.staff.sign_in import Staff
from kioskd.staff.tokens import add_token
from tests.e2e.walking import FLAGS, Walker

TOKEN = "e2e-token"
STARTS_WITHIN_S = 60
EVENTUALLY_S = 60


class Answer:
    """What the API said."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(ask: Callable[[], Any], what: str, within_s: float = EVENTUALLY_S) -> Any:
    """Ask until the answer is true, and return it: these machines are slow and noisy."""
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"did not happen within {within_s} s: {what}"
        time.sleep(0.05)
    return answer


class RunningHall:
    """A hall in a state directory that outlives its daemon: the demo hall, or one of the test's own.

    site: a folder with more drivers, as somebody else's package would bring them.
    """

    def __init__(self, state: Path, hall_file: Path | None = None, site: Path | None = None) -> None:
        self.state = state
        self.hall_file = hall_file
        self._environment = os.environ | ({} if site is None else {"PYTHONPATH": str(site)})
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.emulators = EmulatorClient(state / "emulators")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        log = (self.state / "daemon.log").open("ab")
        self.process = subprocess.Popen(
            self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment
        )
        log.close()
        wait_for(self.is_up, f"the daemon answers\n{self.log()}", STARTS_WITHIN_S)

    def command(self) -> list[str]:
        """What starts the daemon."""
        place = ["--state", str(self.state), "--port", str(self.port)]
        if self.hall_file is None:
            return [sys.executable, "-m", "kioskd", "demo", *place, "--token", TOKEN]
        return [sys.executable, "-m", "kioskd", "run", str(self.hall_file), *place]

    def run_another(self) -> subprocess.CompletedProcess[str]:
        """Somebody starts a second daemon on the same state directory."""
        command = [
            sys.executable,
            "-m",
            "kioskd",
            "demo",
            "--state",
            str(self.state),
            "--port",
            str(free_port()),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def is_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the daemon ended by itself:\n{self.log()}"
        try:
            return self.api("GET", "/healthz").status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """The power goes: no chance to tidy up."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def log(self) -> str:
        return (self.state / "daemon.log").read_text(encoding="utf-8", errors="replace")[-5000:]

    # --- what a client does ---

    def api(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Authorization": f"Bearer {TOKEN}", **(headers or {})}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        answer = self.api("GET", f"/api/v1/{path}")
        assert answer.status == 200, answer.body
        return answer.json

    def post(self, path: str, body: object = None) -> Any:
        answer = self.api("POST", f"/api/v1/{path}", body)
        assert answer.status in (200, 201), answer.body
        return answer.json

    def take_ticket(self, line: str | None = None) -> Any:
        """Touch a matter; of one line where that matters."""
        matters = self.get("matters")["items"]
        matter = next(m for m in matters if line is None or m["line"] == line)
        return self.post("tickets", {"matter": matter["code"]})

    def sign_in(self, context: Any, role: str) -> None:
        """Sign somebody with this role in at this browser: with Playwright's context or page."""
        store = Store(self.state / "hall.db")
        with store.transaction() as tx:
            clerk = tx.value("SELECT min(id) FROM clerks") if role == "clerk" else None
            tx.execute("DELETE FROM accounts WHERE name = ? OR clerk = ?", f"e2e-{role}", clerk)
            tx.execute(
                "INSERT INTO accounts (name, display_name, roles, clerk, secret, created_at)"
                " VALUES (?, ?, ?, ?, '', '2026-01-01T00:00:00.000000Z')",
                *(f"e2e-{role}", role, role, clerk),
            )
        session = Staff(store, SystemClock().now).open_session(f"e2e-{role}")
        store.close()
        context.add_cookies([{"name": "kioskd-session", "value": session, "url": self.url}])

    # --- what a person in the hall sees and touches ---

    def seen(self, device: str) -> dict[str, Any]:
        """What a person before this emulated device sees."""
        return next(d for d in self.emulators.list() if d["name"] == device)["view"]

    def papers(self) -> dict[int, str]:
        """What lies on the printer's tray, by its index: the latest ones."""
        return {
            paper["index"]: paper["text"] for paper in self.seen("printer")["tickets"] if paper["complete"]
        }

    def paper_with(self, number: str) -> str | None:
        return next((text for text in self.papers().values() if number in text.split()), None)

    def window(self, number: int) -> Any:
        return next(w for w in self.get("windows")["items"] if w["number"] == number)

    def events(self) -> list[dict[str, Any]]:
        """Everything that happened, from the store itself: read only, as Datasette would."""
        with sqlite3.connect(f"file:{self.state / 'hall.db'}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT id, type, ticket, window FROM events ORDER BY id").fetchall()
        return [dict(zip(("id", "type", "ticket", "window"), row, strict=True)) for row in rows]

    def numbers(self) -> list[str]:
        """Every number in the store."""
        with sqlite3.connect(f"file:{self.state / 'hall.db'}?mode=ro", uri=True) as database:
            return [row[0] for row in database.execute("SELECT number FROM tickets")]

    def health(self, device: str) -> Any:
        return next(d for d in self.get("devices")["items"] if d["name"] == device)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    return wait_for


@pytest.fixture(scope="session")
def browser_executable() -> str:
    path = os.environ.get("KIOSKD_CHROMIUM", "/usr/bin/chromium")
    assert Path(path).exists(), f"{path} is missing: script/setup installs chromium"
    return path


@pytest.fixture
def stopped_hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall whose daemon the test starts itself."""
    hall = RunningHall(tmp_path)
    yield hall
    hall.stop()
    hall.emulators.stop()


@pytest.fixture
def hall_of(tmp_path: Path) -> Iterator[Callable[..., RunningHall]]:
    """Start a hall of the test's own: the texts of its hall file and of its matters file, more drivers."""
    halls: list[RunningHall] = []

    def start(hall_file: str, matters: str, site: Path | None = None) -> RunningHall:
        file = tmp_path / "hall.toml"
        file.write_text(hall_file, encoding="utf-8")
        (tmp_path / "matters.toml").write_text(matters, encoding="utf-8")
        state = tmp_path / "state"
        state.mkdir()
        store = Store(state / "hall.db")
        add_token(store, "e2e", ["all"], token=TOKEN)
        store.close()
        halls.append(RunningHall(state, file, site))
        halls[-1].start()
        return halls[-1]

    yield start
    for one in halls:
        one.stop()
        one.emulators.stop()


@pytest.fixture
def hall(stopped_hall: RunningHall) -> RunningHall:
    """A hall that runs."""
    stopped_hall.start()
    return stopped_hall


@pytest.fixture(scope="module")
def walker(tmp_path_factory: pytest.TempPathFactory, browser_executable: str) -> Iterator[Walker]:
    """Who walks through the pages of a demo hall in which a morning has passed."""
    hall = RunningHall(tmp_path_factory.mktemp("walk"))
    hall.start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_executable, args=FLAGS)
        yield Walker(hall, chromium)
        chromium.close()
    hall.stop()
    hall.emulators.stop()
