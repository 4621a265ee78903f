"""The JSON of papers that belong to no ticket."""

from __future__ import annotations

from kioskd.hall.model import PaperState
from web.shapes import Answer


class PaperJson(Answer, frozen=True, kw_only=True):
    """Where a paper is. detail: what is in the way, with what it says to people."""

    id: int
    state: PaperState
    detail: str
    detail_zh: str
    detail_en: str
