"""Codes to photograph: a ticket's own page, a matter's full guide. Only where phones can reach the hall."""

from __future__ import annotations

import qrcode
from flask import Blueprint, Response

from kioskd.hall.guide import full_guide
from kioskd.hall.model import NotFound
from web.problems import Problem
from web.rooms import rooms

QUIET_MODULES = 4
"""The light border that a reader needs (ISO/IEC 18004)."""

qr_codes = Blueprint("qr_codes", __name__)


@qr_codes.get("/t/<token>/qr.svg")
def ticket_code(token: str) -> Response:
    """The address of a citizen's own ticket. Raises Problem 404: no ticket, or no public_url."""
    try:
        ticket = rooms().hall.ticket_by_token(token)
    except NotFound as error:
        raise Problem(404, "not_found") from error
    public_url = rooms().hall.plan.public_url.rstrip("/")
    return _svg(f"{public_url}/t/{ticket.token}" if public_url else "")


@qr_codes.get("/matters/<code>/qr.svg")
def guide_code(code: str) -> Response:
    """The address of a matter's full guide. Raises Problem 404."""
    hall = rooms().hall
    matter = hall.catalogue.get(code)
    return _svg(full_guide(matter, hall.plan.public_url) if matter else "")


def _svg(address: str) -> Response:
    if not address:
        raise Problem(404, "not_found")
    return Response(qr_svg(address), content_type="image/svg+xml")


def qr_svg(text: str) -> str:
    """A QR code as a picture of any size, dark on white with its quiet border."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(text)
    rows: list[list[bool]] = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{dark}"/></svg>'
    )
