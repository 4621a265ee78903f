"""Where a matter's guide is."""

from __future__ import annotations

from urllib.parse import quote

from kioskd.hall.matter import Matter


def guide_page(code: str) -> str:
    """The path of a matter's brief guide."""
    return f"/matters/{quote(code, safe='')}"


def full_guide(matter: Matter, public_url: str) -> str:
    """Where a phone finds the full guide: the matter's own address, else its page here; empty if neither."""
    if matter.guide_url.startswith(("https://", "http://")):
        return matter.guide_url
    if not public_url:
        return ""
    return public_url.rstrip("/") + guide_page(matter.code)
