"""What is looked at: the hall as it stands at one moment."""

from __future__ import annotations

from datetime import date

import msgspec

from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.hall.cases import Case
from kioskd.hall.matter import Matter
from kioskd.hall.model import WindowView
from kioskd.hall.plan import Plan


class DeviceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One device. window: None for the kiosk's."""

    name: str
    kinds: frozenset[Kind]
    window: int | None
    state: State

    @property
    def works(self) -> bool:
        """Whether it does what it is for, at least in part."""
        return self.state in (State.ONLINE, State.DEGRADED)


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """The hall at one moment. Counts are those of the present service day."""

    plan: Plan
    today: date
    matters: tuple[Matter, ...]
    shown: frozenset[str]
    """The codes that the kiosk shows."""
    windows: tuple[WindowView, ...]
    devices: tuple[DeviceSeen, ...]
    screens: frozenset[int] = frozenset()
    """The windows whose page /windows/N/screen is open somewhere."""
    clerks_with_accounts: frozenset[str] = frozenset()
    """The clerks of the hall file who can sign in at the clerk's page."""
    cases: tuple[Case, ...] = ()
    """Those that are not answered."""
    tickets: int = 0
    rated: int = 0
    feedback_page: bool = False
    """Whether complaints are taken and followed by number."""

    def devices_of(self, window: int, kind: Kind) -> list[DeviceSeen]:
        """The devices of this kind at a window."""
        return [one for one in self.devices if one.window == window and kind in one.kinds]

    def of_kind(self, kind: Kind) -> list[DeviceSeen]:
        """All devices of this kind."""
        return [one for one in self.devices if kind in one.kinds]

    @property
    def served_lines(self) -> frozenset[str]:
        """The lines that some window serves."""
        return frozenset(line for window in self.plan.windows for line in window.lines)

    @property
    def served(self) -> list[Matter]:
        """The matters that some window can do."""
        return [one for one in self.matters if one.line in self.served_lines]
