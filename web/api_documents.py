"""The JSON API's routes about documents: a camera's live picture, pages, documents, who looked at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import msgspec
from flask import Response, send_file

from kioskd.devices.device import Device
from kioskd.devices.errors import DeviceError
from kioskd.devices.health import reason_catalogue
from kioskd.devices.kinds import Kind
from kioskd.documents.desk import DocumentDesk, Page
from kioskd.documents.errors import DocumentFailed
from kioskd.hall.model import Document
from web.declare import PREFIX, Call, Declarations
from web.problems import Problem
from web.shapes import Items
from web.shapes_documents import (
    DocumentJson,
    FinishDocument,
    Look,
    PageGoneJson,
    PageJson,
    TakePage,
    ViewDocument,
    ViewJson,
)
from web.words import Word

documents = Declarations()

LOOKERS = 16
"""So many may wait for a frame at once: each holds one of the server's threads, for two seconds at most."""
_places = threading.BoundedSemaphore(LOOKERS)

STATUS = {
    "page_gone": 404,
    "file_gone": 404,
    "too_many_pages": 409,
    "page_broken": 503,
    "page_large": 503,
    "page_slow": 503,
    "no_pdf_library": 503,
}
PRIVATE = {"Cache-Control": "no-store, private"}
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A browser shows a PDF by a plugin of its own, which our pages' policy forbids."""


@documents.route("GET", "/devices/{name}/preview", scope="documents", content="image/jpeg")
def look_at_camera(call: Call, name: str, query: Look) -> Response:
    """The newest frame of a camera's live picture, once it is another than `after`.

    Its number is in the header `X-Frame`. Ask again and again: the camera streams while somebody asks, and
    stops three seconds after. When it is lost, or sends no frame within two seconds, the answer is a problem
    (503) that says why.
    """
    camera = _camera(call, name)
    if not _places.acquire(blocking=False):
        raise Problem(503, "too_many_streams", headers={"Retry-After": "1"}, streams=LOOKERS)
    try:
        with _failures(camera):
            frame = camera.look(query.after)
    finally:
        _places.release()
    headers = {**PRIVATE, "X-Frame": str(frame.number)}
    return Response(frame.picture.data, content_type="image/jpeg", headers=headers)


@documents.route("POST", "/tickets/{ticket}/pages", scope="documents", status=201)
def take_page(call: Call, ticket: int, body: TakePage) -> PageJson:
    """Photograph a page for one material of a ticket that is called, served, held or just done.

    The page is found in the picture and straightened; where none is found for certain the whole picture
    stays. It waits half an hour to become part of a document.
    """
    camera = _camera(call, body.camera)
    with _failures(camera):
        page = _desk(call).take_page(camera, ticket, body.material, crop=body.crop)
    return _page_json(page)


@documents.route("GET", "/tickets/{ticket}/pages/{page}", scope="documents", content="image/jpeg")
def show_page(call: Call, ticket: int, page: str) -> Response:
    """The picture of a page that waits."""
    with _failures():
        data = _desk(call).page_file(ticket, page).read_bytes()
    return Response(data, content_type="image/jpeg", headers=PRIVATE)


@documents.route("DELETE", "/tickets/{ticket}/pages/{page}", scope="documents")
def drop_page(call: Call, ticket: int, page: str) -> PageGoneJson:
    """Throw a page away."""
    with _failures():
        _desk(call).drop_page(ticket, page)
    return PageGoneJson(id=page)


@documents.route("POST", "/tickets/{ticket}/documents", scope="documents", status=201)
def finish_document(call: Call, ticket: int, body: FinishDocument) -> DocumentJson:
    """Make one PDF of the pages, in this order, and keep it for the hall's retention time."""
    with _failures():
        document = _desk(call).finish(ticket, body.material, list(body.pages), by=call.caller.name)
    call.headers["Location"] = f"{PREFIX}/documents/{document.id}/file"
    return _document_json(document)


@documents.route("GET", "/tickets/{ticket}/documents", scope="documents")
def list_documents(call: Call, ticket: int) -> Items[DocumentJson]:
    """What is kept for a ticket, by material."""
    return Items(items=tuple(_document_json(one) for one in call.rooms.hall.documents(ticket)))


@documents.route("GET", "/documents/{document}/file", scope="documents", content="application/pdf")
def show_document(call: Call, document: int, query: ViewDocument) -> Response:
    """The document itself. That it was looked at, and by whom, is noted first.

    `window` counts from the clerk's page only: a program's look is the program's.
    """
    window = query.window if call.caller.is_page else None
    with _failures():
        seen, file = _desk(call).open(document, window=window, by=call.caller.name)
    answer = send_file(
        file, mimetype=seen.media_type, download_name=f"document-{seen.id}.pdf", conditional=False, etag=False
    )
    answer.headers.update({**PRIVATE, "Content-Security-Policy": PDF_POLICY})
    return answer


@documents.route("DELETE", "/documents/{document}", scope="documents")
def delete_document(call: Call, document: int) -> DocumentJson:
    """Delete a document's file; its row stays, and says so."""
    return _document_json(_desk(call).delete(document, by=call.caller.name))


@documents.route("GET", "/documents/{document}/views", scope="documents")
def list_views(call: Call, document: int) -> Items[ViewJson]:
    """Who looked at a document, the latest first."""
    found = call.rooms.hall.document_views(document)
    return Items(items=tuple(ViewJson(**msgspec.structs.asdict(one)) for one in found))


# --- what they need ---


class CameraLost(Problem):
    """The camera gives no picture; its health says why, and the step to take."""

    def __init__(self, camera: Device) -> None:
        super().__init__(503, "camera_lost", headers={"Retry-After": "1"}, camera=camera.name)
        self._reasons = camera.health().reasons

    @property
    def detail(self) -> Word:
        """The first reason, in the words of the devices."""
        if not self._reasons:
            return self.title
        text = reason_catalogue()[self._reasons[0].code]
        return Word(
            zh=f"{self.title.zh}：{text.zh}。{text.step_zh}",
            en=f"{self.title.en}: {text.en}. To do: {text.step_en}",
        )


def _desk(call: Call) -> DocumentDesk:
    if call.rooms.documents is None:
        raise Problem(404, "no_documents")
    return call.rooms.documents


def _camera(call: Call, name: str) -> Device:
    found = call.rooms.supervisor.devices.get(name)
    if found is None or Kind.CAMERA not in found.kinds:
        raise Problem(404, "no_camera")
    return found


@contextmanager
def _failures(camera: Device | None = None) -> Iterator[None]:
    """What went wrong at the camera or with the page, as a problem for people."""
    try:
        yield
    except DocumentFailed as failed:
        raise Problem(STATUS.get(failed.code, 503), failed.code) from failed
    except DeviceError as error:
        assert camera is not None
        raise CameraLost(camera) from error


def _page_json(page: Page) -> PageJson:
    fields: dict[str, Any] = msgspec.structs.asdict(page)
    del fields["made_at_s"]
    return PageJson(**fields, picture=f"{PREFIX}/tickets/{page.ticket}/pages/{page.id}")


def _document_json(document: Document) -> DocumentJson:
    names = (name for name in DocumentJson.__struct_fields__ if name != "file")
    fields = {name: getattr(document, name) for name in names}
    for name in ("taken_at", "delete_after"):
        fields[name] = fields[name].astimezone(UTC)
    return DocumentJson(**fields, file=f"{PREFIX}/documents/{document.id}/file")
