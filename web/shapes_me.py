"""What the API tells a page about who sits before it."""

from __future__ import annotations

import msgspec


class MeJson(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls. account is null for screens, programs and the command line."""

    name: str
    """As events name it, such as clerk:c01."""
    account: str | None
    display_name: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    clerk: str | None
    """Who that is at a window: an id of the hall file."""
    clerk_name: str
    clerk_position: str
    window: int | None
    """Where that clerk works now."""
