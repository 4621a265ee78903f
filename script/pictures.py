"""Every page of a demo hall in its main states, and a printer's test page. Called by script/pictures.

The pages are those that the tests walk through (tests/e2e/visits.py): no page is without a picture.
"""

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from kioskd.devices.health import State
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.test_page import print_test_page
from kioskd.devices.testing import running_emulators, until
from tests.e2e.conftest import RunningHall, wait_for
from tests.e2e.visits import LANDSCAPE, PORTRAIT, VISITS, Visit, morning
from tests.e2e.walking import FLAGS, turn_to_english

PICTURES = Path("docs/pictures")
SCALE = {PORTRAIT: 0.5, LANDSCAPE: 2 / 3}
"""How large a picture of such a screen is in the docs; others are as they are."""
COLOURS = 128
SETTLE_MS = 1500
IN_ORDER = "conformity"
"""The page that is pictured without the cable that hangs loose."""
IN_ENGLISH = (
    *("kiosk, first", "kiosk, a matter", "kiosk, first, lying", "ticket on a phone", "sign in"),
    *("clerk, called", "desk", "tech, trouble"),
)
"""These are pictured in English and in the dark too."""


def main() -> None:
    """Make the pictures whose names hold what was asked for, or all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1] if sys.argv[1:] else ""
    visits = [visit for visit in VISITS if wanted in file_name(visit)]
    if visits:
        pages(visits)
    if wanted in "test-page":
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


def pages(visits: list[Visit]) -> None:
    """Start a demo, let a morning pass, photograph the pages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hall = RunningHall(Path(folder))
        hall.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            paths = morning(hall)
            for visit in visits:
                with all_plugged_in(hall) if visit.name == IN_ORDER else nullcontext():
                    photograph(hall, browser, visit, paths)
                if visit.name in IN_ENGLISH:
                    photograph(hall, browser, visit, paths, english=True)
        finally:
            browser.close()
            hall.stop()
            hall.emulators.stop()


@contextmanager
def all_plugged_in(hall: RunningHall) -> Iterator[None]:
    """The morning left a cable loose; meanwhile it is in its socket."""
    hall.emulators.plug("evaluators")
    wait_for(lambda: {one["state"] for one in hall.get("devices")["items"]} == {"online"}, "all is online")
    yield
    hall.emulators.unplug("evaluators")


def file_name(visit: Visit, *, english: bool = False) -> str:
    return "-".join(re.findall(r"\w+", visit.name)) + ("-en" if english else "") + ".png"


def photograph(
    hall: RunningHall, browser: Browser, visit: Visit, paths: dict[str, str], *, english: bool = False
) -> None:
    """The page as its visitor sees it, once it has said what it knows."""
    context = browser.new_context(
        viewport={"width": visit.size[0], "height": visit.size[1]},
        locale="zh-CN",
        color_scheme="dark" if english else "light",
    )
    context.set_default_timeout(60_000)
    if visit.role:
        hall.sign_in(context, visit.role)
    page = context.new_page()
    page.goto(hall.url + visit.path.format_map(paths))
    visit.act(page)
    if english:
        turn_to_english(page)
    expect(page.locator(visit.shows).locator("visible=true").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(SETTLE_MS)
    picture = page.screenshot()
    context.close()
    file = PICTURES / file_name(visit, english=english)
    keep(picture, file, SCALE.get(visit.size, 1.0))
    print(f"pictures: {file}")


def keep(picture: bytes, file: Path, scale: float) -> None:
    """In few colours and no larger than a page of the docs wants it."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    size = (round(image.width * scale), round(image.height * scale))
    image.resize(size, Image.Resampling.LANCZOS).quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":  # the emulators' process imports this file too
    main()
