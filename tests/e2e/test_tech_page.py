"""A technician before /tech, in a real browser: what is wrong, a test, what is said on the line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.screens]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 30_000


@pytest.fixture
def tech(hall: Any, browser_executable: str) -> Iterator[Page]:
    """The page on a laptop. Nothing may go wrong in its scripts, or be refused by the CSP."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_executable, args=FLAGS)
        page = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        hall.sign_in(page.context, "technician")
        page.goto(f"{hall.url}/tech")
        yield page
        chromium.close()
    assert wrong == []


def choose(tech: Page, name: str) -> None:
    tech.locator(f'[data-device="{name}"] button').click()
    expect(tech.locator("#head code").first).to_have_text(name)


def test_a_technicians_round(hall, tech, eventually):
    # A cable is pulled: the list says so, with the step; the filter shows only what needs care.
    expect(tech.locator("#summary")).to_have_attribute("data-ill", "0")
    hall.emulators.unplug("evaluators")
    expect(tech.locator('#devices [data-state="offline"]')).to_have_count(8)
    tech.locator('[data-filter="ill"]').click()
    expect(tech.locator("#devices li")).to_have_count(8)
    choose(tech, "evaluator-3")
    expect(tech.locator('#reasons [data-reason="port_missing"] .step')).to_contain_text("重新插好数据线")
    expect(tech.locator("#faults li").first).to_have_attribute("data-state", "offline")
    hall.emulators.plug("evaluators")
    expect(tech.locator("#none")).to_be_visible()
    expect(tech.locator("#reasons .reason")).to_have_count(0)
    tech.locator('[data-filter="all"]').click()

    # A test page lies in the tray.
    choose(tech, "printer")
    tech.locator('[data-test="printer"]').click()
    expect(tech.locator('#test [data-outcome="passed"]')).to_contain_text("测试页已印出")
    eventually(lambda: any("TEST" in text for text in hall.papers().values()), "the test page is on paper")

    # A key is pressed: its bytes are there, with what they mean; the test hears it, the hall does not.
    choose(tech, "pad-3")
    tech.locator("#listen").click()
    expect(tech.locator("#listen")).to_have_attribute("aria-pressed", "true")
    tech.locator('[data-test="keypad"]').click()
    expect(tech.locator("#test [data-code=press_a_key]")).to_be_visible()
    before = hall.events()
    hall.emulators.act("pad-3", "call")
    expect(tech.locator('#test [data-outcome="passed"]')).to_contain_text("收到按键：call")
    expect(tech.locator("#bytes .words").filter(has_text="key key=call, address 3").first).to_be_visible()
    expect(tech.locator("#bytes .said").first).to_have_text("= key call")
    expect(tech.locator("#bytes code").filter(has_text="0C 10 16").first).to_be_visible()
    assert hall.events() == before
    tech.locator("#listen").click()
    expect(tech.locator("#listen")).to_have_attribute("aria-pressed", "false")

    # By keyboard alone: the next device, its test, its bytes, the search.
    tech.locator("#listen").press("ArrowDown")
    expect(tech.locator("#head code").first).to_have_text("pad-4")
    tech.keyboard.press("l")
    expect(tech.locator("#listen")).to_have_attribute("aria-pressed", "true")
    tech.keyboard.press("l")
    tech.keyboard.press("t")
    expect(tech.locator('#test [data-outcome="look"]')).to_be_visible()
    tech.keyboard.press("/")
    expect(tech.locator("#find")).to_be_focused()

    # In English: every text, the title and what a screen reader says.
    tech.get_by_role("button", name="English").click()
    expect(tech.locator("#summary")).to_have_text("Every device is well", use_inner_text=True)
    expect(tech).to_have_title(re.compile("^Devices · Qingxi"))
    expect(tech.get_by_role("searchbox", name="Find a device")).to_be_visible()
    tech.get_by_role("button", name="中文").click()

    # The search, and an address that names a device.
    tech.locator("#find").fill("strip")
    expect(tech.locator("#devices li")).to_have_count(8)
    tech.goto(f"{hall.url}/tech#strip-5")
    tech.reload()
    expect(tech.locator("#head")).to_contain_text("strip-5")


def test_the_same_on_a_terminal_as_a_recording(hall, tmp_path, eventually):
    """`device capture`, a key while it runs, `profile replay`."""
    file = tmp_path / "pad.capture"
    command = [sys.executable, "-m", "kioskd", "device", "capture", "pad-3", str(file), "--seconds", "6"]
    recording = subprocess.Popen([*command, "--state", str(hall.state), "--json"], stdout=subprocess.PIPE)
    eventually(file.exists, "the recording has begun")
    while recording.poll() is None and "said key recall" not in file.read_text(encoding="utf-8"):
        hall.emulators.act("pad-3", "recall")
        time.sleep(1)
    told = json.loads(recording.communicate(timeout=30)[0])
    assert told["events"] >= 1
    command = [sys.executable, "-m", "kioskd", "profile", "replay", str(file)]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert "key recall" in replayed.stdout
