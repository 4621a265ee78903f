"""`kioskd report`: what the hall did on a day or in a month, read from its database while the daemon runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from kioskd.cli.group import Group, example
from kioskd.cli.scan import HALL_FILE
from kioskd.cli.store import STATE, open_store

FORMS = ("html", "pdf", "xlsx", "csv", "json")


@click.group(cls=Group)
def report() -> None:
    """Reports: tickets, waits, services, no-shows, ratings; by hour, line, window, clerk and matter."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What both reports may be told."""
    for option in (
        click.option("--format", "form", type=click.Choice(FORMS), default="html", show_default=True),
        click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True),
        click.option("--output", type=click.Path(path_type=Path), help="The file to write; - is the screen."),
        click.option(
            "--hall",
            "hall_file",
            type=click.Path(path_type=Path),
            default=HALL_FILE,
            show_default=True,
            help="The hall file: its name, time zone and waiting target.",
        ),
        STATE,
    ):
        command = option(command)
    return command


@report.command(epilog=example("  kioskd report day 2026-03-02 --format xlsx"))
@click.argument("day", required=False)
@_options
def day(day: str | None, **options: Any) -> None:
    """Report one service day, YYYY-MM-DD; today where none is named."""
    _write(day, 10, **options)


@report.command(epilog=example("  kioskd report month 2026-03 --format pdf"))
@click.argument("month", required=False)
@_options
def month(month: str | None, **options: Any) -> None:
    """Report one month, YYYY-MM; the present one where none is named."""
    _write(month, 7, **options)


def _write(
    when: str | None,
    length: int,
    *,
    form: str,
    language: str,
    output: Path | None,
    hall_file: Path,
    state: Path,
) -> None:
    from kioskd.config import load_hall
    from kioskd.hall.statistics import statistics
    from kioskd.sheets.press import PdfFailed
    from web.report_files import report_file
    from web.reports import period_of

    plan = load_hall(hall_file).plan
    now = datetime.now(UTC).astimezone(ZoneInfo(plan.timezone))
    wanted = when or now.date().isoformat()[:length]
    try:
        period = period_of(wanted)
    except ValueError:
        period = None
    if period is None or len(wanted) != length:
        form_of = "YYYY-MM-DD, such as 2026-03-02" if length == 10 else "YYYY-MM, such as 2026-03"
        raise click.UsageError(f"{wanted!r}: write it as {form_of}")
    store = open_store(state)
    with store.read() as snapshot:
        found = statistics(snapshot, plan, period.first, period.last)
    try:
        body = report_file(form, found, period, "en" if language == "en" else "zh", now)
    except PdfFailed as error:
        raise click.ClickException(str(error)) from None
    if output == Path("-"):
        sys.stdout.buffer.write(body)
        return
    file = output or Path(f"kioskd-{period.when}.{form}")
    file.write_bytes(body)
    click.echo(f"{file}: {found.total.taken} tickets on {len(found.days)} days, {len(body)} bytes")
