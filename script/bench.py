"""Starts the demo hall's daemon as its users do and measures it from outside. Called by script/bench."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from importlib import resources
from pathlib import Path

import psutil

from kioskd.devices.emulator_client import EmulatorClient
from kioskd.state import StateDirectory

RESULTS = Path(".bench")
PORT = 18080
SETTLE_S = 5.0
LIMITS = {"start_to_first_page_s": 1.5, "memory_mib": 120.0, "idle_cpu_percent": 1.0}


def main(idle_s: float) -> None:
    """Three starts, of which the slowest counts; then memory and idle CPU of the last one."""
    with tempfile.TemporaryDirectory(prefix="kioskd-bench-") as folder:
        state = StateDirectory(Path(folder))
        starts = []
        for last in (False, False, True):
            daemon, seconds = start(state.path)
            starts.append(seconds)
            if last:
                result = {"start_to_first_page_s": round(max(starts), 3), **measure(daemon, idle_s)}
            daemon.terminate()
            daemon.wait(10)
        with suppress(OSError):
            EmulatorClient(state.emulators).stop()
    tell(result)


def start(state: Path) -> tuple[psutil.Popen, float]:
    """A daemon, and how long it took from its start to the kiosk's page."""
    hall = str(resources.files("kioskd.demo").joinpath("hall.toml"))
    begun = time.monotonic()
    daemon = psutil.Popen(
        [sys.executable, "-m", "kioskd", "run", hall, "--state", str(state), "--port", str(PORT)],
        stderr=subprocess.DEVNULL,
    )
    while daemon.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/kiosk", timeout=5) as page:
            page.read()
            return daemon, time.monotonic() - begun
        time.sleep(0.01)
    raise SystemExit("bench: the daemon ended before its first page; try script/demo to see why")


def measure(daemon: psutil.Popen, idle_s: float) -> dict[str, float]:
    """Memory and CPU of the daemon alone: its emulators are another process."""
    time.sleep(SETTLE_S)
    before = daemon.cpu_times()
    time.sleep(idle_s)
    after = daemon.cpu_times()
    busy_s = (after.user + after.system) - (before.user + before.system)
    return {
        "memory_mib": round(daemon.memory_info().rss / 2**20, 1),
        "idle_cpu_percent": round(100 * busy_s / idle_s, 2),
        "threads": daemon.num_threads(),
    }


def tell(result: dict[str, float]) -> None:
    """Print the table and keep it."""
    for name, value in result.items():
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f"   under {limit}: {'yes' if value < limit else 'NO'}"
        print(f"{name:<24} {value:>8}{verdict}")
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / time.strftime("%Y-%m-%dT%H%M%S.json")
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    file.write_text(json.dumps(result | machine, indent=2) + "\n", encoding="utf-8")
    print(f"written to {file}")


main(float(sys.argv[1]))
