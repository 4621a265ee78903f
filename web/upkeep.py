"""What watches over the daemon asks for: is it well, and how many of everything."""

from __future__ import annotations

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from web.metrics import metrics_text
from web.rooms import rooms

upkeep = Blueprint("upkeep", __name__)


@upkeep.get("/healthz")
def healthz() -> tuple[dict[str, str], dict[str, str]]:
    """200 while the store answers; a failing store makes it 503.

    The kiosk's waiting page lies on the disk, which is another origin: it may learn that there is an answer,
    not what it says.
    """
    rooms().hall.store.last_event()
    return {"status": "ok"}, {"Cross-Origin-Resource-Policy": "cross-origin"}


@upkeep.get("/metrics")
def metrics() -> Response:
    """For Prometheus on this computer; from elsewhere with a token."""
    house = rooms()
    if not house.doors.near():
        house.doors.admit("read")
    return Response(metrics_text(house), content_type=CONTENT_TYPE_LATEST)
