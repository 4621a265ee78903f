"""The roles, and what each may ask of the API: docs/who-may-do-what.md has it page by page, verb by verb."""

from __future__ import annotations

SCOPES = (
    "read",
    "tickets",
    "windows",
    "documents",
    "desk",
    "devices",
    "ratings",
    "appointments",
    "contacts",
    "lab",
    "all",
)
"""What a token may be given, one or several. lab: the virtual hall's buttons, in the demo only."""

ROLES: dict[str, frozenset[str]] = {
    "clerk": frozenset({"read", "tickets", "windows", "documents"}),
    "supervisor": frozenset({"read", "tickets", "windows", "documents", "desk"}),
    "technician": frozenset({"read", "devices"}),
    "integrator": frozenset({"read", "ratings", "appointments"}),
    "kiosk": frozenset({"read", "tickets"}),
    "display": frozenset({"read"}),
    "lab": frozenset({"read", "lab"}),
}
"""Each role's scopes. A caller with several is named by the first that is enough."""

STAFF = ("clerk", "supervisor", "technician", "integrator")
"""Roles of people, who sign in."""

STANDS_IN = {"clerk": ("clerk", "supervisor")}
"""Whose page is also open to others: a supervisor may do what a clerk may."""

SCREENS = ("kiosk", "display")
"""Roles of screens, which nobody signs in at: the kiosk computer itself, or a device token elsewhere."""


def roles_for_page(role: str) -> tuple[str, ...]:
    """Who may open a page of this role."""
    return STANDS_IN.get(role, (role,))
