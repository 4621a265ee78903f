"""What stands on a paper: the facts of its print job, as the layout's variables."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

from kioskd.floor.papers import NoticeFacts, TicketFacts
from kioskd.hall.model import PrintJobView, Ticket
from kioskd.hall.plan import Plan


def ticket_facts(job: PrintJobView, ticket: Ticket, plan: Plan) -> TicketFacts:
    """The facts as they were when the job was queued; the time is the ticket's own, on a reprint too."""
    content = job.content
    windows: list[int] = content["windows"]
    wait_s: int | None = content["wait_s"]
    taken = ticket.issued_at.astimezone(ZoneInfo(plan.timezone))
    titles = {window.number: window.title for window in plan.windows}
    return TicketFacts(
        hall=content["hall"],
        number=content["number"],
        matter=content["matter_name"],
        line=content["line_title"],
        windows=tuple(str(window) for window in windows),
        window_titles=tuple(titles[window] for window in windows if window in titles),
        ahead=content["ahead"],
        wait=None if wait_s is None else math.ceil(wait_s / 60),
        date=f"{taken:%Y-%m-%d}",
        time=f"{taken:%H:%M}",
        materials=tuple(content["materials"]),
        url=f"{plan.public_url.rstrip('/')}/t/{ticket.token}" if plan.public_url else "",
        reprint=job.reprint,
    )


_TOLD = (
    "hall", "department", "by_law", "accept_condition", "handle_flow", "promise", "fee", "contact", "url",
)  # fmt: skip


def notice_facts(job: PrintJobView) -> NoticeFacts:
    """The facts as they were when the job was queued."""
    content = job.content
    date, time = content["time"].split()
    return NoticeFacts(
        **{name: content[name] for name in _TOLD},
        matter=content["matter_name"],
        materials=tuple(content["materials"]),
        windows=tuple(str(window) for window in content["windows"]),
        date=date,
        time=time,
    )
