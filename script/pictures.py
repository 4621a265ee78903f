"""A short morning in the demo hall, photographed, and a printer's test page. Called by script/pictures."""

import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kioskd.devices.health import State
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.test_page import print_test_page
from kioskd.devices.testing import running_emulators, until

PICTURES = Path("docs/pictures")
TOKEN = "pictures"
TAKEN = ["MZ-03", "YB-01", "GA-02", "BDC-01", "SS-01", "GJJ-05", "YB-02", "RS-03", "MZ-04", "SS-05"]
CALLING = [1, 3, 4, 5, 6]
SIZES = {
    "kiosk": ("/kiosk", 1080, 1920),
    "board": ("/board", 1600, 900),
    "clerk": ("/clerk", 1366, 768),
    "lab": ("/lab", 1600, 1200),
}
PAPER_S = 8.0
"""The emulated printer needs about this long for the tickets above."""


def main() -> None:
    """Make the pictures that were asked for, or all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:] != ["test-page"]:
        pages()
    test_page("xprinter-xp-80")


def test_page(model: str) -> None:
    """Print two test pages on an emulated printer of this model: the second knows all that it answers to."""
    profile = load_profile(model)
    ports = [PortSpec(name="kiosk", at="emulator:", settings=profile.port)]
    devices = [DeviceSpec(name="printer", title="", profile=profile, port="kiosk")]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_emulators(ports, devices, Path(folder)) as emulators,
    ):
        supervisor = Supervisor(ports, devices, Path(folder))
        supervisor.start()
        printer = supervisor.devices["printer"]
        until(lambda: printer.health().state is State.ONLINE, what="the printer")
        for _ in range(2):
            print_test_page(printer).result(60)
        file = PICTURES / "test-page.png"
        file.write_bytes(emulators.picture("printer") or b"")
        supervisor.stop()
    print(f"pictures: {file}")


def pages() -> None:
    """Start a demo, let people come and be called, photograph the pages."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "kioskd", "demo", "--port", "0", "--token", TOKEN],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        url = next(match[1] for line in demo.stdout if (match := re.search(r"kioskd demo: (\S+)/", line)))
        morning(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for name, (path, width, height) in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
                photograph(page, url + path, PICTURES / f"{name}.png")
            browser.close()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)


def morning(url: str) -> None:
    """People take tickets, some are called, one window pauses."""
    for matter in TAKEN:
        ask(url, "tickets", {"matter": matter})
    for window in CALLING:
        ask(url, f"windows/{window}/call-next")
    ask(url, "windows/1/start")
    ask(url, "windows/8/pause", {"reason": "送件"})
    time.sleep(PAPER_S)


def ask(url: str, path: str, body: dict[str, str] | None = None) -> None:
    """One POST to the API, as another program would send it."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"{url}/api/v1/{path}", data=json.dumps(body or {}).encode(), headers=headers
    )
    urllib.request.urlopen(request, timeout=10).close()


def photograph(page: Page, url: str, file: Path) -> None:
    """The page, once it has shown what it knows."""
    page.goto(url)
    page.wait_for_timeout(2500)
    page.screenshot(path=file)
    print(f"pictures: {file}")


if __name__ == "__main__":  # the emulators' process imports this file too
    main()
