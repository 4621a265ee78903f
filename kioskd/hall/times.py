"""Moments as text, and the time between them."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds and Z: text that sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.fromisoformat(text)


def moment(text: str | None) -> datetime | None:
    """The moment in a column that may be empty."""
    return None if text is None else from_text(text)


def elapsed_s(since: datetime, now: datetime) -> float:
    """Seconds between two stored times. A clock that was set back makes it 0, never negative."""
    return max(0.0, (now - since).total_seconds())
