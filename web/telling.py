"""From the hall's and the devices' own words to the API's JSON structs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from kioskd.devices.health import Change, Reason, reason_catalogue
from kioskd.hall.guide import full_guide, guide_page
from kioskd.hall.model import LineView, PaperState, PrintJobView, QueueView, Ticket, WindowView
from kioskd.hall.plan import Matter, Plan
from kioskd.hall.refusals import refusal_text
from web.shapes import (
    ChangeJson,
    DeviceDetailJson,
    DeviceJson,
    LineJson,
    PrintJson,
    QueueJson,
    ReasonJson,
    TicketJson,
    TurnJson,
    WindowJson,
)
from web.shapes_matters import MaterialJson, MatterJson
from web.shapes_papers import PaperJson
from web.words import Word, all_words

if TYPE_CHECKING:
    from kioskd.devices.specs import PortSpec
    from kioskd.devices.supervisor import Device
    from kioskd.hall.catalogue import Catalogue
    from web.callers import Caller
    from web.rooms import Rooms


def matter_json(matter: Matter, plan: Plan, *, accepting: bool) -> MatterJson:
    """A matter, and whether its line takes tickets."""
    fields = {name: getattr(matter, name) for name in matter.__struct_fields__}
    fields["materials"] = tuple(row.name for row in matter.materials)
    fields["material_rows"] = tuple(MaterialJson(**msgspec.structs.asdict(row)) for row in matter.materials)
    fields["guide_url"] = full_guide(matter, plan.public_url)
    return MatterJson(**fields, page=guide_page(matter.code), accepting=accepting)


def line_json(line: LineView) -> LineJson:
    """A line; why it takes no tickets in words."""
    why = _refusal(line)
    fields = msgspec.structs.asdict(line)
    fields["opens_at"] = line.opens_at and line.opens_at.astimezone(UTC)
    return LineJson(**fields, reason_zh=why.zh, reason_en=why.en)


def _refusal(line: LineView) -> Word:
    if not line.reason:
        return Word("", "")
    facts = {"line": line.title, "opens_at": line.opens_at}
    holiday = {"holiday": line.holiday, "holiday_en": line.holiday_en}
    return Word(*refusal_text(line.reason, facts | holiday))


def turn_json(ticket: Ticket, plan: Plan) -> TurnJson:
    """A ticket as everybody may see it."""
    return TurnJson(**_turn_fields(ticket))


def _turn_fields(ticket: Ticket) -> dict[str, Any]:
    fields = {name: getattr(ticket, name) for name in TurnJson.__struct_fields__ if name != "rated"}
    return {**fields, "rated": ticket.rating is not None}


def matter_of(catalogue: Catalogue, code: str) -> tuple[str, str]:
    """The matter's name in Chinese and English, or its code when the hall no longer offers it."""
    matter = catalogue.get(code)
    return (code, "") if matter is None else (matter.name, matter.name_en)


def window_json(window: WindowView, plan: Plan) -> WindowJson:
    """A window and who is at it."""
    fields = msgspec.structs.asdict(window)
    fields["ticket"] = window.ticket and turn_json(window.ticket, plan)
    fields["last_finished"] = window.last_finished and turn_json(window.last_finished, plan)
    return WindowJson(**fields)


def queue_json(queue: QueueView, plan: Plan) -> QueueJson:
    """The whole hall."""
    return QueueJson(
        service_day=queue.service_day,
        event_id=queue.event_id,
        lines=tuple(line_json(line) for line in queue.lines),
        windows=tuple(window_json(window, plan) for window in queue.windows),
        called=tuple(turn_json(ticket, plan) for ticket in queue.called),
        waiting=tuple(turn_json(ticket, plan) for ticket in queue.waiting),
        held=tuple(turn_json(ticket, plan) for ticket in queue.held),
        no_shows=tuple(turn_json(ticket, plan) for ticket in queue.no_shows),
    )


def ticket_json(ticket: Ticket, rooms: Rooms, caller: Caller) -> TicketJson:
    """A ticket with its place and its paper; its own page only for who may take tickets."""
    plan = rooms.hall.plan
    place = rooms.hall.place(ticket.id)
    page = f"/t/{ticket.token}" if caller.may("tickets") else None
    return TicketJson(
        **_turn_fields(ticket),
        service_day=ticket.service_day,
        ahead=place.ahead if place else None,
        estimated_wait_s=place.estimated_wait_s if place else None,
        ended_because=ticket.ended_because,
        affair_no=ticket.affair_no if caller.may("windows") else None,
        rating=ticket.rating if caller.may("ratings") else None,
        print=print_json(rooms, ticket.id),
        page=page,
        url=plan.public_url.rstrip("/") + page if plan.public_url and page else None,
    )


def print_json(rooms: Rooms, ticket_id: int) -> PrintJson:
    """The newest paper of a ticket."""
    jobs = rooms.journal.jobs(ticket_id)
    if not jobs:
        return PrintJson(state=PaperState.NONE, detail="", detail_zh="", detail_en="", reprint=False)
    job = jobs[-1]
    text = paper_detail(job.detail)
    return PrintJson(
        state=job.state, detail=job.detail, detail_zh=text.zh, detail_en=text.en, reprint=job.reprint
    )


def paper_json(job: PrintJobView) -> PaperJson:
    """A paper that belongs to no ticket."""
    text = paper_detail(job.detail)
    return PaperJson(id=job.id, state=job.state, detail=job.detail, detail_zh=text.zh, detail_en=text.en)


def paper_detail(code: str) -> Word:
    """What stands between a ticket and its paper, for people."""
    if not code:
        return Word("", "")
    if code in reason_catalogue():
        reason = reason_catalogue()[code]
        return Word(reason.zh, reason.en)
    return all_words()["paper"].get(code, Word(code, code))


def device_json(device: Device, window: int | None) -> DeviceJson:
    """A device, its health, and the step for each reason."""
    return DeviceJson(**_device_fields(device, window))


def device_detail_json(device: Device, window: int | None, port: PortSpec) -> DeviceDetailJson:
    """A device with all that is known of it."""
    settings = port.settings
    return DeviceDetailJson(
        **_device_fields(device, window),
        address=device.spec.address,
        port=port.name,
        at=port.at,
        settings=f"{settings.baud} {settings.format}" if port.at.startswith(("serial:", "emulator:")) else "",
        local_echo=port.local_echo,
        options=device.spec.options,
        driver=device.profile.driver,
        private=device.driver_type.private_bytes,
        profile_title=device.profile.title,
        maturity=device.profile.maturity,
        notes=device.profile.notes.strip(),
        faults=tuple(change_json(change) for change in device.changes()),
    )


def _device_fields(device: Device, window: int | None) -> dict[str, Any]:
    health = device.health()
    return {
        "name": device.name,
        "title": device.title,
        "profile": device.profile.name,
        "window": window,
        "kinds": tuple(sorted(device.kinds)),
        "state": health.state,
        "since": datetime.fromtimestamp(health.since_unix_s, UTC),
        "reasons": _reasons_json(health.reasons),
        "counters": health.counters,
        "facts": health.facts,
    }


def change_json(change: Change) -> ChangeJson:
    """One change of a device's health."""
    return ChangeJson(
        at=datetime.fromtimestamp(change.at_unix_s, UTC),
        state=change.state,
        reasons=_reasons_json(change.reasons),
    )


def _reasons_json(reasons: tuple[Reason, ...]) -> tuple[ReasonJson, ...]:
    return tuple(_reason_json(reason.code, reason.detail) for reason in reasons)


def _reason_json(code: str, detail: str) -> ReasonJson:
    text = reason_catalogue()[code]
    return ReasonJson(
        code=code, detail=detail, zh=text.zh, en=text.en, step_zh=text.step_zh, step_en=text.step_en
    )
