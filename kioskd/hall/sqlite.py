"""sqlite-utils without numpy and pandas, which it imports wherever they are and which the daemon never needs.

The extra `camera` brings numpy along; it would cost every start a quarter of a second and 20 MiB.
"""

from __future__ import annotations

import sys

_left_out = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _left_out:
    sys.modules[_name] = None  # type: ignore[assignment] # "not installed", as far as imports go
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    for _name in _left_out:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
