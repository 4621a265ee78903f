"""Starts the child process for heavy work on pictures, with a deadline, one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

from kioskd.documents.child import PageMade, Refused
from kioskd.documents.errors import DocumentFailed

DEADLINE_S = 25.0
QUEUE_S = 20.0
"""How long a picture waits for the one before it: clerks at eight windows may press at once."""
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_IO_MAX_IMAGE_PIXELS": "40000000"}


class Workshop:
    """Any thread may use it. A hall's computer has few cores: pictures are worked on one after another.

    command: what starts the child; a test names another.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "kioskd.documents.child"),
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._command = command
        self._deadline_s = deadline_s
        self._free = threading.Lock()

    def page(self, source: Path, target: Path, *, crop: bool = True) -> PageMade:
        """The page in a camera's picture. crop: look for its edges. Raises DocumentFailed."""
        arguments = ["page", str(source), str(target), *(() if crop else ("whole",))]
        return msgspec.convert(self._ask(arguments), PageMade)

    def pdf(self, target: Path, pages: list[Path]) -> None:
        """One PDF of these pages. Raises DocumentFailed."""
        self._ask(["pdf", str(target), *map(str, pages)])

    def _ask(self, arguments: list[str]) -> Any:
        if not self._free.acquire(timeout=QUEUE_S):
            raise DocumentFailed("page_slow", "other pictures are still being worked on: try again")
        try:
            return self._run(arguments)
        finally:
            self._free.release()

    def _run(self, arguments: list[str]) -> Any:
        try:
            done = subprocess.run(  # noqa: S603 - our own command, no shell
                [*self._command, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._deadline_s,
                env={**os.environ, **ENVIRONMENT},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DocumentFailed(
                "page_slow", f"the picture was not ready within {self._deadline_s:g} s: take it again"
            ) from error
        if done.returncode == 1:
            refused = _read(done.stdout, Refused)
            raise DocumentFailed(refused.code, refused.message)
        if done.returncode != 0:
            raise DocumentFailed("page_broken", "the picture could not be worked on: take it again")
        return _read(done.stdout, Any)


def _read(line: bytes, type_: Any) -> Any:
    try:
        return msgspec.json.decode(line, type=type_)
    except msgspec.DecodeError as error:
        raise DocumentFailed("page_broken", "the picture could not be worked on: take it again") from error
