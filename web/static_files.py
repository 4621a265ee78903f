"""Scripts and styles, for a cold start of a page: packed, and kept by the browser until they change.

A page asks for `/static/v-HASH/…`, where the hash is that of all these files together: the modules of a
script import one another by relative addresses, so one version holds for all. What has such an address never
changes and is kept for a year. Under its plain address a file is asked for again each time, and answered
with 304.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask import Blueprint, Response, g, has_app_context, request
from werkzeug.security import safe_join

from web.pages import WORDS_OF_SCRIPTS
from web.problems import Problem
from web.words import all_words

FOLDER = Path(__file__).parent / "static"
WORDS = "words.js"
"""The texts that scripts need: no file, made from the catalogue."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
WORTH_PACKING_BYTES = 400
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

static_files = Blueprint("static_files", __name__)


class Packed(NamedTuple):
    """A file's bytes as they are and packed (empty where that is not worth it), its type and hash."""

    plain: bytes
    packed: bytes
    content_type: str
    sha256: str


def static_url(name: str) -> str:
    """Where a page finds a script, style sheet or picture; name: such as css/kiosk.css."""
    if not has_app_context():
        return f"/static/v-{_version(_stamps())}/{name}"
    if "static_version" not in g:  # a page has many; the files are looked at once for all of them
        g.static_version = _version(_stamps())
    return f"/static/v-{g.static_version}/{name}"


@static_files.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """One of the files. Raises Problem 404 for what is none."""
    version, _, rest = name.partition("/")
    lasting = version.startswith("v-")
    file = _read(rest if lasting else name)
    # A page of another version may still be open somewhere: it gets the present file, but does not keep it.
    current = lasting and version == f"v-{_version(_stamps())}"
    return _answer(file, FOR_EVER if current else ASK_AGAIN)


def json_answer(value: object) -> Response:
    """Something of the hall's that pages fetch, packed; it is asked for again each time."""
    return _answer(_pack(msgspec.json.encode(value), "application/json"), ASK_AGAIN)


def page_answer(html: str) -> Response:
    """A page, packed; never kept."""
    return _answer(_pack(html.encode(), "text/html; charset=utf-8"), "no-store")


def _answer(file: Packed, keep: str) -> Response:
    packs = file.packed and "gzip" in request.accept_encodings
    response = Response(file.packed if packs else file.plain, content_type=file.content_type)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = keep
    response.set_etag(file.sha256[:32], weak=True)
    return response.make_conditional(request)


def _read(name: str) -> Packed:
    if name == WORDS:
        return _pack_words()
    path = safe_join(str(FOLDER), name)
    if path is None or not Path(path).is_file():
        raise Problem(404, "not_found")
    changed_ns = Path(path).stat().st_mtime_ns
    return _pack_file(path, changed_ns)


@lru_cache(maxsize=256)
def _pack_file(path: str, changed_ns: int) -> Packed:
    """changed_ns: so that a changed file is read anew."""
    content_type = TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return _pack(Path(path).read_bytes(), content_type)


@lru_cache(maxsize=1)
def _pack_words() -> Packed:
    wanted = {section: all_words()[section] for section in WORDS_OF_SCRIPTS}
    return _pack(b"export default " + msgspec.json.encode(wanted) + b";\n", TYPES[".js"])


def _pack(plain: bytes, content_type: str) -> Packed:
    is_text = content_type.startswith("text/") or content_type.endswith(("+xml", "json"))
    packed = gzip.compress(plain, 9, mtime=0) if is_text and len(plain) > WORTH_PACKING_BYTES else b""
    return Packed(plain, packed, content_type, hashlib.sha256(plain).hexdigest())


def _stamps() -> tuple[tuple[str, int], ...]:
    """Which files there are, and when each changed."""
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return tuple((path.relative_to(FOLDER).as_posix(), path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=4)
def _version(stamps: tuple[tuple[str, int], ...]) -> str:
    """The hash of all of them, and of the texts."""
    whole = hashlib.sha256(_pack_words().sha256.encode())
    for name, changed_ns in stamps:
        whole.update(f"{name} {_pack_file(str(FOLDER / name), changed_ns).sha256}\n".encode())
    return whole.hexdigest()[:16]
