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
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psutil
from bench_kiosk import kiosk_page

from kioskd.config import load_hall
from kioskd.demo.show import hall_file as demo_hall_file
from kioskd.devices.emulator_client import EmulatorClient
from kioskd.devices.sound import make_sound, note, packed
from kioskd.hall.hall import Hall
from kioskd.hall.store import Store
from kioskd.staff.tokens import add_token
from kioskd.state import StateDirectory
from kioskd.voice.table import VoiceTable
from kioskd.voice.voice import Voice
from web.report_files import report_file
from web.reports import period_of
from web.search import MatterIndex

RESULTS = Path(".bench")
PORT = 18080
SETTLE_S = 5.0
PAGES = 5
LIMITS = {
    "start_to_first_page_s": 1.5,
    "memory_mib": 120.0,
    "idle_cpu_percent": 1.0,
    "kiosk_page_kb": 100.0,
    "kiosk_usable_ms": 200.0,
    "call_of_clips_ms": 150.0,
}
CLIPS = ("qing", "hao", "dao", "chuangkou", "A", *map(str, range(10)))
CALLS = ("A012", "A345", "A678", "A901", "A234")


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
                result |= kiosk_page(f"http://127.0.0.1:{PORT}")
                steps = [*document_steps(state), *report_steps(), *search_steps()]
            daemon.terminate()
            daemon.wait(10)
        with suppress(OSError):
            EmulatorClient(state.emulators).stop()
        result["call_of_clips_ms"] = call_of_clips_ms(Path(folder))
    tell(result, steps)


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


def document_steps(state: StateDirectory) -> list[dict[str, float | str]]:
    """Time and size of each step from the camera's five megapixels to a PDF; the median of five pages."""
    store = Store(state.database)
    token = add_token(store, "bench", ["all"])
    store.close()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(path: str, body: dict[str, object]) -> dict[str, Any]:
        url = f"http://127.0.0.1:{PORT}/api/v1/{path}"
        request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    post("windows/1/open", {})
    ticket = post("tickets", {"matter": "GA-01"})["id"]
    post("windows/1/call", {"ticket": ticket})
    pages, whole_ms = [], []
    for _ in range(PAGES):
        begun = time.monotonic()
        pages.append(post(f"tickets/{ticket}/pages", {"camera": "camera-1", "material": 1}))
        whole_ms.append((time.monotonic() - begun) * 1000)
    begun = time.monotonic()
    wanted = {"material": 1, "pages": [page["id"] for page in pages]}
    document = post(f"tickets/{ticket}/documents", wanted)
    pdf_ms = (time.monotonic() - begun) * 1000
    steps: list[dict[str, float | str]] = [
        {"step": name, "ms": round(median(page["steps_ms"][name] for page in pages))}
        for name in pages[0]["steps_ms"]
    ]
    steps.append({"step": "page, all of it", "ms": round(median(whole_ms)), "bytes": pages[0]["bytes"]})
    steps.append({"step": f"PDF of {PAGES} pages", "ms": round(pdf_ms), "bytes": document["bytes"]})
    return steps


def report_steps() -> list[dict[str, float | str]]:
    """A month's report, in process: 20 working days, 9,000 tickets, played by the tests' simulation."""
    from tests.hall.month import Month

    with tempfile.TemporaryDirectory(prefix="kioskd-bench-month-") as folder:
        month = Month(Path(folder) / "hall.db")
        month.play()
        store = Store(month.store.path)
        hall = Hall(store, month.plan, month.clock)
        begun = time.monotonic()
        found = hall.desk.statistics("2026-03-01", "2026-03-31")
        steps: list[dict[str, float | str]] = [_since("month's statistics", begun, b"")]
        for form in ("html", "xlsx", "csv", "pdf"):
            begun = time.monotonic()
            body = report_file(form, found, period_of("2026-03"), "zh", datetime.now(UTC))
            steps.append(_since(f"month's report, {form}", begun, body))
        store.close()
    return steps


def _since(step: str, begun: float, body: bytes) -> dict[str, float | str]:
    taken: dict[str, float | str] = {"step": step, "ms": round((time.monotonic() - begun) * 1000)}
    return taken | ({"bytes": len(body)} if body else {})


def call_of_clips_ms(folder: Path) -> float:
    """How long the WAV of a call takes, from clips as halls record them, with its chime; the median of five.

    Its length is looked at too: a call that lacks a word would be quick.
    """
    (folder / "clips").mkdir()
    clip = make_sound(packed(note(500, 0.4, 44100)), 44100)
    for name in CLIPS:
        (folder / "clips" / f"{name}.wav").write_bytes(clip.wav)
    voice = Voice(VoiceTable(clips="clips"), folder, folder / "voice")
    voice.call("A000", 3, chimes=True, volume=80)
    taken_ms = []
    for number in CALLS:
        begun = time.perf_counter()
        call = voice.call(number, 3, chimes=True, volume=80)
        taken_ms.append((time.perf_counter() - begun) * 1000)
        wanted_s = voice.chime().length_s + 10 * clip.length_s + 9 * voice.table.clip_gap_s
        if abs(call.length_s - wanted_s) > 0.01:
            raise SystemExit(f"bench: the call of {number} lasts {call.length_s} s, its clips {wanted_s} s")
    return round(median(taken_ms), 1)


def search_steps() -> list[dict[str, float | str]]:
    """Making the index of 10,000 matters, and the slowest of some searches in it."""
    names = [matter.name for matter in load_hall(demo_hall_file()).plan.matters or ()]
    some = (load_hall(demo_hall_file()).plan.matters or ())[0]
    many = [
        msgspec.structs.replace(some, code=f"X-{n}", name=names[n % len(names)] + names[n // 7 % len(names)])
        for n in range(10_000)
    ]
    begun = time.monotonic()
    index = MatterIndex(many)
    made_ms = (time.monotonic() - begun) * 1000
    searches_ms = []
    for typed in ("s", "sf", "sfz", "shenfenzheng", "身份证", "身份z", "gjjtq", "yh", "zzzzzz"):
        times_s = []
        for _ in range(5):
            begun = time.monotonic()
            index.search(typed)
            times_s.append(time.monotonic() - begun)
        searches_ms.append(median(times_s) * 1000)
    return [
        {"step": "index of 10,000 matters", "ms": round(made_ms)},
        {"step": "slowest search in them", "ms": round(max(searches_ms), 1)},
    ]


def tell(result: dict[str, float], steps: list[dict[str, float | str]]) -> None:
    """Print the tables and keep them."""
    for name, value in result.items():
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f"   under {limit}: {'yes' if value < limit else 'NO'}"
        print(f"{name:<24} {value:>8}{verdict}")
    print()
    for step in steps:
        print(f"{step['step']:<24} {step['ms']:>8} ms {step.get('bytes', ''):>10}")
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / time.strftime("%Y-%m-%dT%H%M%S.json")
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    file.write_text(json.dumps({**result, "document": steps, **machine}, indent=2) + "\n", encoding="utf-8")
    print(f"written to {file}")


main(float(sys.argv[1]))
