"""The units in a scratch root: systemd's own checks, the daemon as confined as the service, the browser."""

import configparser
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from importlib import resources
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect, sync_playwright

from kioskd.cli import main
from kioskd.devices.emulator_client import EmulatorClient

ROOT = Path(__file__).parent.parent
DEMO = str(resources.files("kioskd.demo").joinpath("hall.toml"))
SYSTEM_UNITS = Path("/usr/lib/systemd/system")
CAGE_EXPOSURE = 42
"""Of 100. Chromium needs its namespaces, cage the screen: docs/operator.md says the number."""
PATIENCE_MS = 30_000


def kioskd(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="kioskd")


def install(root, browser):
    done = kioskd("units", "--root", root, "--browser", browser)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A root with our units among systemd's own, and something in the place of the programs they start."""
    root = tmp_path_factory.mktemp("root")
    install(root, "console")
    shutil.copytree(SYSTEM_UNITS, root / "usr/lib/systemd/system", symlinks=True)
    for program in ("opt/kioskd/bin/kioskd", "usr/bin/cage"):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    return root


def analyze(*words):
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("unit", ["kioskd.service", "kioskd-kiosk.service"])
def test_systemd_finds_nothing_wrong_with_the_units(scratch, unit):
    done = analyze("verify", f"--root={scratch}", unit)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(("unit", "limit"), [("kioskd.service", 30), ("kioskd-kiosk.service", CAGE_EXPOSURE)])
def test_the_services_may_do_little_else(scratch, unit, limit):
    done = analyze("security", "--offline=yes", f"--root={scratch}", f"--threshold={limit}", unit)
    assert done.returncode == 0, done.stdout


def test_a_mistake_in_a_unit_would_be_found(scratch, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(scratch, broken, symlinks=True)
    unit = broken / "etc/systemd/system/kioskd.service"
    unit.write_text(
        unit.read_text().replace("bin/kioskd", "bin/kiosk").replace("NoNewPrivileges=true\n", "Nope=1\n")
    )
    assert analyze("verify", f"--root={broken}", "kioskd.service").returncode != 0


def test_the_devices_of_every_scheme_are_allowed_by_number(scratch):
    """By Linux's admin-guide/devices.txt: ttyS, ttyACM, ttyUSB, usblp, libusb, input, video4linux, sound."""
    text = (scratch / "etc/systemd/system/kioskd.service").read_text()
    allowed = {int(number) for number in re.findall(r"^DeviceAllow=char-(\d+) rw$", text, re.MULTILINE)}
    assert allowed >= {4, 166, 188, 180, 189, 13, 81, 116}
    assert "DevicePolicy=closed" in text


def test_users_and_folders_are_made_by_systemds_own_tools(scratch, tmp_path):
    root = tmp_path / "root"
    shutil.copytree(scratch / "etc", root / "etc", symlinks=True)
    for file in ("passwd", "group"):
        (root / "etc" / file).write_text(
            "root:x:0:0::/:/bin/sh\n" if file == "passwd" else "root:x:0:\ndialout:x:20:\n"
        )
    run(["systemd-sysusers", f"--root={root}"])
    run(["systemd-tmpfiles", f"--root={root}", "--create", root / "etc/tmpfiles.d/kioskd.conf"])
    groups = dict(re.findall(r"^(\w+):x:\d+:(.*)$", (root / "etc/group").read_text(), re.MULTILINE))
    assert {groups[name] for name in ("dialout", "lp", "input", "video", "audio")} == {"kioskd"}
    assert re.search(r"^kioskd-kiosk:", (root / "etc/passwd").read_text(), re.MULTILINE)
    assert (root / "etc/kioskd/profiles").is_dir()


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_says_what_to_run_and_refuses_a_home_that_the_service_cannot_see(tmp_path):
    said = install(tmp_path, "desktop")
    assert "systemctl enable --now kioskd\n" in said
    assert (tmp_path / "etc/xdg/autostart/kioskd-kiosk.desktop").is_file()
    assert not (tmp_path / "etc/systemd/system/kioskd-kiosk.service").exists()
    refused = kioskd("units", "--root", tmp_path, "--prefix", "/home/anna/env")
    assert refused.exit_code == 1
    assert "install kioskd into /opt" in refused.output
    kioskd("units", "--root", tmp_path, "--prefix", "/srv/kioskd")
    assert (
        "ExecStart=/srv/kioskd/bin/kioskd run" in (tmp_path / "etc/systemd/system/kioskd.service").read_text()
    )


def test_an_environment_whose_python_is_in_a_home_is_refused(tmp_path, monkeypatch):
    """systemd could not start it: status=203/EXEC."""
    monkeypatch.setattr("kioskd.units.HIDDEN", ("/home", "/root"))  # here tests themselves are below /tmp
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").symlink_to("/home/wang/python/bin/python3.11")
    refused = kioskd("units", "--root", tmp_path / "root", "--prefix", tmp_path)
    assert refused.exit_code == 1
    assert "/home/wang/python/bin/python3.11 is where the service cannot see it" in refused.output
    assert not (tmp_path / "root").exists()


# --- the daemon under the service's restrictions ---

CONFINED = """
mount --bind "$1" "$1" && mount -o remount,bind,ro / || exit 3
if touch /usr/written 2>/dev/null; then exit 4; fi
state=$1; shift
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$0" "$@"
"""
"""ProtectSystem=strict, no capability, no new privileges; the state directory may be written."""


def test_the_daemon_runs_a_hall_under_the_services_restrictions(tmp_path):
    """The whole demo hall: the file system read-only, no capabilities, systemd's filter of system calls."""
    state, output = tmp_path / "state", tmp_path / "output.txt"
    state.mkdir()
    kioskd_run = [sys.executable, "-m", "kioskd", "run", DEMO, "--state", state, "--port", "0"]
    sandboxed = [ROOT / "tests/sandboxed.py", ROOT / "systemd/kioskd.service", *kioskd_run]
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", CONFINED, sys.executable, state]
    with output.open("w") as opened:
        daemon = subprocess.Popen(
            [str(word) for word in (*command, *sandboxed)], stdout=opened, stderr=subprocess.STDOUT, cwd="/"
        )
    try:
        url = found(r"open at (http://\S+),", output, daemon)
        status = Path(f"/proc/{daemon.pid}/status").read_text()
        assert re.search(r"^CapBnd:\t0+$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
        assert re.search(r"^Seccomp:\t2$", status, re.MULTILINE)
        wait_until(lambda: states(state) == {"online"}, daemon)
        with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
            assert answer.status == 200
    finally:
        daemon.send_signal(signal.SIGTERM)
        ended = daemon.wait(30)
        EmulatorClient(state / "emulators").stop()
    assert ended == 0, output.read_text("utf-8")
    assert "Operation not permitted" not in output.read_text("utf-8")


def states(state):
    listed = kioskd("device", "list", "--state", state, "--json")
    if listed.exit_code:
        return {listed.output}
    return {item["state"] for item in msgspec.json.decode(listed.output)["items"]}


def found(pattern, output, process, deadline_s=60):
    match = None

    def look():
        nonlocal match
        match = re.search(pattern, output.read_text("utf-8"))
        return match

    wait_until(look, process, deadline_s)
    return match[1]


def wait_until(check, process, deadline_s=60):
    give_up_s = time.monotonic() + deadline_s
    while not check():
        assert process.poll() is None, "it ended"
        assert time.monotonic() < give_up_s
        time.sleep(0.2)


# --- the kiosk's browser ---


@pytest.fixture
def launched(scratch, tmp_path):
    """What the launcher calls a browser with; the browser is a script that writes it down."""

    def launch(*names, **environment):
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("sh", "id", "rm", "mkdir", "sleep", "dirname", "readlink"):
            (programs / name).symlink_to(shutil.which(name))
        for name in names:
            (programs / name).write_text(
                f'#!/bin/sh\nprintf "%s\\n" {name} "$@" >>{tmp_path}/called\nkill -TERM $PPID\n'
            )
            (programs / name).chmod(0o755)
        done = subprocess.run(
            [scratch / "usr/local/lib/kioskd/kiosk"],
            env={"PATH": str(programs), "RUNTIME_DIRECTORY": str(tmp_path)} | environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        called = tmp_path / "called"
        return done, called.read_text().splitlines() if called.exists() else []

    return launch


def test_the_launcher_shows_the_waiting_page_on_the_whole_screen(launched, scratch, tmp_path):
    _, (browser, *words) = launched("chromium", "firefox-esr")
    assert browser == "chromium"
    assert "--kiosk" in words
    assert words[-1] == f"file://{scratch}/usr/local/lib/kioskd/waiting.html#http://127.0.0.1:8080/kiosk"
    assert not list(tmp_path.glob("kioskd-browser-*")), "what the browser remembered is thrown away"


def test_the_launcher_takes_the_browser_of_uos_or_the_one_that_is_named(launched):
    _, (browser, *words) = launched("uos-browser", KIOSKD_PAGE="http://127.0.0.1:8090/board")
    assert browser == "uos-browser"
    assert words[-1].endswith("/waiting.html#http://127.0.0.1:8090/board")


def test_without_a_browser_the_launcher_says_what_to_install(launched):
    done, called = launched()
    assert (done.returncode, called) == (1, [])
    assert "apt-get install chromium" in done.stderr


def test_the_autostart_entry_starts_the_launcher(tmp_path):
    install(tmp_path, "desktop")
    entry = configparser.RawConfigParser()
    entry.read(tmp_path / "etc/xdg/autostart/kioskd-kiosk.desktop")
    program = tmp_path / entry["Desktop Entry"]["Exec"].removeprefix("/")
    assert os.access(program, os.X_OK)
    assert entry["Desktop Entry"]["Type"] == "Application"


@pytest.fixture(scope="module")
def screen():
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "no Chromium here: script/setup installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser.new_page()
        browser.close()


@pytest.mark.e2e
def test_the_waiting_page_moves_on_when_the_daemon_answers(scratch, screen, tmp_path):
    port = free_port()
    waiting = scratch / "usr/local/lib/kioskd/waiting.html"
    screen.goto(f"file://{waiting}#http://127.0.0.1:{port}/kiosk")
    expect(screen.get_by_text("正在启动…")).to_be_visible()
    screen.wait_for_timeout(2500)
    assert screen.url.startswith("file://")
    daemon = subprocess.Popen(
        [sys.executable, "-m", "kioskd", "run", DEMO, "--state", tmp_path, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        screen.wait_for_url(f"http://127.0.0.1:{port}/kiosk", timeout=PATIENCE_MS)
        expect(screen.locator("main")).to_be_visible(timeout=PATIENCE_MS)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)
        EmulatorClient(tmp_path / "emulators").stop()


def free_port():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.e2e
def test_the_waiting_page_leads_to_no_other_computer(scratch, screen):
    waiting = scratch / "usr/local/lib/kioskd/waiting.html"
    asked = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.goto("about:blank")
    screen.goto(f"file://{waiting}#http://hall.example.org/kiosk")
    screen.wait_for_timeout(500)
    assert any("127.0.0.1:8080/healthz" in url for url in asked)
    assert not any("example.org/" in url.partition("#")[0] for url in asked)
