"""The JSON of documents: pages under way, documents, looks at them. Times are RFC 3339 in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from web.shapes import Answer, Name, Request, WindowNumber

PageId = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}$")]
Material = Annotated[int, Meta(ge=0, le=1000)]


class PageJson(Answer, frozen=True, kw_only=True):
    """A page that waits to become part of a document.

    found: whether its edges were found, so that it was straightened; otherwise it is the whole picture. note:
    no_opencv where they could not be looked for. steps_ms: how long each step took.
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
    picture: str
    """Where its JPEG is."""


class PageGoneJson(Answer, frozen=True, kw_only=True):
    """A page that was thrown away."""

    id: str


class DocumentJson(Answer, frozen=True, kw_only=True):
    """A document of a ticket. material: the row of the matter's materials, from 1; 0 is another paper."""

    id: int
    ticket: int
    matter: str
    material: int
    material_name: str
    media_type: str
    pages: int
    bytes: int
    camera: str
    window: int | None
    taken_by: str
    """The clerk's id; empty when nobody was signed in."""
    taken_at: datetime
    delete_after: datetime
    deleted_at: datetime | None
    views: int
    file: str
    """Where it can be looked at; every look is noted."""


class ViewJson(Answer, frozen=True, kw_only=True):
    """One look at a document. viewed_by: the clerk at the window, else the page or token that asked."""

    window: int | None
    viewed_by: str
    viewed_at: datetime


# --- requests ---


class Look(Request, frozen=True, kw_only=True):
    """after: the number of the frame seen last (`X-Frame`); the answer is another one."""

    after: Annotated[int, Meta(ge=0, le=2**53)] = 0


class TakePage(Request, frozen=True, kw_only=True):
    """camera: the device's name. crop: false keeps the whole picture, also where a page is found in it."""

    camera: Name
    material: Material
    crop: bool = True


class FinishDocument(Request, frozen=True, kw_only=True):
    """pages: the ids of its pages, in order."""

    material: Material
    pages: Annotated[tuple[PageId, ...], Meta(min_length=1, max_length=50)]


class ViewDocument(Request, frozen=True, kw_only=True):
    """window: where it is looked at, so that the look is noted under the clerk there."""

    window: WindowNumber | None = None
