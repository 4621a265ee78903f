"""The private files: a folder 0700, files 0600, named by the hash of their content, whole or not there."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

_KEPT = re.compile("[0-9a-f]{64}")
_PIECE_BYTES = 2**20


class Folder:
    """Documents in `path`; in `path/pages` the pages that wait to become one. No name says whose."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.pages = path / "pages"
        for folder in (path, self.pages):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    # --- pages under way ---

    def new_page(self) -> Path:
        """A name for a page that nobody can guess; the file is not there yet."""
        return self.pages / f"{secrets.token_urlsafe(16)}.jpg"

    def write_page(self, file: Path, data: bytes) -> None:
        """Write a page, for us alone."""
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as stream:
            stream.write(data)

    # --- documents ---

    def new_draft(self) -> Path:
        """A name for a document that is being made."""
        return self._path / f".{secrets.token_urlsafe(12)}.new"

    def keep(self, draft: Path) -> str:
        """Make the draft a document under its hash, on the disk before this returns. Returns the hash."""
        draft.chmod(0o600)
        sha256 = hashlib.sha256()
        with draft.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                sha256.update(piece)
            os.fsync(file.fileno())
        name = sha256.hexdigest()
        draft.replace(self._path / name)
        self._sync()
        return name

    def file(self, name: str) -> Path:
        """Where a document is. Raises ValueError for what is no name of one."""
        if not _KEPT.fullmatch(name):
            raise ValueError("not the name of a document")
        return self._path / name

    def remove(self, name: str) -> None:
        """Delete a document's file; that it is gone already is no mistake."""
        self.file(name).unlink(missing_ok=True)
        self._sync()

    def sweep(self, kept: set[str]) -> int:
        """Delete whatever no document has (a crash left it), and every page under way. Returns how many."""
        strays = [
            *(file for file in self._path.iterdir() if file.is_file() and file.name not in kept),
            *self.pages.iterdir(),
        ]
        for file in strays:
            file.unlink(missing_ok=True)
        if strays:
            self._sync()
        return len(strays)

    def _sync(self) -> None:
        """What the folder lists is on the disk."""
        fd = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
