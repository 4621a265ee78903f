"""Makes a sheet into a PDF, in a child process with a deadline: a large one costs the daemon nothing."""

from __future__ import annotations

import subprocess
import sys
import threading

import msgspec

from kioskd.sheets.sheet import Sheet

DEADLINE_S = 60.0
_CHILD = (sys.executable, "-m", "kioskd.sheets.child")
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

    code: no_pdf_maker, no_chinese_font, pdf_slow or pdf_failed.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def make_pdf(sheet: Sheet, *, deadline_s: float = DEADLINE_S) -> bytes:
    """The sheet as PDF, its fonts embedded. Any thread may call; they are made one after another.

    Raises PdfFailed.
    """
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                _CHILD,
                input=msgspec.json.encode(sheet),
                capture_output=True,
                timeout=deadline_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PdfFailed(
                "pdf_slow", f"the PDF was not ready within {deadline_s:g} s: try again"
            ) from error
    if done.returncode in _MENDED_BY:
        raise PdfFailed(*_MENDED_BY[done.returncode])
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it ended without a word"]
        raise PdfFailed("pdf_failed", f"the PDF could not be made: {reason[0]}")
    return done.stdout
