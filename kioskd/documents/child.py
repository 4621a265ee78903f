"""The child process for heavy work on pictures: `python -m kioskd.documents.child page|pdf …`.

It is told files, never data, on its command line, and answers one line of JSON. A picture that wants too much
memory or time takes only this process with it.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from kioskd.documents.errors import DocumentFailed

MEMORY_BYTES = 1536 * 2**20
"""Address space: a picture of 40 megapixels needs a third of it."""
CPU_S = 30
FILE_BYTES = 512 * 2**20


class PageMade(msgspec.Struct, frozen=True, kw_only=True):
    """A page: straightened, or (found = false) as it was photographed. steps_ms: how long each step took."""

    found: bool
    width_px: int
    height_px: int
    corners: tuple[tuple[float, float], ...] = ()
    steps_ms: dict[str, float] = {}
    note: str = ""
    """Why the page was not looked for: no_opencv, or empty."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing came of it."""

    code: str
    message: str


class Stopwatch:
    """How long each step took, in milliseconds."""

    def __init__(self) -> None:
        self.steps_ms: dict[str, float] = {}
        self._since_s = time.perf_counter()

    def step(self, name: str) -> None:
        """A step ends here."""
        now_s = time.perf_counter()
        self.steps_ms[name] = round((now_s - self._since_s) * 1000, 1)
        self._since_s = now_s


def make_page(source: Path, target: Path, *, crop: bool) -> PageMade:
    """The page in the picture `source`, written to `target`. Raises DocumentFailed for what is no picture."""
    watch = Stopwatch()
    width, height = _verify(source)
    watch.step("check")
    image = _opened(source) if crop else None
    watch.step("load")
    if image is None:
        target.write_bytes(source.read_bytes())
        note = "no_opencv" if crop else ""
        return PageMade(found=False, width_px=width, height_px=height, steps_ms=watch.steps_ms, note=note)
    from kioskd.documents.page import QUALITY, find_page, straighten

    found = find_page(image)
    watch.step("find")
    if found is None:
        target.write_bytes(source.read_bytes())
        return PageMade(found=False, width_px=width, height_px=height, steps_ms=watch.steps_ms)
    import cv2

    page = straighten(image, found)
    done, jpeg = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise DocumentFailed("page_broken", "the straightened page cannot be written as a JPEG")
    target.write_bytes(jpeg.tobytes())
    watch.step("straighten")
    height, width = page.shape[:2]
    return PageMade(
        found=True, width_px=width, height_px=height, corners=found.corners, steps_ms=watch.steps_ms
    )


def _verify(source: Path) -> tuple[int, int]:
    """Decode all of it once: a head may promise what its body does not keep."""
    from PIL import Image

    from kioskd.devices.jpeg import LARGEST_PIXELS, read_jpeg

    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    try:
        read_jpeg(source.read_bytes())
        with Image.open(source, formats=["JPEG"]) as image:
            image.load()
            return image.size
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise DocumentFailed("page_broken", f"the camera's picture is broken: {error}") from error


def _opened(source: Path) -> Any:
    """The picture as OpenCV has it; None without OpenCV."""
    try:
        import cv2
    except ImportError:
        return None
    cv2.setNumThreads(1)
    image = cv2.imread(str(source), cv2.IMREAD_COLOR)
    if image is None:
        raise DocumentFailed("page_broken", "the camera's picture is broken")
    return image


def make_pdf(target: Path, pages: list[Path]) -> None:
    """One A4 PDF of these JPEGs, embedded as they are. Raises DocumentFailed."""
    try:
        import img2pdf
    except ImportError as error:
        raise DocumentFailed(
            "no_pdf_library", "documents need the extra `camera`: pip install 'kioskd[camera]'"
        ) from error
    a4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
    layout = img2pdf.get_layout_fun(a4, fit=img2pdf.FitMode.into, auto_orient=True)
    with target.open("wb") as file:
        img2pdf.convert(
            [str(page) for page in pages],
            engine=img2pdf.Engine.internal,  # pikepdf has no wheel for loongarch
            layout_fun=layout,
            nodate=True,
            outputstream=file,
        )


def answer(work: Callable[[], Any]) -> int:
    """Do the work, say what came of it, and return the exit code."""
    try:
        result = work()
    except DocumentFailed as failed:
        result = Refused(code=failed.code, message=str(failed))
    except MemoryError:
        result = Refused(code="page_large", message="the picture needs too much memory")
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
    return 1 if isinstance(result, Refused) else 0


def main(arguments: list[str]) -> int:
    """`page SOURCE TARGET [whole]` or `pdf TARGET PAGE…`."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    os.umask(0o077)
    match arguments:
        case ["page", source, target, *how]:
            return answer(lambda: make_page(Path(source), Path(target), crop="whole" not in how))
        case ["pdf", target, *pages] if pages:
            return answer(lambda: make_pdf(Path(target), [Path(page) for page in pages]))
        case _:
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
