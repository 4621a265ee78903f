"""Document cameras: the kernel's Video4Linux2 lies between."""

import json
import subprocess
from pathlib import Path
from typing import Any

from counter import Counter
from daemon import RunningDaemon
from gadgets import until


def look(hall: RunningDaemon, camera: str) -> tuple[int, bytes]:
    """One frame of the live picture, or the problem that came instead."""
    return hall.ask("GET", f"/api/v1/devices/{camera}/preview")


def photograph(hall: RunningDaemon, ticket: int) -> Any:
    """A page; nothing where the picture took too long to work on, since Python may be that slow in here."""
    status, answer = hall.ask(
        "POST", f"/api/v1/tickets/{ticket}/pages", {"camera": "camera", "material": 1, "crop": False}
    )
    page = json.loads(answer)
    assert status == 201 or page["code"] == "page_slow", answer
    return page if status == 201 else None


def test_a_photographed_page_becomes_a_pdf_that_poppler_opens(
    hall: RunningDaemon, counter: Counter, tmp_path: Path
):
    ticket = hall.take_ticket()
    hall.post("windows/1/call-next")
    page = until(lambda: photograph(hall, ticket["id"]), "a page is made", within_s=120)
    assert (page["width_px"], page["height_px"]) == counter.size_px
    made = hall.post(f"tickets/{ticket['id']}/documents", {"material": 1, "pages": [page["id"]]})
    status, pdf = hall.ask("GET", f"{made['file']}?window=1")
    assert status == 200
    assert counter.paper in pdf, "the camera's own JPEG, unchanged"

    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfinfo", file], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "Pages:           1" in said
    assert "A4" in said
    subprocess.run(["pdftoppm", "-r", "20", "-png", file, tmp_path / "page"], timeout=60, check=True)
    assert (tmp_path / "page-1.png").stat().st_size > 500


def test_a_camera_pulled_during_the_live_picture_frees_the_page_and_comes_back(
    hall: RunningDaemon, counter: Counter
):
    until(lambda: look(hall, "vivid-camera")[0] == 200, "there is a live picture")
    counter.vivid.unplug()
    status, answer = until(lambda: lost if (lost := look(hall, "vivid-camera"))[0] != 200 else None, "told")
    assert status == 503
    assert json.loads(answer)["code"] == "camera_lost"
    until(lambda: look(hall, "vivid-camera")[0] == 200, "the live picture is back by itself")


def test_a_camera_that_sends_nothing_more_is_told_and_the_hall_goes_on(hall: RunningDaemon, counter: Counter):
    until(lambda: look(hall, "vivid-camera")[0] == 200, "there is a live picture")
    counter.vivid.set("Percentage of Dropped Buffers", 100)
    try:
        until(lambda: look(hall, "vivid-camera")[0] == 503, "the page is told")
        assert hall.ask("GET", "/kiosk")[0] == 200
    finally:
        counter.vivid.set("Percentage of Dropped Buffers", 0)
    until(lambda: look(hall, "vivid-camera")[0] == 200, "the live picture is back")
