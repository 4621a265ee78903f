"""Walk through a hall's pages as different people, in both languages, by day and by night, and look at each.

What is looked at: axe-core finds nothing; nothing is fetched from elsewhere; the console is silent; no
text is cut off; whatever the Tab key reaches shows that it has the focus; the language is the one chosen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.e2e.visits import Visit, morning
from tests.web.measures import cut_off, focus

AXE = Path(__file__).parents[1] / "web/axe/node_modules/axe-core/axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 30_000
TABS = 25
"""So many presses of Tab are followed; a page's later ones look like these."""
LEAST_RING_PX = 2.5
SWITCH = "[data-choose-language=en], #language"
JUDGE = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.any.map((one) => one.message)}`));
}"""


def turn_to_english(page: Page) -> None:
    """By the page's own switch; a page without one shows both languages."""
    if page.locator(SWITCH).count():
        page.locator(SWITCH).first.click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


class Walker:
    """Somebody who opens every page of a hall in which a morning has passed."""

    def __init__(self, hall: Any, browser: Browser) -> None:
        assert AXE.is_file(), "axe-core is missing: run script/setup"
        self.hall = hall
        self._browser = browser
        self._paths = morning(hall)

    def look(self, visit: Visit) -> None:
        """Open this page in Chinese and light, then turn it to English and dark. Raises for what is wrong."""
        context = self._browser.new_context(
            viewport={"width": visit.size[0], "height": visit.size[1]}, locale="zh-CN", color_scheme="light"
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(path=AXE)
        if visit.role:
            self.hall.sign_in(context, visit.role)
        page = context.new_page()
        try:
            wrong = self._listen(page)
            page.goto(self.hall.url + visit.path.format_map(self._paths))
            visit.act(page)
            expect(page.locator(visit.shows).locator("visible=true").first).to_be_visible()
            page.wait_for_timeout(300)  # what comes with the next event is there too
            wrong += self._judge(page, "zh")
            page.emulate_media(color_scheme="dark")
            turn_to_english(page)
            wrong += self._judge(page, "en")
            wrong += self._tab_through(page)
            assert not wrong, "\n".join(dict.fromkeys(wrong))
        finally:
            context.close()

    def _listen(self, page: Page) -> list[str]:
        """What goes wrong behind the page is added to this list as it happens."""
        wrong: list[str] = []
        home = urlsplit(self.hall.url).netloc

        def leaves(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in ("data", "blob") and parts.netloc != home:
                wrong.append(f"fetched from elsewhere: {request.url}")

        page.on("request", leaves)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda message: message.type in ("error", "warning") and wrong.append(message.text)
        )
        return wrong

    @staticmethod
    def _judge(page: Page, code: str) -> list[str]:
        """What axe and the ruler find, in words."""
        found: list[str] = page.evaluate(JUDGE)
        if not page.locator("#marquee").count():  # a board's strip runs, its long names end in an ellipsis
            found += [f"cut off: {box}" for box in cut_off(page) if box.width > 1]  # else for ears alone
        shown = page.evaluate("document.documentElement.dataset.language")
        if shown not in (code, "both"):
            found.append(f"the page is in {shown}, not in {code}")
        return found

    @staticmethod
    def _tab_through(page: Page) -> list[str]:
        """What has the focus without showing it."""
        hidden = []
        for _ in range(TABS):
            page.keyboard.press("Tab")
            what, ring_px = focus(page)
            if ring_px < LEAST_RING_PX and page.evaluate("document.activeElement !== document.body"):
                hidden.append(f"no focus is seen on {what!r}")
        return hidden
