"""The hall as the conformity report looks at it, gathered from all rooms at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kioskd.conform.report import Report, report
from kioskd.conform.witness import DeviceSeen, Witness
from kioskd.staff.accounts import accounts
from web.pages_kiosk import served_matters
from web.wall_clock import local_time

if TYPE_CHECKING:
    from web.rooms import Rooms


def conform(house: Rooms) -> Report:
    """The report of this moment."""
    return report(witness(house), house.hall.clock.now())


def witness(house: Rooms) -> Witness:
    """What every clause is looked at by."""
    hall = house.hall
    queue = hall.queue()
    tickets, rated = _counts(house, queue.service_day)
    return Witness(
        plan=hall.plan,
        today=local_time(hall.clock.now()).date(),
        matters=tuple(hall.catalogue),
        shown=frozenset(matter.code for matter in served_matters()),
        windows=queue.windows,
        devices=tuple(
            DeviceSeen(
                name=device.name,
                kinds=device.kinds,
                window=house.floor.window_of(device.name),
                state=device.health().state,
            )
            for device in house.supervisor.devices.values()
        ),
        screens=house.signs_seen.recent(),
        clerks_with_accounts=frozenset(
            one.clerk for one in accounts(hall.store) if one.clerk and not one.disabled
        ),
        cases=tuple(hall.follow_up.cases(unresolved_only=True)),
        tickets=tickets,
        rated=rated,
        feedback_page=True,
    )


def _counts(house: Rooms, day: str) -> tuple[int, int]:
    with house.hall.store.read() as snapshot:
        tickets = snapshot.value("SELECT count(*) FROM tickets WHERE service_day = ?", day)
        rated = snapshot.value("SELECT count(*) FROM ratings WHERE service_day = ?", day)
    return int(tickets), int(rated)
