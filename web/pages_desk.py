"""The supervisor's pages: the desk, and a day's or a month's report with its pictures and as a file."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kioskd.hall.statistics import Statistics
from kioskd.sheets.press import PdfFailed
from kioskd.staff import audit
from web.languages import Language, language
from web.pages import page
from web.pictures import PICTURES, picture
from web.problems import Problem, no_pdf
from web.report_files import FORMS, report_file
from web.reports import COLUMNS, Code, Period, columns_of, groups_of, period_of
from web.rooms import rooms
from web.wall_clock import local_time

SUMMARY = (
    "taken", "served", "wait_median", "wait_p90", "in_target", "service_median", "no_shows", "transfers",
    "coverage", "satisfaction",
)  # fmt: skip


@page("/desk", "supervisor")
def desk() -> str:
    """Lines, windows and people now; what needs a supervisor; today's figures."""
    hall = rooms().hall
    return render_template("desk.html", today=hall.queue().service_day)


@page("/desk/reports", "supervisor")
def find_report() -> AnyResponse:  # type: ignore[misc]
    """The report of the day or month that a form names; of today where it names none."""
    when = request.args.get("when") or rooms().hall.queue().service_day
    return redirect(f"/desk/reports/{_period(when).when}", code=303)


@page("/desk/reports/<when>", "supervisor")
def report(when: str) -> str:
    """A day's or a month's report."""
    period = _period(when)
    found = _statistics(period)
    return render_template(
        "report.html",
        period=period,
        total=[(column, column.text(found.total)) for column in COLUMNS if column.name in SUMMARY],
        groups=[(group, columns_of(group), rows) for group, rows in groups_of(found, period)],
        pictures=[name for name in PICTURES if name != "days" or period.is_month],
        forms=tuple(FORMS),
        target=f"{found.wait_target_s / 60:g}",
        code=_code(),
    )


@page("/desk/reports/<when>/report.<form>", "supervisor")
def report_as_file(when: str, form: str) -> Response:  # type: ignore[misc]
    """The report as CSV, XLSX or PDF; the audit trail says who took it along."""
    period = _period(when)
    if form not in FORMS:
        raise Problem(404, "not_found")
    hall = rooms().hall
    try:
        body = report_file(form, _statistics(period), period, _code(), local_time(hall.clock.now()))
    except PdfFailed as error:
        raise no_pdf(error) from error
    _note_export(form, period)
    name = f"kioskd-{period.when}.{form}"
    return Response(
        body, content_type=FORMS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@page("/desk/reports/<when>/<name>.svg", "supervisor")
def report_picture(when: str, name: str) -> Response:  # type: ignore[misc]
    """One of the report's pictures, light or dark."""
    if name not in PICTURES:
        raise Problem(404, "not_found")
    dark = request.args.get("theme") == "dark"
    svg = picture(_statistics(_period(when)), name, _code(), dark=dark)
    return Response(svg, content_type="image/svg+xml; charset=utf-8")


def _period(when: str) -> Period:
    try:
        return period_of(when)
    except ValueError as error:
        raise Problem(404, "not_found") from error


def _statistics(period: Period) -> Statistics:
    return rooms().hall.desk.statistics(period.first, period.last)


def _code() -> Code:
    """The language of a file or a picture: the one asked for, else the page's."""
    wanted = request.args.get("language")
    if wanted in ("zh", "en"):
        return "en" if wanted == "en" else "zh"
    return "en" if language() is Language.EN else "zh"


def _note_export(form: str, period: Period) -> None:
    house = rooms()
    by = house.doors.admit("desk").name
    with house.hall.store.transaction() as tx:
        audit.note(
            tx,
            house.hall.clock.now(),
            "report_exported",
            by=by,
            subject=period.when,
            address=house.doors.address(),
            form=form,
        )
