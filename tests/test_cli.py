import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, suppress
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.config import load_hall
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.hall.schema import migrations
from kioskd.hall.sqlite import Database
from kioskd.hall.store import Store
from kioskd.staff.tokens import whose
from kioskd.state import StateDirectory

DEMO = str(resources.files("kioskd.demo").joinpath("hall.toml"))


def kioskd(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="kioskd")


def test_check_tells_what_a_good_hall_has():
    done = kioskd("check", DEMO)
    assert done.exit_code == 0, done.output
    assert "windows 8" in done.output
    assert "devices 28, ports 6" in done.output


def test_check_lists_every_mistake_and_ends_with_1(tmp_path):
    (tmp_path / "hall.toml").write_text('[hall]\nnmae = "x"\n[wep]\n', encoding="utf-8")
    done = kioskd("check", tmp_path / "hall.toml")
    assert done.exit_code == 1
    assert "hall.nmae: unknown key (did you mean 'name'?)" in done.output
    assert "wep: unknown table (did you mean 'web'?)" in done.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["chek"], "did you mean 'check'?"),
        (["profile", "lst"], "did you mean 'list'?"),
        (["xyz"], "`kioskd --help` lists all"),
    ],
)
def test_a_mistyped_command_gets_the_nearest_one(args, says):
    done = kioskd(*args)
    assert done.exit_code == 2
    assert says in done.output


def test_matters_are_listed_one_a_line():
    done = kioskd("matters", "list", DEMO)
    assert len(done.output.splitlines()) >= 40
    assert "MZ-03\tgeneral\t10个工作日\t临时救助申请" in done.output


def test_every_profile_is_listed_shown_and_good():
    listed = [line.split()[0] for line in kioskd("profile", "list").output.splitlines()]
    assert {"escpos-80", "pinganlihe-v21", "ff68-keypad", "ff68-evaluator"} <= set(listed)
    for name in listed:
        shown = kioskd("profile", "show", name)
        assert shown.exit_code == 0, shown.output
        assert f"name: {name}" in shown.output


def test_profile_check_is_for_a_technicians_own_file(tmp_path):
    good = tmp_path / "our-strip.toml"
    good.write_text('name = "our-strip"\ntitle = "条屏"\ninherits = "pinganlihe-v21"\n', encoding="utf-8")
    assert "good. 条屏" in kioskd("profile", "check", good).output
    (tmp_path / "another").mkdir()
    (tmp_path / "another" / "our-strip.toml").write_text("not the one that was asked for", encoding="utf-8")
    assert "good. 条屏" in kioskd("profile", "check", good).output
    good.write_text('name = "our-strip"\ntitel = "条屏"\ninherits = "pinganlihe-v21"\n', encoding="utf-8")
    wrong = kioskd("profile", "check", good)
    assert wrong.exit_code == 1
    assert "titel: unknown key (did you mean 'title'?)" in wrong.output
    assert kioskd("profile", "check", tmp_path / "gone.toml").exit_code == 1


def test_a_token_is_printed_once_and_the_database_knows_only_its_digest(tmp_path):
    store = Store(tmp_path / "hall.db")
    done = kioskd("token", "add", "website", "--scope", "read", "--state", tmp_path)
    token = done.output.strip()
    assert whose(store, token).scopes == {"read"}
    assert token.encode() not in (tmp_path / "hall.db").read_bytes() + (tmp_path / "hall.db-wal").read_bytes()
    store.close()


def test_a_token_needs_a_scope_that_exists_and_a_hall(tmp_path):
    assert "no hall.db" in kioskd("token", "add", "x", "--scope", "read", "--state", tmp_path).output
    Store(tmp_path / "hall.db").close()
    wrong = kioskd("token", "add", "x", "--scope", "reed", "--state", tmp_path)
    assert wrong.exit_code == 2
    assert "scopes are" in wrong.output


def test_a_backup_is_a_whole_database_and_never_overwrites(tmp_path):
    with Store(tmp_path / "hall.db").transaction() as tx:
        tx.execute("INSERT INTO meta VALUES ('proof', 'kept')")
    copy = tmp_path / "copy.db"
    assert kioskd("backup", copy, "--state", tmp_path).exit_code == 0
    rows = sqlite3.connect(copy).execute("SELECT value FROM meta WHERE key = 'proof'").fetchall()
    assert rows == [("kept",)]
    assert "is there already" in kioskd("backup", copy, "--state", tmp_path).output


@pytest.fixture
def older(tmp_path):
    """A state directory whose database lacks this version's last migration; the others' names are given."""
    *before, last = (migration.name for migration in migrations.pending(Database(memory=True)))
    database = Database(tmp_path / "hall.db")
    migrations.apply(database, stop_before=last)
    database.close()
    return before


def migrated(file):
    with closing(sqlite3.connect(file)) as database:
        return [name for (name,) in database.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


def test_a_new_command_leaves_the_store_of_an_old_daemon_alone(tmp_path, older):
    daemon = StateDirectory(tmp_path)
    daemon.lock()
    try:
        done = kioskd("ratings", "status", "--state", tmp_path)
        assert done.exit_code == 1
        assert "start the new daemon first" in done.output
        copy = tmp_path / "copy.db"
        assert kioskd("backup", copy, "--state", tmp_path).exit_code == 0, "all the more before an upgrade"
    finally:
        daemon.unlock()
    assert migrated(tmp_path / "hall.db") == migrated(copy) == older


def test_a_backup_never_changes_what_it_copies(tmp_path, older):
    assert kioskd("backup", tmp_path / "copy.db", "--state", tmp_path).exit_code == 0
    assert migrated(tmp_path / "hall.db") == migrated(tmp_path / "copy.db") == older


def test_where_no_daemon_runs_a_command_brings_an_older_store_up_to_date(tmp_path, older):
    assert kioskd("ratings", "status", "--state", tmp_path).exit_code == 0
    assert migrated(tmp_path / "hall.db")[:-1] == older
    daemon = StateDirectory(tmp_path)
    daemon.lock()  # nobody keeps it
    daemon.unlock()


def test_device_list_says_so_when_no_daemon_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = kioskd("device", "list", "--url", url, "--token", "x")
    assert done.exit_code == 1
    assert "no daemon answers" in done.output


def test_without_a_daemon_the_state_directory_is_named_and_what_to_do(tmp_path):
    done = kioskd("device", "list", "--state", tmp_path)
    assert done.exit_code == 1
    assert done.output == (
        f"Error: no daemon runs in {tmp_path}: start it (systemctl start kioskd), "
        "or name its state directory with --state\n"
    )
    assert kioskd("device", "list", "--url", "http://127.0.0.1:1").exit_code == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_user_outside_the_group_is_told_how_to_come_in():
    """The state directory is the daemon's: others cannot even look into it."""
    with tempfile.TemporaryDirectory() as state:  # not under tmp_path, whose folders are closed to others
        Path(state).chmod(0o750)
        script = (
            "import os, sys, msgspec\nfrom pathlib import Path\nfrom kioskd.cli.ask import Daemon\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "Daemon(Path(sys.argv[1])).ask('day')"
        )
        command = [sys.executable, "-c", script, state]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "use sudo, or join its group (sudo usermod -aG " in done.stderr, done.stderr


def test_python_m_kioskd_is_the_same_command():
    done = subprocess.run(
        [sys.executable, "-m", "kioskd", "--version"], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("kioskd ")


# --- the daemon as a process ---


class Running:
    """A `kioskd` process, its pages, and all that it printed so far."""

    def __init__(self, output: Path, *args: str) -> None:
        self.output = output
        with output.open("wb") as opened:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kioskd", *args], stdout=opened, stderr=subprocess.STDOUT
            )

    def wait_for(self, text: str, deadline_s: float = 60) -> str:
        """The line with this text, once it is there."""
        give_up = time.monotonic() + deadline_s
        while time.monotonic() < give_up:
            for line in self.output.read_text("utf-8").splitlines():
                if text in line:
                    return line
            assert self.process.poll() is None, self.output.read_text("utf-8")
            time.sleep(0.05)
        raise AssertionError(f"{text!r} is not in {self.output.read_text('utf-8')}")

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def running(tmp_path):
    started = []

    def start(*args):
        started.append(Running(tmp_path / f"output-{len(started)}.txt", *args))
        return started[-1]

    yield start
    for each in started:
        with suppress(ProcessLookupError):
            each.end(signal.SIGINT)


def test_the_demo_prints_its_address_and_token_and_leaves_nothing_behind(running):
    demo = running("demo", "--port", "0", "--token", "open-sesame")
    url = demo.wait_for("kioskd demo: ").split()[-1].rstrip("/")
    assert demo.wait_for("token: ") == "token: open-sesame"
    state = Path(demo.wait_for("state: ").removeprefix("state: "))
    with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
        assert answer.status == 200
    request = urllib.request.Request(f"{url}/api/v1/windows", headers={"Authorization": "Bearer open-sesame"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.read().count(b'"open"') >= 8
    listed = kioskd("device", "list", "--url", url, "--token", "open-sesame").output.splitlines()
    assert len(listed) == len(load_hall(Path(DEMO)).devices)
    assert kioskd("device", "list", "--url", url, "--token", "wrong").output.startswith("Error: ")
    without_token = kioskd("device", "list", "--state", state)
    assert [line.split()[0] for line in without_token.output.splitlines()] == [
        line.split()[0] for line in listed
    ]
    shown = kioskd("device", "show", "printer", "--state", state)
    assert "profile   escpos-80" in shown.output
    as_json = kioskd("device", "show", "printer", "--state", state, "--json").output
    assert json.loads(as_json)["port"] == "kiosk"
    tried = kioskd("device", "test", "printer", "--state", state)
    assert tried.exit_code == 0, tried.output
    assert tried.output.splitlines()[0].endswith("Printing a test page")
    assert "TEST" in EmulatorClient(state / "emulators").list()[0]["view"]["tickets"][-1]["text"]
    watched = kioskd("device", "watch", "printer", "--seconds", "8", "--state", state).output
    assert "→ 10 04 01                                         asks DLE EOT 1: printer" in watched
    assert "DLE EOT 4, paper: nothing wrong (12)" in watched
    assert "service day: " in kioskd("day", "show", "--state", state).output
    nowhere = kioskd("device", "show", "pritner", "--state", state)
    assert nowhere.exit_code == 1
    assert "404 There is no such device" in nowhere.output
    assert demo.end() == 0
    assert not state.exists()


@pytest.fixture
def state(tmp_path):
    """A state directory, whose emulators end with the test."""
    yield tmp_path / "state"
    EmulatorClient(tmp_path / "state" / "emulators").stop()


def test_a_second_daemon_on_one_state_directory_is_refused(state, running):
    first = running("run", DEMO, "--state", str(state), "--port", "0")
    first.wait_for("open at")
    second = subprocess.run(
        [sys.executable, "-m", "kioskd", "run", DEMO, "--state", str(state), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"process {first.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    assert first.end() == 0


def test_a_taken_port_is_one_clear_line(state):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "kioskd", "run", DEMO, "--state", str(state), "--port", port],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert port in done.stderr


def test_emulators_outlive_a_killed_daemon_and_are_found_again(state, running):
    first = running("run", DEMO, "--state", str(state), "--port", "0")
    first.wait_for("open at")
    client = EmulatorClient(state / "emulators")
    before = sorted(path.read_text() for path in (state / "emulators").glob("*.uri"))
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(client.list()) == len(load_hall(Path(DEMO)).devices)
    second = running("run", DEMO, "--state", str(state), "--port", "0")
    second.wait_for("open at")
    assert sorted(path.read_text() for path in (state / "emulators").glob("*.uri")) == before
    assert second.end() == 0


def test_emulators_of_a_changed_hall_file_are_started_anew(state, running, tmp_path):
    folder = Path(DEMO).parent
    ours = tmp_path / "hall.toml"
    (tmp_path / "matters.toml").write_bytes((folder / "matters.toml").read_bytes())
    ours.write_bytes((folder / "hall.toml").read_bytes())
    client = EmulatorClient(state / "emulators")
    first = running("run", str(ours), "--state", str(state), "--port", "0")
    first.wait_for("open at")
    assert first.end() == 0
    ours.write_text(ours.read_text("utf-8").replace('name = "printer"', 'name = "thermal"'), encoding="utf-8")
    second = running("run", str(ours), "--state", str(state), "--port", "0")
    second.wait_for("open at")
    assert "thermal" in {device["name"] for device in client.list()}
    assert second.end() == 0
