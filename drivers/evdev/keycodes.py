"""Keys by the names that the kernel gives them, such as KEY_KP1.

Source: linux/input-event-codes.h, as python-evdev has it.
"""

from __future__ import annotations

from evdev import ecodes

_BOUNDS = ("KEY_RESERVED", "KEY_MIN_INTERESTING", "KEY_MAX", "KEY_CNT")
"""Names of the header that are no keys."""
KEY_CODES: dict[str, int] = {
    name: code
    for name, code in ecodes.ecodes.items()
    if name.startswith(("KEY_", "BTN_")) and name not in _BOUNDS
}
"""Every key of the kernel by its name; some keys have two names."""
_NAMES = {code: name for name, code in sorted(KEY_CODES.items(), reverse=True)}


def key_name(code: int) -> str:
    """The kernel's name of a key, or its number where it has none."""
    return _NAMES.get(code, f"key {code}")
