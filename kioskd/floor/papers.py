"""The papers a kiosk prints: what a layout of each may mention, and what it must show."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class TicketFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket's layout may mention: each field is a variable of the template."""

    hall: str
    number: str
    matter: str
    line: str
    """The line's title."""
    windows: tuple[str, ...]
    """The numbers of the windows that serve the line."""
    window_titles: tuple[str, ...]
    ahead: int | None
    """How many people were ahead when the paper was ordered; None for a ticket that no longer waits."""
    wait: int | None
    """The estimated wait in minutes; None when there was nothing to go by."""
    date: str
    """The day it was taken, in the hall's own time: 2026-03-02."""
    time: str
    """The time it was taken, in the hall's own time: 09:41."""
    materials: tuple[str, ...]
    url: str
    """The citizen's own page; empty where the hall file gives no public_url."""
    reprint: bool


class NoticeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the layout of a notice (一次性告知单) may mention."""

    hall: str
    matter: str
    department: str
    by_law: str
    accept_condition: str
    materials: tuple[str, ...]
    """Each on one line, with how many and of what kind."""
    handle_flow: str
    promise: str
    fee: str
    """Empty where nobody said."""
    contact: str
    """Where to ask; empty where nobody said."""
    windows: tuple[str, ...]
    """The numbers of the windows that serve it."""
    date: str
    """The day it was printed, in the hall's own time: 2026-03-02."""
    time: str
    url: str
    """Where the full guide is; empty where the hall file gives no public_url."""


Facts = TicketFacts | NoticeFacts


class Paper(NamedTuple):
    """A kind of paper. samples: one with everything and one with as little as there can be."""

    name: str
    shows: str
    """The fact that a layout must not leave out."""
    samples: tuple[Facts, Facts]

    @property
    def facts(self) -> tuple[str, ...]:
        """The names that a layout may mention."""
        return self.samples[0].__struct_fields__


_TICKET = TicketFacts(
    hall="便民服务中心",
    number="A012",
    matter="社会保障卡申领",
    line="社保",
    windows=("1", "2"),
    window_titles=("综合窗口", "社保窗口"),
    ahead=3,
    wait=12,
    date="2026-03-02",
    time="09:41",
    materials=("居民身份证原件",),
    url="https://hall.example/t/abc",
    reprint=True,
)
TICKET = Paper(
    "ticket",
    "number",
    (
        _TICKET,
        msgspec.structs.replace(
            _TICKET, windows=(), window_titles=(), ahead=None, wait=None, materials=(), url="", reprint=False
        ),
    ),
)

_NOTICE = NoticeFacts(
    hall="便民服务中心",
    matter="社会保障卡申领",
    department="人力社保所",
    by_law="《中华人民共和国社会保险法》",
    accept_condition="本辖区参保人员",
    materials=("居民身份证（原件，1份）",),
    handle_flow="申请 → 受理 → 制卡 → 领卡",
    promise="即办",
    fee="不收费",
    contact="0571-00000000",
    windows=("1", "2"),
    date="2026-03-02",
    time="09:41",
    url="https://hall.example/matters/RS-01",
)
NOTICE = Paper(
    "notice",
    "matter",
    (_NOTICE, msgspec.structs.replace(_NOTICE, materials=(), fee="", contact="", windows=(), url="")),
)
