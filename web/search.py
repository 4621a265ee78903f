"""Finding a matter by what a citizen types: its code, name or synonyms, in characters or pinyin."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock

from kioskd.hall.matter import Matter
from web.spelling import How, Names, letters


class Fit(enum.IntEnum):
    """How a matter fits what was typed; the best first."""

    WHOLE = 0
    START = 1
    START_OF_SYNONYM = 2
    PART = 3
    PART_OF_SYNONYM = 4
    PART_OF_CODE_OR_ENGLISH = 5
    RARER_READING = 6


_OF_NAME = {
    How.WHOLE: Fit.WHOLE,
    How.START: Fit.START,
    How.PART: Fit.PART,
    How.BY_RARER_READING: Fit.RARER_READING,
}
_OF_SYNONYM = {**_OF_NAME, How.START: Fit.START_OF_SYNONYM, How.PART: Fit.PART_OF_SYNONYM}


class MatterIndex:
    """What can be asked of one catalogue: made once, a second for 10,000 matters; asked in milliseconds."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        self._matters = tuple(matters)
        self._names = Names(matter.name for matter in self._matters)
        synonyms = [
            (index, synonym) for index, matter in enumerate(self._matters) for synonym in matter.synonyms
        ]
        self._owners = [index for index, _ in synonyms]
        self._synonyms = Names(synonym for _, synonym in synonyms)
        self._latin = [f"{letters(matter.code)} {letters(matter.name_en)}" for matter in self._matters]

    def search(self, query: str) -> tuple[Matter, ...]:
        """The matters that fit, the best first; all of them for an empty query."""
        wanted = letters(query)
        if not wanted:
            return () if query.strip() else self._matters
        seen: set[int] = set()
        found: list[Matter] = []
        for _, places in sorted(self._fits(wanted), key=lambda fit: fit[0]):
            found += [self._matters[place] for place in sorted(places - seen)]
            seen |= places
        return tuple(found)

    def _fits(self, wanted: str) -> Iterator[tuple[Fit, set[int]]]:
        for how, places in self._names.spelt(wanted).items():
            yield _OF_NAME[how], places
        for how, lines in self._synonyms.spelt(wanted).items():
            yield _OF_SYNONYM[how], {self._owners[line] for line in lines}
        if wanted.isascii():
            have_it = [
                (place, text)
                for place, text in enumerate(self._latin)
                if wanted in text and (len(wanted) > 1 or text.startswith(wanted))
            ]
            yield Fit.WHOLE, {place for place, text in have_it if text.startswith(f"{wanted} ")}
            yield Fit.PART_OF_CODE_OR_ENGLISH, {place for place, _ in have_it}


class Search:
    """The index of the catalogue of now, made anew when the catalogue is another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: Iterable[Matter] | None = None
        self._index = MatterIndex(())

    def __call__(self, matters: Sequence[Matter], query: str) -> tuple[Matter, ...]:
        """The matters that fit. No index is made, and pypinyin not imported, until something is typed."""
        if not query.strip():
            return tuple(matters)
        with self._lock:
            if self._of is not matters:
                self._index, self._of = MatterIndex(matters), matters
        return self._index.search(query)
