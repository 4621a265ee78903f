"""Who sends a request, as events and the audit trail name them, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kioskd.staff.accounts import Account


@dataclass(frozen=True)
class Caller:
    """Somebody who was let in. name: such as page:kiosk, device:tv-2, clerk:c01, token:uplink, local:root.

    roles: what they are in our pages; empty for programs and for the command line.
    """

    name: str
    scopes: frozenset[str]
    roles: tuple[str, ...] = ()
    account: Account | None = None

    @property
    def kind(self) -> str:
        """Who it is, whatever role a page has at the moment: that depends on which cookies are still good."""
        if self.account is not None:
            return f"account:{self.account.name}"
        return "page" if self.name.startswith("page:") else self.name

    @property
    def is_page(self) -> bool:
        """Whether a page of ours asks for somebody who sits before it."""
        return bool(self.roles)

    def may(self, scope: str) -> bool:
        """Whether the caller has this scope."""
        return scope in self.scopes or "all" in self.scopes
