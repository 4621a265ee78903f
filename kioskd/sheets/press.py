"""Makes a sheet into a PDF, in a child process with a deadline: a large one costs the daemon nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from kioskd.sheets.sheet import Sheet

DEADLINE_S = 60.0
_CHILD = (sys.executable, "-m", "kioskd.sheets.child")
PLACES = 4
"""How many may wait for a PDF, with the one whose is being made: each holds a thread of the server."""
LONGEST_WAIT_S = 20.0
"""How long one of them waits for its turn."""
_places = threading.BoundedSemaphore(PLACES)
_one_at_a_time = threading.Lock()

NO_LIBRARY, NO_FONT = 3, 4
"""Exit codes of the child for what a person can mend."""

_MENDED_BY = {
    NO_LIBRARY: ("no_pdf_maker", "PDF needs fpdf2, which is not installed: pip install 'kioskd[pdf]'"),
    NO_FONT: (
        "no_chinese_font",
        "no font with Chinese characters is installed: apt-get install fonts-noto-cjk",
    ),
}


class PdfFailed(Exception):  # noqa: N818 - says what happened, as its message does
    """No PDF came of it; the text says what to do.

    code: no_pdf_maker, no_chinese_font, pdf_busy, pdf_slow or pdf_failed.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Kept:
    """PDFs that were made lately, each by its sheet. Any thread may ask."""

    def __init__(self, most: int) -> None:
        """most: how many are kept."""
        self._most = most
        self._made: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, sheet: bytes) -> bytes | None:
        """The PDF of an equal sheet, as JSON; None where there is none."""
        with self._lock:
            if sheet in self._made:
                self._made.move_to_end(sheet)
            return self._made.get(sheet)

    def put(self, sheet: bytes, pdf: bytes) -> None:
        """Keep this one, and let go of the one that nobody asked for longest."""
        with self._lock:
            self._made[sheet] = pdf
            if len(self._made) > self._most:
                self._made.popitem(last=False)


def make_pdf(sheet: Sheet, *, deadline_s: float = DEADLINE_S, kept: Kept | None = None) -> bytes:
    """The sheet as PDF, its fonts embedded. Any thread may call; they are made one after another.

    kept: where those are that need not be made again. Raises PdfFailed; at once where too many wait already.
    """
    content = msgspec.json.encode(sheet)
    kept = kept or Kept(1)
    if (made := kept.get(content)) is not None:
        return made
    with _a_turn():
        if (made := kept.get(content)) is None:  # somebody who waited for the same has made it
            made = _made_by_child(content, deadline_s)
            kept.put(content, made)
    return made


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        if not _one_at_a_time.acquire(timeout=LONGEST_WAIT_S):
            raise _busy()
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _places.release()


def _busy() -> PdfFailed:
    return PdfFailed("pdf_busy", "other PDFs are being made just now: try again in a few seconds")


def _made_by_child(content: bytes, deadline_s: float) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            _CHILD,
            input=content,
            capture_output=True,
            timeout=deadline_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailed("pdf_slow", f"the PDF was not ready within {deadline_s:g} s: try again") from error
    if done.returncode in _MENDED_BY:
        raise PdfFailed(*_MENDED_BY[done.returncode])
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it ended without a word"]
        raise PdfFailed("pdf_failed", f"the PDF could not be made: {reason[0]}")
    return done.stdout
