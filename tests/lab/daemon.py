"""The daemon as a hall has it: `kioskd run HALL_FILE` in a process of its own, looked at from outside."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from gadgets import until

TOKEN = "lab-token"
PORT = 8080
RESULTS = Path("/run/lab")
"""The folder that the host sees too: .lab/run there."""
HALL = """
[hall]
name = "青溪镇便民服务中心（实验室）"
matters = "matters.toml"

[day]
starts = 04:00:00
closes = 04:00:00
wind_up_after_min = 0

[rules]
recall_spacing_s = 0

[[lines]]
id = "general"
title = "综合事务"
letter = "A"
"""
WINDOW = """
[[windows]]
number = {number}
title = "综合窗口"
lines = ["general"]
order = "strict"
display = false
"""
MATTERS = """
[[matters]]
code = "ZH-01"
name = "居住证申领"
area = "综合"
department = "综合窗口"
line = "general"
by_law = "《居住证暂行条例》"
accept_condition = "离开户籍地到本地居住半年以上"
materials = ["居民身份证"]
handle_flow = "申请 → 受理 → 发证"
promise = "15个工作日"
"""


class Paper(NamedTuple):
    """A print job: how it ended, where, and the bytes in the journal."""

    state: str
    printer: str
    data: bytes


class RunningDaemon:
    """One hall of three windows and the devices that `attach` names, on the machine's own drivers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log_file = RESULTS / "daemon.log"
        self.database = folder / "state" / "hall.db"
        self.process: subprocess.Popen[bytes] | None = None
        self._devices: list[str] = []

    def attach(
        self,
        name: str,
        profile: str,
        at: str,
        *,
        window: int | None = None,
        address: int | None = None,
        options: str = "",
    ) -> None:
        """Write a device into the hall file."""
        lines = [f'name = "{name}"', f'profile = "{profile}"', f'port = "{at}"']
        lines += [f"window = {window}"] if window else []
        lines += [f"address = {address}"] if address else []
        lines += [f"options = {options}"] if options else []
        self._devices.append("\n".join(["[[devices]]", *lines, ""]))

    def start(self) -> None:
        """Start it; `ready` waits until it serves."""
        windows = "".join(WINDOW.format(number=number) for number in (1, 2, 3))
        hall_file = self.folder / "hall.toml"
        hall_file.write_text("\n".join([HALL, windows, *self._devices]), encoding="utf-8")
        (self.folder / "matters.toml").write_text(MATTERS, encoding="utf-8")
        command = [sys.executable, "-m", "kioskd", "run", hall_file, "--state", self.database.parent]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(PORT)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def ready(self) -> None:
        """Wait until it serves, and take a token as other programs have one."""
        until(self._answers, "the daemon serves", within_s=240)
        with sqlite3.connect(self.database) as store:
            store.execute(
                "INSERT INTO api_tokens (name, token_sha256, scopes, created_at) VALUES (?, ?, ?, ?)",
                ("lab", hashlib.sha256(TOKEN.encode()).hexdigest(), "all", "2026-01-01T00:00:00Z"),
            )
        store.close()
        for number in (1, 2, 3):
            self.post(f"windows/{number}/open")

    def stop(self) -> None:
        """End it in order."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(30) == 0, self.log()

    def log(self) -> str:
        """What it said last."""
        return self.said()[-6000:]

    def said(self) -> str:
        """All that it said."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    # --- as its clients see it ---

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """One request: status and body."""
        assert self.process is not None
        assert self.process.poll() is None, f"the daemon ended by itself:\n{self.log()}"
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
            )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def get(self, path: str) -> Any:
        """Read from the API."""
        status, body = self.ask("GET", f"/api/v1/{path}")
        assert status == 200, body
        return json.loads(body)

    def post(self, path: str, body: Any = None) -> Any:
        """Order something by the API."""
        status, answer = self.ask("POST", f"/api/v1/{path}", body)
        assert status in (200, 201), answer
        return json.loads(answer)

    def take_ticket(self) -> Any:
        """A citizen touches the only matter."""
        return self.post("tickets", {"matter": "ZH-01"})

    def send_all_home(self) -> None:
        """Nobody waits any more, and no window serves."""
        for ticket in self.get("queue")["waiting"]:
            self.post(f"tickets/{ticket['id']}/cancel")
        for window in self.get("windows")["items"]:
            if window["ticket"]:
                self.post(f"windows/{window['number']}/no-show")

    def window(self, number: int) -> Any:
        """A window as the clerk's page sees it."""
        return next(window for window in self.get("windows")["items"] if window["number"] == number)

    def called_at(self, number: int) -> str | None:
        """The number that a window has called or serves."""
        ticket = self.window(number)["ticket"]
        return ticket["number"] if ticket else None

    def health(self, device: str) -> Any:
        """A device as /tech sees it."""
        return next(one for one in self.get("devices")["items"] if one["name"] == device)

    def until_state(self, state: str, *devices: str, within_s: float = 60) -> None:
        """Wait until all of these devices are in this state."""

        def there() -> bool:
            states = {one["name"]: one["state"] for one in self.get("devices")["items"]}
            return all(states[device] == state for device in devices)

        until(there, f"{', '.join(devices)}: {state}; {self.log()[-1500:]}", within_s)

    # --- as the store and the kernel see it ---

    def paper(self, ticket: int) -> Paper:
        """The newest print job of a ticket."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as store:
            row = store.execute(
                "SELECT state, printer, data FROM print_jobs LEFT JOIN print_bytes ON job = id"
                " WHERE ticket = ? ORDER BY id DESC",
                (ticket,),
            ).fetchone()
        store.close()
        return Paper(*row)

    def until_paper(self, ticket: int, *states: str, within_s: float = 60) -> Paper:
        """Wait until a ticket's paper has ended so."""
        until(
            lambda: self.paper(ticket).state in states,
            f"paper of {ticket}: {states}; {self.log()[-1500:]}",
            within_s,
        )
        return self.paper(ticket)

    def jobs(self, ticket: int) -> list[str]:
        """How each print job of a ticket ended, the first one first."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as store:
            rows = store.execute(
                "SELECT state FROM print_jobs WHERE ticket = ? ORDER BY id", (ticket,)
            ).fetchall()
        store.close()
        return [row[0] for row in rows]

    def descriptors(self) -> list[str]:
        """What it has open, without numbers that differ at every plugging and without the store's files.

        Each of the web's threads keeps a connection to the store from its first request on.
        """
        assert self.process is not None
        folder = Path(f"/proc/{self.process.pid}/fd")
        found = []
        for file in folder.iterdir():
            try:
                found.append(str(file.readlink()))
            except OSError:
                continue  # closed meanwhile
        store = str(self.database)
        return sorted(re.sub(r"\d+", "N", file) for file in found if not file.startswith(store))

    def threads(self) -> list[str]:
        """The names of its threads."""
        assert self.process is not None
        return sorted(
            (task / "comm").read_text().strip() for task in Path(f"/proc/{self.process.pid}/task").iterdir()
        )


def kioskd(*arguments: str) -> str:
    """Run a command of kioskd, as a technician does; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "kioskd", *arguments], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
