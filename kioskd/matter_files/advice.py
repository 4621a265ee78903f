"""What could be better in a catalogue that has no mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kioskd.hall.matter import Matter
from kioskd.hall.matter_checks import limit_days


def advice(matters: Sequence[Matter]) -> Iterator[str]:
    """One line a kind, with how many matters it is about and the first few."""
    shared = Counter(synonym for matter in matters for synonym in set(matter.synonyms))
    looks = {
        "are samples: put in the hall's own": [one for one in matters if one.sample],
        "are kept off the kiosk: the standard wants them there": [one for one in matters if not one.kiosk],
        "have no English name": [one for one in matters if not one.name_en],
        "do not say whether there is a fee": [one for one in matters if not one.fee],
        "promise a time that no program can read": [
            one for one in matters if limit_days(one.promise) is None
        ],
        "have a synonym that another has too": [
            one for one in matters if any(shared[synonym] > 1 for synonym in one.synonyms)
        ],
    }
    for what, found in looks.items():
        if found:
            codes = ", ".join(matter.code for matter in found[:5])
            yield f"advice: {len(found)} {what}: {codes}{' …' if len(found) > 5 else ''}"
