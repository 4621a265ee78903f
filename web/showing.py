"""What the screens show beside the queue, from the hall file: its messages and the clerks' photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kioskd.config.photos import Photo


@dataclass(frozen=True)
class Showing:
    """messages: what runs along the bottom of the board. photos: by the clerk's id."""

    messages: tuple[str, ...] = ()
    photos: Mapping[str, Photo] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All of it as names: a page that was made of others is out of date."""
        return (*self.messages, *(f"{clerk} {photo.name}" for clerk, photo in sorted(self.photos.items())))
