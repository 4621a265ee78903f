"""The JSON of matters: what a citizen can get done here, with all that a hall tells about it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from web.shapes import Answer, Request


class MaterialJson(Answer, frozen=True, kw_only=True):
    """One thing to bring. needed: false where `note` says in which cases it is; copies: how many."""

    name: str
    needed: bool
    type: str
    format: str
    copies: int
    source: str
    form_url: str
    example_url: str
    note: str


class MatterJson(Answer, frozen=True, kw_only=True):
    """A matter with its six data units: name, by_law, accept_condition, materials, handle_flow, promise.

    What a hall has not said is empty. `materials` are the names of `material_rows`, in the same order.
    """

    code: str
    name: str
    name_en: str
    synonyms: tuple[str, ...]
    area: str
    department: str
    department_code: str
    line: str
    catalog_code: str
    handle_item: str
    type: str
    by_law: str
    accept_condition: str
    materials: tuple[str, ...]
    material_rows: tuple[MaterialJson, ...]
    handle_flow: str
    promise: str
    legal_limit: str
    project_type: str
    visits: int | None
    visits_reason: str
    fee: str
    fee_basis: str
    address: str
    hours: str
    contact: str
    complaints: str
    sample: bool
    """Written for a demonstration, to be replaced by the hall's own."""
    kiosk: bool
    """Whether the kiosk offers it."""
    page: str
    """Where its brief guide is on this hall's pages: /matters/CODE."""
    guide_url: str
    """The full guide, for a phone: the matter's own, else its page at the hall's public address."""
    accepting: bool
    """Whether a ticket for it can be taken now."""


class SearchMatters(Request, frozen=True, kw_only=True):
    """q: part of a code, name or synonym, or of its pinyin, full or initials. Without it, all matters."""

    q: Annotated[str, Meta(max_length=50)] = ""
    area: Annotated[str, Meta(max_length=50)] = ""
    """Only those of this area of service."""
    limit: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    """At most so many, the best first."""
