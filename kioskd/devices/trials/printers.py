"""Trying a printer: a page, and what the printer says became of it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from kioskd.devices.errors import DeviceError, NothingSent
from kioskd.devices.kinds import Kind, PrintEnd, PrintJob
from kioskd.devices.test_page import FIRST_MARK, test_page
from kioskd.devices.trials.report import Said, Step, Verdict, until

if TYPE_CHECKING:
    from kioskd.devices.device import Device

PAPER_S = 40.0
"""How long the page may take: the printer may be busy with a ticket first."""


def try_printer(device: Device, window: int) -> Generator[Said, None, None]:
    """Print the test page and stay until its end is known. One that nobody waits for is not printed later."""
    given_up = threading.Event()

    def first_byte() -> None:
        if given_up.is_set():
            raise NothingSent("nobody waits for this test page any more")

    yield Step("printing")
    try:
        mark = FIRST_MARK + secrets.randbelow(1_000_000)
        job = PrintJob(device.render(test_page(device)), mark, on_first_byte=first_byte)
    except DeviceError as error:
        yield Verdict(Kind.PRINTER, "failed", "page_failed", {"why": str(error)})
        return
    end = device.print(job)
    told: tuple[str, ...] = ()
    try:
        for said in until(end.done, PAPER_S):
            reasons = tuple(reason.code for reason in device.health().reasons)
            if reasons and reasons != told:
                yield Step("printer_says", {"why": ", ".join(reasons)})
            told = reasons
            yield said
    finally:
        given_up.set()
    yield _verdict(device, end)


def _verdict(device: Device, end: Future[PrintEnd]) -> Verdict:
    health = device.health()
    why = ", ".join(reason.code for reason in health.reasons)
    if not end.done():
        return Verdict(Kind.PRINTER, "failed", "page_failed", {"why": why or f"no end within {PAPER_S:g} s"})
    if error := end.exception():
        return Verdict(Kind.PRINTER, "failed", "page_failed", {"why": why or str(error)})
    paper = health.facts.get("paper", "unknown")
    if end.result() is PrintEnd.PRINTED:
        return Verdict(Kind.PRINTER, "passed", "page_printed", {"paper": paper})
    return Verdict(Kind.PRINTER, "look", "page_sent")
