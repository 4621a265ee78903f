"""What the exception codes of Modbus say (Modbus Application Protocol V1.1b3, 7)."""

from __future__ import annotations

EXCEPTIONS = {
    1: "it does not know this function",
    2: "it has no such register",
    3: "it does not take this value",
    4: "it failed",
    5: "it is still at it",
    6: "it is busy",
}
PASSING_EXCEPTIONS = frozenset({5, 6})
"""Those that another try may mend."""


def exception_text(code: int) -> str:
    """The code, and what it says."""
    return f"exception {code}: {EXCEPTIONS.get(code, 'unknown')}"
