"""The kiosk's first page as a browser that has never seen it loads it: how many bytes, how soon usable."""

import shutil
import urllib.request
from statistics import median

from playwright.sync_api import Browser, sync_playwright

COLD_STARTS = 3
WORKER = ("live-worker.js", "live-hub.js", "api.js")
"""What the page's shared worker loads, which its own list of requests does not show."""


def kiosk_page(url: str) -> dict[str, float]:
    """Kilobytes over the wire, and milliseconds until every button answers: medians of cold starts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        loads = [_load(browser, url) for _ in range(COLD_STARTS)]
        browser.close()
    worker = sum(_bytes_of(f"{url}/static/{name}") for name in WORKER)
    return {
        "kiosk_page_kb": round((median(sent for sent, _ in loads) + worker) / 1000, 1),
        "kiosk_usable_ms": round(median(usable_ms for _, usable_ms in loads)),
    }


def _load(browser: Browser, url: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{url}/kiosk", wait_until="load")
    page.wait_for_function("performance.getEntriesByName('kiosk-usable').length > 0")
    page.wait_for_timeout(1000)  # what it fetches in the background counts as well
    usable_ms: float = page.evaluate("performance.getEntriesByName('kiosk-usable')[0].startTime")
    context.close()
    return sum(sizes), usable_ms


def _bytes_of(address: str) -> int:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read()) + len(str(answer.headers))
