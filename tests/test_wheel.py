"""What users install: a wheel, in an empty environment, outside the checkout."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OUTSIDE = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin folder of an environment with the wheel and what it needs, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    [wheel] = folder.glob("kioskd-*.whl")
    run(sys.executable, "-m", "venv", folder / "env")
    run(folder / "env/bin/pip", "install", "--quiet", wheel, cwd=folder)
    return folder / "env/bin"


def run(*command, cwd=None):
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=OUTSIDE, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_brings_profiles_units_and_the_demo_hall(installed, tmp_path):
    share = run(
        installed / "python",
        "-c",
        "import kioskd, pathlib; print(pathlib.Path(kioskd.__file__).parent)",
        cwd=tmp_path,
    )
    package = Path(share.strip())
    assert ROOT not in package.parents
    units = {file.name for file in (package / "share/systemd").iterdir()}
    assert {"kioskd.service", "kioskd.sysusers", "kioskd.tmpfiles", "90-kioskd.rules"} <= units
    written = run(installed / "kioskd", "units", "--root", tmp_path, "--browser", "console", cwd=tmp_path)
    assert "usr/local/lib/kioskd/waiting.html" in written
    assert "escpos-80" in run(installed / "kioskd", "profile", "list", cwd=tmp_path)
    checked = run(installed / "kioskd", "check", package / "demo/hall.toml", cwd=tmp_path)
    assert "devices 28" in checked


def test_the_demo_runs_from_the_wheel(installed, tmp_path):
    output = tmp_path / "output.txt"
    with output.open("w") as opened:
        demo = subprocess.Popen(
            [installed / "kioskd", "demo", "--port", "0"],
            cwd=tmp_path,
            env=OUTSIDE,
            stdout=opened,
            stderr=subprocess.STDOUT,
        )
    try:
        url = address(demo, output)
        for path in ("/healthz", "/kiosk", "/lab"):
            with urllib.request.urlopen(url + path, timeout=30) as answer:
                assert answer.status == 200
    finally:
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(30) == 0


def address(demo, output):
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for line in output.read_text("utf-8").splitlines():
            if line.startswith("kioskd demo: "):
                return line.split()[-1].rstrip("/")
        assert demo.poll() is None, output.read_text("utf-8")
        time.sleep(0.05)
    raise AssertionError(output.read_text("utf-8"))
