"""Moments as the hall's wall clock shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from web.rooms import rooms


def local_time(moment: datetime) -> datetime:
    """The moment in the hall's own time zone."""
    return moment.astimezone(ZoneInfo(rooms().hall.plan.timezone))
