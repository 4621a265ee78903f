"""The clerks' photos, which lie beside the hall file: checked and read once, named by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

import msgspec

from kioskd.config.reader import Tables

LARGEST_BYTES = 1_000_000
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """One picture. name: SHA-256 of the content and the ending of its type, such as 9f86….jpg."""

    name: str
    media_type: str
    data: bytes


def read_photos(tables: Tables) -> dict[str, Photo]:
    """The photo of each clerk who has one, by the clerk's id. What cannot be shown is noted as a mistake."""
    photos: dict[str, Photo] = {}
    for entry in tables.clerks:
        if not entry.table.photo:
            continue
        try:
            photos[entry.table.id] = _read(tables.path.parent, entry.table.photo)
        except ValueError as error:
            tables.notes.add(f"{entry.key}.photo", entry.table.id, str(error))
    return photos


def _read(folder: Path, name: str) -> Photo:
    """Raises ValueError, which says what is wrong with the file."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name!r} must lie beside the hall file, or in a folder there")
    try:
        with (folder / name).open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{name!r} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_BYTES:
        raise ValueError(f"{name!r} is larger than {LARGEST_BYTES // 1000} kB: make the picture smaller")
    media_type = _media_type(data)
    if media_type is None:
        raise ValueError(f"{name!r} is no JPEG, PNG or WebP picture, whatever it is called")
    hash_ = hashlib.sha256(data).hexdigest()
    return Photo(name=f"{hash_}.{ENDINGS[media_type]}", media_type=media_type, data=data)


def _media_type(data: bytes) -> str | None:
    """By how the content begins: each format's own signature."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
