"""The Flask app of one hall: its routes, its errors, its headers."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from kioskd.config.tables import LimitsTable
from kioskd.devices.emulator_client import EmulatorsGone
from kioskd.hall.model import Refused
from kioskd.hall.store import StoreFailed
from kioskd.staff.sign_in import Staff
from web import (
    pages_cases,  # noqa: F401  it declares /desk/cases
    pages_clerk,  # noqa: F401  it declares /clerk
    pages_components,  # noqa: F401  it declares /components
    pages_conform,  # noqa: F401  it declares /desk/conform
    pages_desk,  # noqa: F401  it declares /desk
    pages_feedback,  # noqa: F401  it declares /feedback
    pages_screens,  # noqa: F401  the board and the signs
    pages_ticket,  # noqa: F401  /t/TOKEN
    problems,
    words,
)
from web.api import api
from web.build import build_id
from web.doors import Doors
from web.events import LiveEvents
from web.lab import lab
from web.languages import language
from web.limits import Limits
from web.mark import mark, marks
from web.pages import pages
from web.pages_kiosk import kiosk_pages
from web.pages_matters import matters_pages
from web.pages_sign_in import sign_in_pages
from web.problems import LARGEST_BODY_BYTES, Problem, RefusedProblem, too_large
from web.qr_codes import qr_codes
from web.queue_now import QueueNow
from web.rooms import Rooms
from web.showing import Showing
from web.signs import sign
from web.speech import speech
from web.static_files import static_files, static_url
from web.upkeep import upkeep

if TYPE_CHECKING:
    from kioskd.config.tables import WebTable
    from kioskd.devices.emulator_client import EmulatorClient
    from kioskd.devices.supervisor import Supervisor
    from kioskd.documents.desk import DocumentDesk
    from kioskd.floor.floor import Floor
    from kioskd.hall.hall import Hall
    from kioskd.hall.journal import PaperJournal
    from kioskd.voice.voice import Voice

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none at all, browsers would hide the origin of our own forms
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class HallApp(Flask):
    """Flask, with an end: `close` lets go of every live stream."""

    live: LiveEvents

    def close(self) -> None:
        """End the live streams and their watcher."""
        self.live.stop()


def create_app(
    hall: Hall,
    journal: PaperJournal,
    floor: Floor,
    supervisor: Supervisor,
    *,
    settings: WebTable,
    emulators: EmulatorClient | None = None,
    documents: DocumentDesk | None = None,
    staff: Staff | None = None,
    voice: Voice | None = None,
    showing: Showing | None = None,
    limits: LimitsTable | None = None,
) -> HallApp:
    """The app for this hall; with `emulators`, with the virtual hall at /lab. Call `close` at the end."""
    app = HallApp("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    showing = showing or Showing()
    build = build_id(hall.plan.name, hall.plan.name_en, hall.plan.timezone, *showing.names)
    app.live = LiveEvents(hall, supervisor, build=build)
    floor.cards.subscribe(app.live.card)
    staff = staff or Staff(hall.store, hall.clock.now)
    doors = Doors(
        hall.store,
        staff,
        Limits(limits or LimitsTable(), hall.clock.monotonic_s),
        settings=settings,
        public_url=hall.plan.public_url,
    )
    app.extensions["kioskd"] = Rooms(
        hall,
        journal,
        floor,
        supervisor,
        doors,
        app.live,
        QueueNow(hall),
        showing,
        emulators,
        documents,
        voice=voice,
    )
    app.jinja_env.globals.update(
        say=words.say,
        word=words.word,
        both=words.both,
        named=words.named,
        chosen=words.chosen,
        labelled=words.labelled,
        sign=sign,
        mark=mark,
        static=static_url,
        language=language,
        hall=hall.plan,
        build=build,
        has_lab=emulators is not None,
    )
    app.before_request(doors.check_host)
    app.after_request(_add_headers)
    app.after_request(_drop_body)
    _register_errors(app)
    api.bind(app)
    app.register_blueprint(static_files)
    app.register_blueprint(pages)
    app.register_blueprint(marks)
    app.register_blueprint(sign_in_pages)
    app.register_blueprint(kiosk_pages)
    app.register_blueprint(matters_pages)
    app.register_blueprint(qr_codes)
    app.register_blueprint(upkeep)
    app.register_blueprint(speech)
    if emulators is not None:
        app.register_blueprint(lab)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _drop_body(response: Response) -> Response:
    """Read away, in pieces, what was refused unread: the server would take all of it into memory at once."""
    with suppress(OSError, ValueError):  # the client has gone
        while request.environ["wsgi.input"].read(LARGEST_BODY_BYTES):
            pass
    return response


def _register_errors(app: Flask) -> None:
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(Refused, lambda refused: _answer(RefusedProblem(refused)))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(EmulatorsGone, lambda _: _answer(Problem(503, "no_answer")))
    app.register_error_handler(StoreFailed, _answer_store)
    app.register_error_handler(Exception, _answer_accident)


def _answer(problem: Problem) -> Response:
    """A problem document for programs, a page for people."""
    if request.path.startswith(("/api/", "/lab/", "/speech")):
        return problems.response(problem)
    page = Response(render_template("problem.html", problem=problem), problem.status)
    page.headers.update(problem.headers)
    return page


def _answer_http(error: HTTPException) -> Response:
    code = error.code or 500
    if 300 <= code < 400:
        return Response(headers=error.get_response().headers, status=code)
    if isinstance(error, RequestEntityTooLarge):
        return _answer(too_large())
    if code == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return _answer(Problem(405, "wrong_method", headers={"Allow": allowed}, allowed=allowed))
    return _answer(Problem(code, "not_found" if code == 404 else "bad_request"))


def _answer_store(error: Any) -> Response:
    log.error("the store failed: %s", error)
    return _answer(Problem(503, "store_failed", headers={"Retry-After": "5"}))


def _answer_accident(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url_rule or "", exc_info=error)
    return _answer(Problem(500, "accident"))
