"""The matters in force, kept in memory as long as they stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from kioskd.hall import matters
from kioskd.hall.matter import Matter
from kioskd.hall.store import Store


class Catalogue:
    """The matters that the hall offers, as they were at one moment. event: the one that made them so."""

    def __init__(self, event: int, found: tuple[Matter, ...]) -> None:
        self.event = event
        self.matters = found
        self._by_code = {matter.code: matter for matter in found}

    def __iter__(self) -> Iterator[Matter]:
        return iter(self.matters)

    def __len__(self) -> int:
        return len(self.matters)

    def get(self, code: str) -> Matter | None:
        """The matter of this code; None where the hall does not offer it."""
        return self._by_code.get(code)

    def areas(self) -> list[tuple[str, list[Matter]]]:
        """The matters by area of service, both in the catalogue's order."""
        found: dict[str, list[Matter]] = {}
        for matter in self.matters:
            found.setdefault(matter.area, []).append(matter)
        return list(found.items())


class Shelf:
    """Hands out the catalogue of now. Each asking looks whether any process has changed it, quickly."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._kept = Catalogue(-1, ())

    def catalogue(self) -> Catalogue:
        """The matters in force; the same object as long as they are the same."""
        with self._store.read() as snapshot:
            event = matters.last_change(snapshot)
            with self._lock:
                if self._kept.event == event:
                    return self._kept
            found = Catalogue(event, matters.in_force(snapshot))
        with self._lock:
            if found.event > self._kept.event:
                self._kept = found
            return self._kept
