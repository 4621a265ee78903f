"""Every page in its main states, as its people meet it: what the tests of all pages walk through.

A visit says where, as whom, on what screen, and what was done before. `tests/web/test_every_page.py` compares
the visits with the pages that there are: a new page without a visit fails.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
OFFICE = (1366, 768)
PHONE = (390, 844)


class Visit(NamedTuple):
    """One page in one state.

    path: may hold `{token}`, the secret of a ticket that waits, `{done}`, that of a served one, and `{case}`,
    a complaint's number.
    role: who must be signed in; empty: nobody.
    size: the screen, in CSS pixels.
    shows: a selector of what is there when the page has said what it knows.
    act: what the person does before we look.
    """

    name: str
    path: str
    shows: str
    role: str = ""
    size: tuple[int, int] = OFFICE
    act: Callable[[Page], None] = lambda page: None


# --- the kiosk ---


def touch(*selectors: str) -> Callable[[Page], None]:
    """Touch one thing after another, each when it is there."""

    def act(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).locator("visible=true").first.click()

    return act


def spell(text: str) -> Callable[[Page], None]:
    """Type on the kiosk's own keys."""

    def act(page: Page) -> None:
        touch('[data-go="search"]')(page)
        for letter in text:
            touch(f'[data-key="{letter}"]')(page)
        expect(page.locator("#found button").first).to_be_visible()

    return act


def in_mode(*modes: str, then: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for mode in modes:
            touch(f'[data-mode="{mode}"]')(page)
        if then:
            then(page)

    return act


FIRST_MATTER = ("[data-area]", "[data-matter]")
TAKEN = (*FIRST_MATTER, '[data-take="ordinary"]')
AREAS, MATTERS, TAKE, NUMBER = "[data-area]", "[data-matter]", '[data-take="ordinary"]', "[data-number]"


def kiosk(name: str, shows: str, act: Callable[[Page], None], size: tuple[int, int] = PORTRAIT) -> Visit:
    return Visit(f"kiosk, {name}", "/kiosk", shows, size=size, act=act)


KIOSK = (
    kiosk("first", AREAS, touch()),
    kiosk("first, lying", AREAS, touch(), LANDSCAPE),
    kiosk("an area", MATTERS, touch(AREAS)),
    kiosk("departments", "[data-department]", touch('[data-go="departments"]')),
    kiosk("search, lying", "#found button", spell("sfz"), LANDSCAPE),
    kiosk("a matter", TAKE, touch(*FIRST_MATTER)),
    kiosk("a matter, lying", TAKE, touch(*FIRST_MATTER), LANDSCAPE),
    kiosk("the ticket", NUMBER, touch(*TAKEN)),
    kiosk("elder", AREAS, in_mode("elder")),
    kiosk("elder, lying", AREAS, in_mode("elder"), LANDSCAPE),
    kiosk("elder, a matter", TAKE, in_mode("elder", then=touch(*FIRST_MATTER))),
    kiosk("contrast", AREAS, in_mode("contrast")),
    kiosk("contrast, the ticket", NUMBER, in_mode("contrast", then=touch(*TAKEN))),
    kiosk("low", AREAS, in_mode("low")),
    kiosk("low, a matter", TAKE, in_mode("low", then=touch(*FIRST_MATTER))),
)

# --- screens to be read, a phone, pages for anybody ---

SCREENS = (
    Visit("board", "/board", "#lines li", size=LANDSCAPE),
    Visit("window, called", "/windows/1/screen", "[data-number]", size=LANDSCAPE),
    Visit("window, serving", "/windows/2/screen", "[data-number]", size=LANDSCAPE),
    Visit("window, paused", "/windows/8/screen", "main", size=LANDSCAPE),
    Visit("ticket on a phone", "/t/{token}", "[data-number]", size=PHONE),
    Visit("ticket, served", "/t/{done}", "[data-number]", size=PHONE),
    Visit("matters", "/matters", "main"),
    Visit("matters on a phone", "/matters", "main", size=PHONE),
    Visit("a guide", "/matters/GA-02", "main"),
    Visit("feedback", "/feedback", "main", size=PHONE),
    Visit("feedback at the kiosk", "/feedback?kiosk=1", "main", size=PORTRAIT),
    Visit("a complaint, followed", "/feedback/{case}", "[data-number]", size=PHONE),
    Visit("why a rating", "/t/{done}/rate?level=2", "main", size=PHONE),
    Visit("index", "/", ".tiles", size=OFFICE),
    Visit("problems", "/problems", "table"),
    Visit("components", "/components", ".theme"),
    Visit("lab", "/lab", "[data-device]", size=LANDSCAPE),
)

# --- staff ---


def at_window(number: int) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("#window").select_option(str(number))

    return act


STAFF = (
    Visit("sign in", "/sign-in", "#go"),
    Visit("sign in on a phone", "/sign-in", "#go", size=PHONE),
    Visit("signed in", "/sign-in", "#go", "technician"),
    Visit("clerk, called", "/clerk", "#number", "clerk", act=at_window(1)),
    Visit("clerk, serving", "/clerk", "#number", "clerk", act=at_window(2)),
    Visit("clerk, idle", "/clerk", "#number", "clerk", act=at_window(5)),
    Visit("clerk, paused", "/clerk", "#number", "clerk", act=at_window(8)),
    Visit("desk", "/desk", "main", "supervisor"),
    Visit("cases", "/desk/cases", "[data-case]", "supervisor"),
    Visit("a case", "/desk/cases/1", "[data-step]", "supervisor"),
    Visit("conformity", "/desk/conform", "main", "supervisor"),
    Visit("report of today", "/desk/reports", "main", "supervisor"),
    Visit("tech", "/tech", "#devices li", "technician"),
    Visit("tech, trouble", "/tech#evaluator-3", "#reasons .reason", "technician"),
)

VISITS = (*KIOSK, *SCREENS, *STAFF)


def morning(hall: Any) -> dict[str, str]:
    """People take tickets, some are called and served, one window pauses, a cable hangs loose.

    Returns what the paths of visits hold, from the store itself: the API tells a token to its citizen alone.
    """
    for line in ("general", "general", "general", "insurance", "insurance", "police", "estate", "fund"):
        hall.take_ticket(line)
    for window in (1, 2, 3):
        hall.post(f"windows/{window}/call-next")
    hall.post("windows/2/start")
    hall.post("windows/3/start")
    hall.post("windows/3/finish")
    hall.post("windows/8/pause", {"reason": "送件"})
    hall.emulators.unplug("evaluators")
    with sqlite3.connect(f"file:{hall.state / 'hall.db'}?mode=ro", uri=True) as database:
        rows = dict(database.execute("SELECT state, max(token) FROM tickets GROUP BY state").fetchall())
    complaint = urlencode({"kind": "complaint", "topic": "slow", "text": "等了一个小时"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": hall.url}
    answer = hall.api("POST", "/feedback", complaint, form)
    case = answer.headers["Location"].partition("?")[0].rpartition("/")[2]
    return {"token": rows["waiting"], "done": rows["done"], "case": case}
