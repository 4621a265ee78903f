"""What a clerk does with a document camera: take a page, look at it, take it again, finish, view, delete."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import TimeoutError as TooLate
from pathlib import Path

import msgspec

from kioskd.devices.device import Device
from kioskd.devices.errors import NoAnswer
from kioskd.documents.errors import DocumentFailed
from kioskd.documents.folder import Folder
from kioskd.documents.workshop import Workshop
from kioskd.hall.documents import Scan
from kioskd.hall.hall import Hall
from kioskd.hall.model import Document, Refused
from kioskd.hall.store import StoreFailed

log = logging.getLogger(__name__)

CAPTURE_S = 20.0
"""More than a camera may take: `device.capture` has its own deadlines, this is for a thread that hangs."""
PAGE_LIFE_S = 30 * 60.0
"""A page nobody made a document of is deleted after half an hour."""
MOST_PAGES = 50
"""Of one ticket, under way at once."""
LOOK_EVERY_S = 60.0
MEDIA_TYPE = "application/pdf"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page that is not yet part of a document. id: unguessable, and the name of its file.

    found: whether its edges were found, so that it was straightened. steps_ms: how long each step took.
    """

    id: str
    ticket: int
    camera: str
    width_px: int
    height_px: int
    bytes: int
    found: bool
    note: str
    steps_ms: dict[str, float]
    made_at_s: float
    """By the monotonic clock."""


class DocumentDesk:
    """Any thread may use it. Documents are listed in the hall's store; their files are in `folder`.

    keep_days: how long a document is kept.
    """

    def __init__(
        self, hall: Hall, folder: Folder, *, keep_days: float, workshop: Workshop | None = None
    ) -> None:
        self._hall = hall
        self._folder = folder
        self._keep_days = keep_days
        self._workshop = workshop or Workshop()
        self._pages: dict[str, Page] = {}
        self._lock = threading.Lock()
        self._files = threading.Lock()
        """Between a file's writing and its row's commit nobody may sweep it."""
        self._looked_at_s = time.monotonic()
        self.sweep()

    # --- pages ---

    def take_page(self, camera: Device, ticket: int, material: int, *, crop: bool = True) -> Page:
        """Photograph a page for a ticket's material.

        Raises Refused (the ticket is not at a window …), DeviceError (the camera), DocumentFailed (the page).
        """
        self._hall.material_name(ticket, material)
        if sum(page.ticket == ticket for page in self._all_pages()) >= MOST_PAGES:
            raise DocumentFailed("too_many_pages", f"at most {MOST_PAGES} pages: finish the document first")
        begun_s = time.perf_counter()
        try:
            picture = camera.capture().result(CAPTURE_S)
        except TooLate as error:
            raise NoAnswer(f"{camera.name} did not come to the picture in time") from error
        capture_ms = round((time.perf_counter() - begun_s) * 1000, 1)
        raw, file = self._folder.new_page(), self._folder.new_page()
        try:
            self._folder.write_page(raw, picture.data)
            made = self._workshop.page(raw, file, crop=crop)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        finally:
            raw.unlink(missing_ok=True)
        page = Page(
            id=file.stem,
            ticket=ticket,
            camera=camera.name,
            width_px=made.width_px,
            height_px=made.height_px,
            bytes=file.stat().st_size,
            found=made.found,
            note=made.note,
            steps_ms={"capture": capture_ms, **made.steps_ms},
            made_at_s=time.monotonic(),
        )
        with self._lock:
            self._pages[page.id] = page
        return page

    def page_file(self, ticket: int, page: str) -> Path:
        """The picture of a page under way. Raises DocumentFailed when it is not there any more."""
        return self._file_of(self._page(ticket, page))

    def drop_page(self, ticket: int, page: str) -> None:
        """The clerk does not want it."""
        self._forget([self._page(ticket, page)])

    # --- documents ---

    def finish(self, ticket: int, material: int, pages: list[str], *, by: str = "") -> Document:
        """Make one document of these pages, in this order, and list it.

        Raises Refused, DocumentFailed; the pages are then still there.
        """
        self._hall.material_name(ticket, material)
        found = [self._page(ticket, page) for page in pages]
        draft = self._folder.new_draft()
        try:
            self._workshop.pdf(draft, [self._file_of(page) for page in found])
            document = self._list(draft, ticket, material, found, by)
        finally:
            draft.unlink(missing_ok=True)
        self._forget(found)
        return document

    def _list(self, draft: Path, ticket: int, material: int, pages: list[Page], by: str) -> Document:
        """First the file is on the disk, then it is listed: a row never names a file that is not there."""
        size = draft.stat().st_size
        with self._files:
            scan = Scan(
                sha256=self._folder.keep(draft),
                media_type=MEDIA_TYPE,
                pages=len(pages),
                bytes=size,
                camera=pages[0].camera,
            )
            try:
                return self._hall.keep_document(ticket, material, scan, keep_days=self._keep_days, by=by)
            except BaseException:
                self._remove_unlisted(scan.sha256)
                raise

    def open(self, document: int, *, window: int | None = None, by: str = "") -> tuple[Document, Path]:
        """The document and its file; the look is noted first. Raises Refused, DocumentFailed (file gone)."""
        seen = self._hall.view_document(document, window=window, by=by)
        file = self._folder.file(seen.file)
        if not file.is_file():
            raise DocumentFailed("file_gone", "the file of this document is not on the disk any more")
        return seen, file

    def delete(self, document: int, *, by: str = "") -> Document:
        """Delete a document: first it is listed as deleted, then its file goes."""
        return self._delete(document, "clerk", by)

    def _delete(self, document: int, because: str, by: str) -> Document:
        with self._files:
            gone = self._hall.delete_document(document, because, by=by)
            self._remove_unlisted(gone.file)
        return gone

    def _remove_unlisted(self, name: str) -> None:
        """Two documents may have the same content, so one file."""
        if name not in self._hall.document_files():
            self._folder.remove(name)

    # --- the end of their time ---

    def tick(self) -> None:
        """Delete what is due, once a minute. Cheap when nothing is."""
        now_s = time.monotonic()
        if now_s - self._looked_at_s < LOOK_EVERY_S:
            return
        self._looked_at_s = now_s
        self.delete_due()
        self._forget([page for page in self._all_pages() if now_s - page.made_at_s > PAGE_LIFE_S])

    def delete_due(self) -> int:
        """Delete the documents whose time is over; returns how many."""
        due = self._hall.documents_due()
        for document in due:
            try:
                self._delete(document, "retention", "clock")
            except Refused:
                continue  # a clerk was quicker
        if due:
            log.info("%d documents deleted: their time was over", len(due))
        return len(due)

    def sweep(self) -> None:
        """At start: delete files that no document has, pages under way, and what is due.

        What a full disk does not let go now is tried again by `tick`: the hall must open all the same.
        """
        try:
            with self._files:
                swept = self._folder.sweep(self._hall.document_files())
            if swept:
                log.info("%d files that no document has were deleted", swept)
            self.delete_due()
        except (StoreFailed, OSError) as error:
            log.error("old documents could not be deleted yet: %s", error)

    # --- pages under way ---

    def _page(self, ticket: int, page_id: str) -> Page:
        with self._lock:
            page = self._pages.get(page_id)
        if page is None or page.ticket != ticket:
            raise DocumentFailed("page_gone", "this page is not there any more: take it again")
        return page

    def _all_pages(self) -> list[Page]:
        with self._lock:
            return list(self._pages.values())

    def _file_of(self, page: Page) -> Path:
        return self._folder.pages / f"{page.id}.jpg"

    def _forget(self, pages: list[Page]) -> None:
        for page in pages:
            with self._lock:
                self._pages.pop(page.id, None)
            self._file_of(page).unlink(missing_ok=True)
