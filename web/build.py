"""What the pages are made of, as one short name: by it a page that runs for months knows it is outdated."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

PARTS = ("static", "templates", "texts")


def build_id(*more: str) -> str:
    """Changes whenever a script, style, template or text does, or one of `more`: the hall's own part."""
    digest = hashlib.sha256(_files())
    for one in more:
        digest.update(one.encode() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _files() -> bytes:
    digest = hashlib.sha256()
    for part in PARTS:
        _add(digest, resources.files("web").joinpath(part))
    return digest.digest()


def _add(digest: hashlib._Hash, place: Traversable) -> None:
    for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
        digest.update(entry.name.encode() + b"\0")
        if entry.is_dir():
            _add(digest, entry)
        else:
            digest.update(entry.read_bytes())
