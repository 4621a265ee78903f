"""A matter: something a citizen can get done, with the elements of GB/T 39554 that a hall tells people.

The standard's six data units are `name`, `by_law`, `accept_condition`, `materials`, `handle_flow`, `promise`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

SIX_UNITS = ("name", "by_law", "accept_condition", "materials", "handle_flow", "promise")
"""What the standard asks of every matter, by the names of the fields."""


class Material(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of what a citizen brings. As text it is its name."""

    name: str
    needed: bool = True
    """False: only in some cases; `note` says in which."""
    type: str = ""
    """原件, 复印件, 原件和复印件."""
    format: str = ""
    """纸质, 电子, 纸质或电子."""
    copies: Annotated[int, Meta(ge=1, le=99)] = 1
    source: str = ""
    """Where it comes from: 申请人自备, 政府部门核发."""
    form_url: str = ""
    """An empty form to fill in."""
    example_url: str = ""
    """A form filled in as an example."""
    note: str = ""
    """What to mind when it is filled in or brought."""

    def __str__(self) -> str:
        return self.name


class Matter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something a citizen can get done. A material given as a plain text is a row with that name."""

    code: str
    """As on its ticket and in addresses; GB/T 39554 task_code."""
    name: str
    line: str
    area: str
    """The area of service it is listed under, such as 医保社保."""
    department: str
    by_law: str
    accept_condition: str
    materials: tuple[Material, ...]
    handle_flow: str
    promise: str
    """The time promised for it, as shown: 即办, 5个工作日."""
    name_en: str = ""
    synonyms: tuple[str, ...] = ()
    """What else people call it; it is found by these as well."""
    catalog_code: str = ""
    handle_item: str = ""
    """办理项编码, for a matter that is handled in several ways."""
    type: str = ""
    """行政许可, 行政确认, 公共服务 and so on."""
    department_code: str = ""
    legal_limit: str = ""
    """The longest time that the law allows, as shown: 20个工作日."""
    project_type: str = ""
    """即办件 or 承诺件."""
    visits: Annotated[int, Meta(ge=0, le=9)] | None = None
    """How often one must come at most; None where nobody said."""
    visits_reason: str = ""
    """Why coming once or more is needed; asked for where `visits` is not 0."""
    fee: str = ""
    """不收费, or how much."""
    fee_basis: str = ""
    address: str = ""
    """Where, if not in this hall."""
    hours: str = ""
    contact: str = ""
    """Where to ask."""
    complaints: str = ""
    """Where to complain."""
    guide_url: str = ""
    """The full guide's address; empty: this hall's own page of the matter."""
    kiosk: bool = True
    """Whether the kiosk offers it; the standard wants every matter there that some window serves."""
    sample: bool = False
    """样例: written for a demonstration, to be replaced by the hall's own."""

    def __post_init__(self) -> None:
        rows = tuple(Material(name=row) if isinstance(row, str) else row for row in self.materials)
        msgspec.structs.force_setattr(self, "materials", rows)


def with_material_rows(table: object) -> object:
    """A matter's table as it was read, its materials made rows where they are plain text."""
    if not isinstance(table, dict) or not isinstance(table.get("materials"), list):
        return table
    rows = [{"name": row} if isinstance(row, str) else row for row in table["materials"]]
    return {**table, "materials": rows}
